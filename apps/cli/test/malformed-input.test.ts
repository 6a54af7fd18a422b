import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CliError } from '../src/cli-error.ts';
import { COMMANDS } from '../src/commands/index.ts';
import { readConfig } from '../src/config/read-config.ts';
import { environmentName, flagName, type AnyFlagTable, type Flag } from '../src/options/flag.ts';
import { LOAD_FLAGS } from '../src/options/load-flags.ts';
import { LIMITS } from '../src/options/limits.ts';
import type { LoadSettings } from '../src/options/load-settings.ts';
import { resolveSettings, writtenAs, type SettingSources } from '../src/options/resolve-settings.ts';
import { loadShape } from '../src/run/load-shape.ts';
import { testsOf } from '../src/run/choose-tests.ts';
import type { ChosenTests } from '../src/run/chosen-tests.ts';
import { DEFAULT_SUITE } from '../src/suites/suites.ts';
import { refuseUnfitThresholds, thresholdsOfRun } from '../src/run/thresholds-of-run.ts';
import { resolveTarget } from '../src/target/resolve-target.ts';

const folder = mkdtempSync(join(tmpdir(), 'jarvis-load-malformed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const NAME = 'x.json';
const NO_SOURCES: SettingSources = { commandLine: {}, environment: {}, configFile: {}, configFileName: NAME };
const NO_CONFIG = { name: NAME, values: {}, targets: {} };

/** Tests by the settings that choose them: they read recordings from disk, and most words leave them as they are. */
const chosen = new Map<string, ChosenTests>();

function testsFor(settings: LoadSettings): ChosenTests {
  const { scenario, set, objectives } = settings;
  const key = JSON.stringify([scenario, set, objectives]);
  const tests = chosen.get(key) ?? testsOf(DEFAULT_SUITE, settings, folder);
  chosen.set(key, tests);
  return tests;
}

/** Reads all settings as `load` does before it contacts a target. */
function read(sources: Partial<SettingSources>): LoadSettings {
  const settings = resolveSettings(LOAD_FLAGS, { ...NO_SOURCES, ...sources });
  const source = (key: keyof LoadSettings) => writtenAs(settings, key);
  const tests = testsFor(settings);
  const shape = loadShape(settings, tests);
  resolveTarget(settings.target, NO_CONFIG, source('target'));
  refuseUnfitThresholds(thresholdsOfRun(settings, shape), tests, source('threshold'));
  return settings;
}

function fromConfig(text: string): LoadSettings {
  writeFileSync(join(folder, NAME), text);
  const file = readConfig(NAME, folder);
  return read({ configFile: file.values, configFileName: file.name });
}

/** Invalid for some kinds of value; valid for others, such as a name. */
const WORDS = [
  '',
  ' ',
  '\t',
  '\n',
  'abc',
  'NaN',
  'Infinity',
  '-Infinity',
  '-1',
  '0',
  '-0',
  '1.5',
  '0x10',
  '0b1',
  '1e3',
  '1e400',
  '1e-400',
  '99999999999999999999',
  '1_000',
  '1,000',
  '5x',
  '5 s',
  's5',
  '30d',
  '1e9s',
  '3m2',
  '٣',
  'null',
  'undefined',
  'true',
  '[object Object]',
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'hasOwnProperty',
  'constructor=1',
  '__proto__=1',
  'mock.__proto__=1',
  'constructor: 1',
  'a\0b',
  'a\nb',
  'é',
  '💥',
  '{}',
  '[]',
  '5:5',
  '5s:0x5',
  '5s:1e9',
  '30d:5',
  'all,nope',
  'nope,all',
  'constructor:count>0',
  '__proto__:count>0',
  'toString:p(95)<5',
  'p95<500',
  'p(95)<0',
  'p(101)<5',
  'rate<0.5',
  'http_req_failed:rate<5',
  'http_req_failed:rate<0',
  'http_req_failed:rate<=1',
  'checks:rate>1',
  'checks:rate>=0',
  'http_reqs:count>=0',
  'http_reqs:count<0',
  'http_req_failed:rate<NaN',
  'http_req_failed:rate<Infinity',
];

/** All numbers in a value, at any depth. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

/**
 * Why an input was handled incorrectly; `undefined` when it was accepted completely or refused with a helpful error.
 */
function fault(act: () => LoadSettings, named: RegExp, known: readonly string[]): string | undefined {
  let settings: LoadSettings;
  try {
    settings = act();
  } catch (error) {
    if (!(error instanceof CliError)) return `no error of ours: ${String(error)}`;
    const { exitCode, message, expected, next } = error;
    if (exitCode !== 2) return `exit ${exitCode}: ${message}`;
    if (!named.test(message)) return `does not name the input: ${message}`;
    // The error of a threshold contains what was expected in its single sentence.
    const helps = expected ?? next ?? (/expected|did you mean|Metrics:/i.test(message) ? message : undefined);
    return helps === undefined ? `offers nothing: ${message}` : undefined;
  }
  if (numbersIn(settings).some((number) => !Number.isFinite(number)))
    return 'a number that is none was taken';
  const others = Object.keys(settings).filter((name) => !known.includes(name));
  return others.length > 0 ? `it set ${others.join(', ')}` : undefined;
}

const FLAGS = Object.entries(LOAD_FLAGS as Readonly<Record<string, Flag<unknown>>>);
/** Other flags that a flag requires. */
const BESIDE: Readonly<Record<string, Partial<SettingSources['commandLine']>>> = {
  maxVus: { rate: ['5'] },
  arrivals: { rate: ['5'] },
  spawnRate: { users: ['50'], duration: ['1h'] },
};

describe.each(FLAGS)('malformed values of %s are taken rightly or refused by name', (key, flag) => {
  const beside = (BESIDE[key] ?? {}) as Readonly<Record<string, readonly string[]>>;
  const known = [key, ...Object.keys(beside)];
  const related = 'rate|users|spawn-rate|max-vus|time-scale';
  /** All words in one test: separate tests for thousands of them would take minutes. */
  const faults = (act: (word: string) => string | undefined): readonly string[] =>
    WORDS.flatMap((word) => {
      const found = act(word);
      return found === undefined ? [] : [`${JSON.stringify(word)}: ${found}`];
    });

  it('on the command line', () => {
    const named = new RegExp(`--(${flagName(key)}|${related})\\b`);
    expect(
      faults((word) => fault(() => read({ commandLine: { ...beside, [key]: [word] } }), named, known)),
    ).toEqual([]);
  });

  it('in the environment', () => {
    const own = environmentName(key);
    const named = new RegExp(`${own} \\(environment\\)|--(${related})\\b`);
    const act = (word: string) => () => read({ commandLine: beside, environment: { [own]: word } });
    expect(faults((word) => fault(act(word), named, known))).toEqual([]);
  });

  it.skipIf(flag.inConfig === false)('in the config file', () => {
    const named = new RegExp(`x\\.json: ${key}\\b|--(${related})\\b`);
    const act = (json: string) => () => {
      writeFileSync(join(folder, NAME), `{"${key}": ${json}}`);
      const file = readConfig(NAME, folder);
      return read({ commandLine: beside, configFile: file.values, configFileName: file.name });
    };
    // First as a string, then as a JSON value if the text is valid JSON.
    expect(faults((word) => fault(act(JSON.stringify(word)), named, known))).toEqual([]);
    expect(faults((word) => (isJson(word) ? fault(act(word), named, known) : undefined))).toEqual([]);
  });
});

/** Flags of the other commands that are not those of `load`. */
const OTHERS = COMMANDS.flatMap(({ name, flags }) =>
  Object.entries(flags)
    .filter(([key, { kind }]) => (LOAD_FLAGS as AnyFlagTable)[key]?.kind !== kind)
    .map(([key, flag]) => [name, flagName(key), key, flag] as const),
);

describe.each(OTHERS)(
  'malformed values of %s --%s are taken rightly or refused by name',
  (_, name, key, flag) => {
    const faults = (sources: (word: string) => Partial<SettingSources>, named: RegExp): readonly string[] =>
      WORDS.flatMap((word) => {
        const act = () =>
          resolveSettings<LoadSettings>({ [key]: flag } as never, { ...NO_SOURCES, ...sources(word) });
        const found = fault(act, named, [key]);
        return found === undefined ? [] : [`${JSON.stringify(word)}: ${found}`];
      });

    it('on the command line and in the environment', () => {
      expect(faults((word) => ({ commandLine: { [key]: [word] } }), new RegExp(`--${name}\\b`))).toEqual([]);
      const own = environmentName(key);
      if (flag.inEnvironment === false) return;
      expect(
        faults((word) => ({ environment: { [own]: word } }), new RegExp(`${own} \\(environment\\)`)),
      ).toEqual([]);
    });
  },
);

it('covers flags of mock, report, probe, k6 and the rest', () => {
  const commands = new Set(OTHERS.map(([command]) => command));
  expect([...commands]).toEqual(expect.arrayContaining(['mock', 'report', 'compare', 'capacity', 'worker']));
  // Every flag of these two is one of load, whose values are tried above.
  expect(commands.has('probe')).toBe(false);
  expect(commands.has('k6')).toBe(false);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Invalid values, and what the error must name and suggest. */
const REFUSED: readonly (readonly [keyof LoadSettings, string, RegExp, RegExp])[] = [
  ['users', 'abc', /--users: "abc" is no number/, /a whole number, at least 1/],
  ['users', '1000001', /--users: "1000001" is out of range/, /at most 1000000/],
  ['users', '0x10', /is no number/, /whole number/],
  ['rate', '1e8', /--rate: "1e8" is out of range/, /at most 1000000/],
  ['duration', '25d', /--duration: "25d" is too long/, /at most 576h/],
  ['requestTimeout', '25d', /--request-timeout: "25d" is too long/, /at most/],
  ['timeScale', '1e-9', /--time-scale: 1e-9 makes the run last/, /from 1ms/],
  ['stages', '20d:1,5d:2', /lasts longer than/, /30s:10/],
  ['rateStages', '10s:1e9', /asks for more than 1000000/, /30s:10/],
  ['token', 'a b', /--token: the value is no token/, /without spaces/],
  ['token', 'a\nb', /no token/, /without spaces/],
  ['token', 'Bearer', /the word Bearer alone/, /the token after it/],
  ['header', 'X Y: 1', /--header: .*X Y/i, /X-Team: load/],
  ['header', 'Content-Length: 5', /content-length/, /X-Team: load/],
  ['header', 'X-A: a\u0000b', /--header: .*x-a/i, /X-Team: load/],
  ['scenario', 'all,nope', /unknown scenario "nope"/, /one of/],
  ['scenario', 'nope,all', /unknown scenario "nope"/, /one of/],
  ['threshold', 'p95<500', /"p95<500" is no threshold/, /did you mean "p\(95\)<500"/],
  ['threshold', 'http_req_duration:p99.9<1s', /is no threshold/, /"http_req_duration:p\(99.9\)<1s"/],
  ['threshold', 'constructor:count>0', /no metric 'constructor'/, /./],
  [
    'threshold',
    'http_req_failed:rate<5',
    /can never fail: .*a share from 0 to 1.*did you mean 'rate<5%'/,
    /./,
  ],
  ['threshold', 'http_req_failed:rate<0', /can never pass/, /./],
  ['threshold', 'http_req_failed:rate<=100%', /can never fail/, /./],
  ['threshold', 'http_req_failed:rate>100%', /can never pass/, /./],
  ['threshold', 'p(95)<0', /can never pass: .*never negative/, /./],
  ['threshold', 'avg>=0', /can never fail/, /./],
  ['threshold', 'checks:rate>1', /can never pass/, /./],
  ['threshold', 'checks:rate>=0', /can never fail/, /./],
  ['threshold', 'checks:rate==2', /can never pass/, /./],
  ['threshold', 'http_reqs:count>=0', /can never fail/, /./],
  ['threshold', 'http_reqs:rate<0', /can never pass/, /./],
  ['threshold', 'dropped_iterations:count!=-1', /can never fail/, /./],
  ['threshold', 'stt_wer:p(95)>=0', /can never fail/, /./],
  ['threshold', 'voice_errors:passes>=0', /can never fail/, /./],
  ['reportDir', 'a\0b', /--report-dir: .*control character/, /one line/],
];

describe('what has to be refused', () => {
  it.each(REFUSED)('--%s=%j', (key, word, problem, help) => {
    try {
      read({ commandLine: { [key]: [word] } });
    } catch (error) {
      const { message, expected = message, exitCode } = error as CliError;
      expect(message).toMatch(problem);
      expect(expected).toMatch(help);
      expect(exitCode).toBe(2);
      return;
    }
    expect.unreachable('it was taken');
  });

  it.each([
    ['threshold', 'http_req_failed:rate<=0'],
    ['threshold', 'http_req_failed:rate==0'],
    ['threshold', 'checks:rate>=1'],
    ['threshold', 'checks:rate>0.99'],
    ['threshold', 'http_req_failed:rate<100%'],
    ['threshold', 'http_reqs:count>0'],
    ['threshold', 'dropped_iterations:count<=0'],
    ['threshold', 'p(95)<0.5'],
    ['users', '1e3'],
    ['users', '+5'],
    ['duration', '24d'],
    ['token', 'eyJ.a-b_c~+/='],
  ] as const)('--%s=%j is right', (key, word) => {
    expect(() => read({ commandLine: { [key]: [word] } })).not.toThrow();
  });

  it('has no secret in its error', () => {
    for (const [key, word] of [
      ['token', 'hunter2 hunter2'],
      ['header', 'X-Key: hunter2\u0001'],
      ['header', 'hunter2'],
    ] as const) {
      try {
        read({ commandLine: { [key]: [word] } });
        expect.unreachable();
      } catch (error) {
        expect((error as CliError).describe()).not.toContain('hunter2');
      }
    }
  });

  it('keeps the last of several values of a flag that takes one', () => {
    expect(read({ commandLine: { users: ['4', '5'] } }).users).toBe(5);
  });

  it('keeps the limits in one place', () => {
    expect(LIMITS.durationMs).toBeLessThan(2 ** 31);
  });
});

describe('unknown names in the config file', () => {
  it.each([
    ['{"usres": 5}', /unknown key "usres"/, /did you mean users/],
    ['{"__proto__": 5}', /unknown key "__proto__"/, /one of/],
    ['{"constructor": 5}', /unknown key "constructor"/, /one of/],
    ['{"targets": {"a": {"constructor": 5}}}', /unknown key "constructor" in targets\.a/, /maxUsers/],
    ['{"targets": {"constructor": 5}}', /targets\.constructor must be object/, /./],
    ['{"targets": {"__proto__": 5}}', /targets\.__proto__ must be object/, /./],
    ['{"tag": {"a": {}}}', /tag\.a/, /./],
    ['{"threshold": {"http_req_failed": []}}', /threshold\.http_req_failed/, /./],
    ['{"threshold": {"http_req_failed": "rate<5"}}', /x\.json: threshold: .*can never fail/, /./],
    ['{"threshold": {"constructor": "count>0"}}', /x\.json: threshold: .*no metric/, /./],
    ['{"header": {"X Y": "1"}}', /x\.json: header/, /X-Team/],
    ['{"arrivals": "posson"}', /arrivals/, /uniform, poisson/],
    ['[]', /the file must be object/, /./],
    ['null', /the file must be object/, /./],
    ['', /not valid JSON/, /./],
  ])('%s', (text, problem, help) => {
    try {
      fromConfig(text);
    } catch (error) {
      expect(error).toBeInstanceOf(CliError);
      const { message, expected = '', next = '' } = error as CliError;
      expect(message).toMatch(problem);
      expect(`${expected} ${next} ${message}`).toMatch(help);
      expect(message).toContain(NAME);
      return;
    }
    expect.unreachable('it was taken');
  });
});
