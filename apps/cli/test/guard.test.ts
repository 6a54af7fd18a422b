import { describe, expect, it } from 'vitest';
import type { ConfigFile } from '../src/config/read-config.ts';
import { CliError } from '../src/cli-error.ts';

import { checkCeilings, checkStepLength } from '../src/guard/ceilings.ts';
import { guardTarget } from '../src/guard/target-guard.ts';
import { resolveTarget } from '../src/target/resolve-target.ts';

const PERMISSION = {
  url: 'https://staging.example.org',
  maxUsers: 50,
  maxRate: 100,
  maxDuration: '10m',
  owner: 'the API team',
  expiry: '2026-12-31',
};
const CONFIG: ConfigFile = {
  name: 'jarvis-load.config.json',
  values: {},
  targets: {
    staging: PERMISSION,
    metadata: { ...PERMISSION, url: 'http://169.254.169.254' },
    lan: { ...PERMISSION, url: 'http://10.1.2.3:8100/jarvis' },
  },
};

interface Attempt {
  readonly target: string;
  readonly confirm?: string;
  readonly addresses?: readonly string[];
  readonly now?: string;
}

/** Runs the guard and counts DNS lookups. */
async function attempt({ target, confirm, addresses, now = '2026-11-22T12:00:00Z' }: Attempt) {
  let lookups = 0;
  const resolved = resolveTarget(target, CONFIG);
  if (resolved.url === undefined) throw new Error('the mock has no guard');
  const outcome = await guardTarget(resolved, resolved.url, {
    confirmTarget: confirm,
    configFileName: CONFIG.name,
    now: new Date(now),
    lookup: () => {
      lookups += 1;
      return addresses === undefined
        ? Promise.reject(Object.assign(new Error('no DNS'), { code: 'ENOTFOUND' }))
        : Promise.resolve(addresses);
    },
  }).catch((error: unknown) => error as CliError);
  return { outcome, lookups };
}

describe('guardTarget', () => {
  it.each([
    'http://127.0.0.1:9',
    'http://[::1]:8100',
    'http://127.1:80',
    'http://0x7f.0.0.1',
    'http://2130706433',
    'http://[::ffff:127.0.0.1]:1',
  ])('allows %s without asking anybody', async (target) => {
    const { outcome, lookups } = await attempt({ target });
    expect(outcome).toMatchObject({ ceilings: undefined });
    expect(lookups).toBe(0);
  });

  it('allows localhost only when it resolves to nothing but loopback', async () => {
    const loopback = await attempt({ target: 'local', addresses: ['::1', '127.0.0.1'] });
    expect(loopback.outcome).toMatchObject({ addresses: ['::1', '127.0.0.1'] });
    const elsewhere = await attempt({ target: 'local', addresses: ['127.0.0.1', '10.0.0.1'] });
    expect(elsewhere.outcome).toMatchObject({ code: 'target-not-allowed' });
  });

  it.each([
    ['https://example.com', 'target-not-allowed'],
    ['http://10.0.0.1', 'target-not-allowed'],
    ['http://localhost.example.com', 'target-not-allowed'],
    ['http://127.0.0.1.example.com', 'target-not-allowed'],
    ['http://staging.example.org', 'target-not-allowed'], // another scheme is another origin
    ['https://staging.example.org:8443', 'target-not-allowed'],
    ['http://10.1.2.3:8100/other', 'target-not-allowed'], // outside the allowed path
    ['http://0.0.0.0:8100', 'target-forbidden'],
    ['http://169.254.169.254', 'target-forbidden'],
    ['http://[::ffff:a9fe:a9fe]', 'target-forbidden'],
    ['http://0xa9.0xfe.0xa9.0xfe', 'target-forbidden'],
    ['http://[fe80::1]', 'target-forbidden'],
    ['metadata', 'target-forbidden'], // the config cannot allow it
  ])('refuses %s (%s) without any lookup', async (target, code) => {
    const { outcome, lookups } = await attempt({ target, confirm: 'anything', addresses: ['127.0.0.1'] });
    expect(outcome).toMatchObject({ code, exitCode: 4 });
    expect(lookups).toBe(0);
  });

  it('says how a target is allowed', async () => {
    const { outcome } = await attempt({ target: 'https://example.com' });
    expect((outcome as CliError).describe()).toMatch(
      /https:\/\/example\.com may not be loaded[^]*jarvis-load\.config\.json[^]*--confirm-target=example\.com:443/,
    );
  });

  it('needs the confirmation to name host and port', async () => {
    expect((await attempt({ target: 'staging' })).outcome).toMatchObject({ code: 'target-not-confirmed' });
    for (const confirm of ['staging.example.org', 'staging.example.org:80', 'yes'])
      expect((await attempt({ target: 'staging', confirm })).outcome).toMatchObject({
        code: 'target-not-confirmed',
        exitCode: 4,
      });
  });

  it('allows a confirmed target, by name and by URL, with its ceilings and its checked addresses', async () => {
    const expected = {
      addresses: ['93.184.216.34'],
      ceilings: { maxUsers: 50, maxRate: 100, maxDurationMs: 600_000 },
    };
    for (const target of ['staging', 'https://staging.example.org', 'https://STAGING.example.org/v1']) {
      const { outcome } = await attempt({
        target,
        confirm: 'staging.example.org:443',
        addresses: ['93.184.216.34'],
      });
      expect(outcome).toMatchObject(expected);
    }
    const lan = await attempt({ target: 'http://10.1.2.3:8100/jarvis/api', confirm: '10.1.2.3:8100' });
    expect(lan.outcome).toMatchObject({ addresses: ['10.1.2.3'] });
  });

  it('refuses an allowed name when any address of it is a metadata address', async () => {
    const { outcome } = await attempt({
      target: 'staging',
      confirm: 'staging.example.org:443',
      addresses: ['93.184.216.34', '169.254.169.254'],
    });
    expect(outcome).toMatchObject({ code: 'target-forbidden', exitCode: 4 });
  });

  it('ends a permission with its last day', async () => {
    const base = { target: 'staging', confirm: 'staging.example.org:443', addresses: ['93.184.216.34'] };
    expect((await attempt({ ...base, now: '2026-12-31T23:00:00Z' })).outcome).toMatchObject({
      addresses: base.addresses,
    });
    expect((await attempt({ ...base, now: '2027-01-01T00:00:01Z' })).outcome).toMatchObject({
      code: 'target-expired',
      exitCode: 4,
    });
  });

  it('says that an allowed name does not resolve: exit 3', async () => {
    const { outcome } = await attempt({ target: 'staging', confirm: 'staging.example.org:443' });
    expect(outcome).toMatchObject({ code: 'target-dns', exitCode: 3 });
    expect((outcome as CliError).message).toContain('ENOTFOUND');
  });
});

describe('resolveTarget', () => {
  it.each([
    ['mok', 'did you mean mock?'],
    ['stagin', 'did you mean staging?'],
    ['127.0.0.1:8100', 'did you mean http://127.0.0.1:8100?'],
    ['ftp://127.0.0.1', 'an http:// or https:// URL'],
    ['http://', 'such as http://localhost:8100'],
    ['http://127.0.0.1/?q=1', 'an origin with an optional path prefix'],
  ])('refuses %s: %s', (target, expected) => {
    expect(() => resolveTarget(target, CONFIG)).toThrow(CliError);
    try {
      resolveTarget(target, CONFIG);
    } catch (error) {
      expect((error as CliError).expected).toContain(expected);
    }
  });

  it('refuses credentials in a URL without repeating them', () => {
    try {
      resolveTarget('http://me:hunter2@127.0.0.1', CONFIG);
      expect.unreachable();
    } catch (error) {
      expect((error as CliError).describe()).not.toContain('hunter2');
    }
  });
});

describe('checkCeilings', () => {
  const ceilings = { maxUsers: 50, maxRate: 100, maxDurationMs: 600_000 };

  it.each([
    [{ users: 51, requestsPerSecond: 1, durationMs: 1 }, 'maxUsers'],
    [{ users: 1, requestsPerSecond: 100.1, durationMs: 1 }, 'maxRate'],
    [{ users: 1, requestsPerSecond: Infinity, unbounded: ['shop'], durationMs: 1 }, 'maxRate'],
    [{ users: 1, requestsPerSecond: 1, durationMs: 600_001 }, 'maxDuration'],
  ])('refuses %o by its %s', (planned, name) => {
    expect(() => checkCeilings(planned, ceilings)).toThrow(name);
  });

  it('tells a scenario that bounds nothing what it lacks: no flag could help', () => {
    const planned = { users: 1, requestsPerSecond: Infinity, unbounded: ['shop'], durationMs: 1 };
    expect(() => checkCeilings(planned, ceilings)).toThrow(
      expect.objectContaining({
        exitCode: 4,
        message: expect.stringContaining('scenario shop') as string,
        expected: expect.stringContaining('demand: {') as string,
        next: 'add demand, or give each operation a maxPerSecond',
      }) as Error,
    );
  });

  it('tells a scenario whose demand has no think time that a rate bounds it', () => {
    const planned = { users: 1, requestsPerSecond: Infinity, unbounded: ['shop'], durationMs: 1 };
    const refuse = (): void => checkCeilings({ ...planned, withoutThinkTime: ['shop'] }, ceilings);
    expect(refuse).toThrow('the demand of scenario shop has no think time (iterationSeconds: 0)');
    expect(refuse).toThrow(
      expect.objectContaining({ next: expect.stringContaining('--rate=') as string }) as Error,
    );
    // One without demand comes first: that one has no number at all.
    const both = { ...planned, unbounded: ['shop', 'cart'], withoutThinkTime: ['shop'] };
    expect(() => checkCeilings(both, ceilings)).toThrow('how many scenario cart makes');
  });

  it('lets a plan pass that stays within', () => {
    expect(() =>
      checkCeilings({ users: 50, requestsPerSecond: 100, durationMs: 600_000 }, ceilings),
    ).not.toThrow();
  });

  it('refuses steps of a search that are longer, with the flags that set them', () => {
    expect(() => checkStepLength(600_000, ceilings, '--step')).not.toThrow();
    expect(() => checkStepLength(600_001, ceilings, '--step or --confirm')).toThrow(
      expect.objectContaining({ exitCode: 4, next: 'lower --step or --confirm' }) as Error,
    );
  });
});
