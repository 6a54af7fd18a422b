import { describe, expect, it } from 'vitest';
import { CliError } from '../src/cli-error.ts';
import type { ConfigFile } from '../src/config/read-config.ts';
import { connectionOptions } from '../src/target/connection-options.ts';
import { openBases } from '../src/target/open-bases.ts';
import type { OpenTarget } from '../src/target/open-target.ts';

const PERMISSION = { maxUsers: 5, maxRate: 10, maxDuration: '1m', owner: 'the team', expiry: '2999-12-31' };
const config: ConfigFile = {
  name: 'jarvis-load.config.json',
  values: {},
  targets: {
    api: { ...PERMISSION, url: 'http://10.1.2.3:8000' },
    auth: { ...PERMISSION, url: 'http://10.1.2.4:9000', maxUsers: 2 },
  },
};

const scenario = (bases: Readonly<Record<string, string>>) => ({ name: 'shop', operations: [], bases });

async function refused(bases: Readonly<Record<string, string>>, confirmTarget?: string): Promise<string> {
  const error = await openBases([scenario(bases)], confirmTarget === undefined ? {} : { confirmTarget }, {
    config,
  }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CliError);
  const { exitCode, message, next = '' } = error as CliError;
  return `${exitCode} ${message} ${next}`;
}

describe('further base addresses of a test file', () => {
  it('on loopback need nothing', async () => {
    const open = await openBases([scenario({ auth: 'http://127.0.0.1:9' })], {}, { config });
    expect(open).toEqual([{ url: 'http://127.0.0.1:9', addresses: ['127.0.0.1'], ceilings: undefined }]);
  });

  it('elsewhere need an entry in the config file and a confirmation, each by name', async () => {
    expect(await refused({ mail: 'http://10.9.9.9' }, '10.1.2.3:8000')).toMatch(
      /^4 .*base "mail" of scenario "shop", http:\/\/10\.9\.9\.9 may not be loaded.*--confirm-target=10\.1\.2\.3:8000,10\.9\.9\.9:80/s,
    );
    expect(await refused({ auth: 'http://10.1.2.4:9000' }, '10.1.2.3:8000')).toMatch(
      /^4 .*but the base "auth" of scenario "shop", is 10\.1\.2\.4:9000 .*--confirm-target=10\.1\.2\.3:8000,10\.1\.2\.4:9000/s,
    );
    expect(await refused({ meta: 'http://169.254.169.254' }, 'anything')).toMatch(
      /^4 .*base "meta" of scenario "shop", http:\/\/169\.254\.169\.254 is refused/,
    );
    expect(await refused({ auth: 'auth.example.org' })).toMatch(
      /^2 .*bases.auth of scenario "shop": "auth.example.org" is no URL/,
    );
    const secret = await refused({ auth: 'http://ada:word@auth example/?key=word' });
    expect(secret).toContain('"***@auth example/" is no URL');
    expect(secret).not.toContain('word');
  });

  it('that are confirmed are allowed in the engine, with ceilings of their own', async () => {
    const confirmTarget = '10.1.2.3:8000, 10.1.2.4:9000';
    const bases = await openBases(
      [scenario({ auth: 'http://10.1.2.4:9000' })],
      { confirmTarget },
      { config },
    );
    const ceilings = { maxUsers: 5, maxRate: 10, maxDurationMs: 60_000 };
    const target = {
      baseUrl: 'http://10.1.2.3:8000',
      addresses: ['10.1.2.3'],
      ceilings,
    } as unknown as OpenTarget;
    expect(connectionOptions(target, {}, bases).allow).toMatchObject([
      { host: '10.1.2.3', port: 8000, maxUsers: 5 },
      { host: '10.1.2.4', port: 9000, maxUsers: 2 },
    ]);
  });
});
