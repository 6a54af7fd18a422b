import { Redactor } from '@jarvis-load/engine';
import { describe, expect, it } from 'vitest';
import { ConfigFileSchema } from '../src/config/config-schema.ts';
import { flagName, type AnyFlagTable } from '../src/options/flag.ts';
import { K6_FLAGS } from '../src/options/k6-flags.ts';
import { LOAD_FLAGS } from '../src/options/load-flags.ts';
import type { LoadSettings } from '../src/options/load-settings.ts';
import { resolveSettings } from '../src/options/resolve-settings.ts';
import { describeConfig } from '../src/run/describe-config.ts';
import { Value } from '@jarvis-load/engine/typebox/value';

const EFFECTIVE = { shape: { kind: 'once' }, scenarios: ['chat'], objectives: 'none' } as const;
const tables: [string, AnyFlagTable][] = [
  ['load', LOAD_FLAGS],
  ['k6', K6_FLAGS],
];
const flags = tables.flatMap(([command, table]) =>
  Object.entries(table).map(([key, flag]) => ({ command, table, key, flag })),
);

/** The document's settings of a run with one flag, given as in its example. */
function documentOf(table: AnyFlagTable, key: string): Record<string, unknown> {
  const own = new RegExp(`--${flagName(key)}(?:[= ](?!--)(.*?))?(?: --.*)?$`);
  const [, value = 'true'] = own.exec(table[key]!.example) ?? [];
  const commandLine = { [key]: [value.replace(/^'|'$/g, '')] };
  const sources = { commandLine, environment: {}, configFile: {}, configFileName: '' };
  const settings = resolveSettings<LoadSettings>(table as never, sources);
  expect(Object.keys(settings), `--${flagName(key)}`).toEqual([key]);
  return describeConfig(settings, table, EFFECTIVE, new Redactor());
}

describe('the settings in the document', () => {
  it.each(flags.filter(({ flag }) => flag.notInDocument === undefined))(
    'have $key of $command, in the form of the config file',
    ({ table, key, flag }) => {
      const document = documentOf(table, key);
      expect(Object.keys(document)).toContain(key);
      // What is derived from the whole run, not from the flag alone.
      if (key !== 'objectives' && flag.inConfig !== false)
        expect(Value.Check(ConfigFileSchema, { [key]: document[key] }), key).toBe(true);
    },
  );

  it.each(flags.filter(({ flag }) => flag.notInDocument !== undefined))(
    'do not have $key of $command: $flag.notInDocument',
    ({ table, key }) => {
      expect(documentOf(table, key)).toEqual({
        load: expect.any(String),
        scenarios: ['chat'],
        objectives: 'none',
      });
    },
  );

  it('hide values of settings by their names, and none of thresholds', () => {
    const commandLine = {
      threshold: ['time_to_first_token:p(95)<500'],
      set: ['api_token=abc', 'mode=hunter2'],
    };
    const sources = { commandLine, environment: {}, configFile: {}, configFileName: '' };
    const settings = resolveSettings<LoadSettings>(LOAD_FLAGS, sources);
    expect(describeConfig(settings, LOAD_FLAGS, EFFECTIVE, new Redactor(['hunter2']))).toMatchObject({
      threshold: { time_to_first_token: ['p(95)<500'] },
      set: { api_token: '***', mode: '***' },
    });
  });

  it('leave out no secret flag by accident', () => {
    const secret = flags.filter(({ flag }) => flag.secret === true);
    expect(secret.map(({ flag }) => flag.notInDocument)).toEqual(secret.map(() => 'credentials'));
  });
});
