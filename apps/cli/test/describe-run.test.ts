import { Redactor } from '@jarvis-load/engine';
import { expect, it } from 'vitest';
import type { CommandContext } from '../src/commands/command.ts';
import { LOAD_FLAGS } from '../src/options/load-flags.ts';
import { LOAD_CONFLICTS } from '../src/options/load-conflicts.ts';
import type { LoadSettings } from '../src/options/load-settings.ts';
import { resolveSettings } from '../src/options/resolve-settings.ts';
import { reproducingCommand } from '../src/run/describe-run.ts';

type Texts = Readonly<Record<string, readonly string[]>>;

/** @param replaced settings that the page changed */
function commandOf(
  environment: Record<string, string>,
  commandLine: Texts = {},
  replaced: LoadSettings = {},
): string {
  const typed = Object.entries(commandLine).flatMap(([key, values]) =>
    values.map((one) => `--${key}=${one}`),
  );
  const context = { argv: ['load', ...typed], environment } as unknown as CommandContext;
  const sources = { commandLine, environment, configFile: {}, configFileName: '' };
  const settings = resolveSettings(LOAD_FLAGS, sources, LOAD_CONFLICTS);
  return reproducingCommand(context, { ...settings, ...replaced }, 1, new Redactor());
}

it.each([
  ['a switch that is on', { JARVIS_LOAD_STRICT: 'true' }, {}, 'load --strict --seed=1'],
  ['no switch that is off', { JARVIS_LOAD_STRICT: 'false' }, {}, 'load --seed=1'],
  [
    'no value that lost against one it contradicts',
    { USERS: '9', RUN_TIME: '5m' },
    { stages: ['5s:1'] },
    'load --stages=5s:1 --seed=1',
  ],
  [
    'each line of a repeatable flag',
    { JARVIS_LOAD_TAG: 'a=1\n\nb=2' },
    {},
    'load --tag=a=1 --tag=b=2 --seed=1',
  ],
  [
    'what typed values are merged into, before them',
    { JARVIS_LOAD_TAG: 'a=1\nb=2' },
    { tag: ['b=3'] },
    'load --tag=a=1 --tag=b=2 --tag=b=3 --seed=1',
  ],
] as const)('the command that repeats a run has %s', (_, environment, typed, command) => {
  expect(commandOf(environment, typed as Texts)).toBe(`npx jarvis-load ${command}`);
});

it('the command that repeats a start at the page has no variables that the page left out', () => {
  const environment = {
    JARVIS_LOAD_SET: 'mock.preset=degraded\nlanguage=fr',
    JARVIS_LOAD_THRESHOLD: 'http_req_failed:rate<0.01',
  };
  const onMock = { set: { 'mock.preset': 'degraded', language: 'fr' } };
  expect(commandOf(environment, {}, { ...onMock, threshold: {} })).toBe(
    'npx jarvis-load load --set=mock.preset=degraded --set=language=fr --seed=1',
  );
  expect(commandOf(environment, {}, { set: { language: 'fr' } })).toBe(
    "npx jarvis-load load '--threshold=http_req_failed:rate<0.01' --set=language=fr --seed=1",
  );
  const typed = { set: ['language=de'] };
  expect(commandOf(environment, typed, { set: { language: 'de' }, threshold: {} })).toBe(
    'npx jarvis-load load --set=language=fr --set=language=de --seed=1',
  );
});
