import { describe, expect, it } from 'vitest';
import { CliError } from '../src/cli-error.ts';
import { LOAD_CONFLICTS } from '../src/options/load-conflicts.ts';
import { LOAD_FLAGS } from '../src/options/load-flags.ts';
import { environmentName, flagName } from '../src/options/flag.ts';
import {
  resolveSettings,
  withSourcesOf,
  writtenAs,
  type SettingSources,
} from '../src/options/resolve-settings.ts';

const NOTHING: SettingSources = {
  commandLine: {},
  environment: {},
  configFile: {},
  configFileName: 'jarvis-load.config.json',
};
const load = (sources: Partial<SettingSources>) => resolveSettings(LOAD_FLAGS, { ...NOTHING, ...sources });
const errorOf = (sources: Partial<SettingSources>): CliError => {
  try {
    load(sources);
  } catch (error) {
    if (error instanceof CliError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('precedence of settings', () => {
  const everywhere: SettingSources = {
    commandLine: { users: ['1'] },
    environment: { JARVIS_LOAD_USERS: '2', USERS: '3' },
    configFile: { users: 4 },
    configFileName: 'x.json',
  };

  it('takes the flag first, then JARVIS_LOAD_*, then the old variable, then the config file', () => {
    expect(load(everywhere).users).toBe(1);
    expect(load({ ...everywhere, commandLine: {} }).users).toBe(2);
    expect(load({ ...everywhere, commandLine: {}, environment: { USERS: '3' } }).users).toBe(3);
    expect(load({ ...everywhere, commandLine: {}, environment: {} }).users).toBe(4);
    expect(load({})).toEqual({});
  });

  it('treats an empty variable as one that is not set', () => {
    expect(load({ environment: { JARVIS_LOAD_USERS: '', USERS: '3' } }).users).toBe(3);
  });

  it('merges name=value flags by name, the higher source winning', () => {
    const settings = load({
      commandLine: { tag: ['build=2', 'branch=x'] },
      configFile: { tag: { build: '1', team: 'core' } },
    });
    expect(settings.tag).toEqual({ build: '2', branch: 'x', team: 'core' });
  });

  it('reads the variables of the old suite', () => {
    const settings = load({
      environment: {
        API_URL: 'http://127.0.0.1:1',
        USERS: '100',
        SPAWN_RATE: '10',
        RUN_TIME: '5m',
        MODE: 'headless',
        TIME_SCALE: '0.1',
        JARVIS_USERNAME: 'u',
        JARVIS_PASSWORD: 'p',
      },
    });
    expect(settings).toEqual({
      target: 'http://127.0.0.1:1',
      users: 100,
      spawnRate: 10,
      duration: 300_000,
      noLive: true,
      timeScale: 0.1,
      username: 'u',
      password: 'p',
    });
  });

  it('ignores a MODE that is somebody else’s, and refuses the interactive one', () => {
    expect(load({ environment: { MODE: 'production' } })).toEqual({});
    expect(errorOf({ environment: { MODE: 'interactive' } }).message).toContain('MODE=interactive');
  });

  it('never takes a secret from the config file', () => {
    expect(load({ configFile: { password: 'x', token: 'y' } })).toEqual({});
  });
});

describe('flags that contradict each other', () => {
  const settle = (sources: Partial<SettingSources>) =>
    resolveSettings(LOAD_FLAGS, { ...NOTHING, ...sources }, LOAD_CONFLICTS);

  it('are an error that names where both were said', () => {
    expect(() => settle({ commandLine: { stages: ['5s:1'], rate: ['5'] } })).toThrow(
      '--stages and --rate contradict each other',
    );
    expect(() => settle({ environment: { TIME_SCALE: '0.1', RUN_TIME: '5m' } })).toThrow(
      'TIME_SCALE (environment) and RUN_TIME (environment)',
    );
  });

  it.each([
    ['watch', 'part=1/2'],
    ['watch', 'start-at=2026-11-30T12:00:00Z'],
    ['time-scale=0.5', 'once'],
    ['time-scale=0.5', 'watch'],
    ['time-scale=0.5', 'iterations=5'],
  ])('--%s and --%s: what the run would not heed', (...flags) => {
    const commandLine = Object.fromEntries(
      flags.map((flag) => {
        const [name = '', value = 'true'] = flag.split('=');
        return [name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase()), [value]];
      }),
    );
    expect(() => settle({ commandLine })).toThrow(/ and .* contradict each other/);
  });

  it('are settled by the higher source when they come from two', () => {
    expect(
      settle({ commandLine: { stages: ['5s:1'] }, environment: { USERS: '9', RUN_TIME: '5m' } }),
    ).toEqual({
      stages: [{ durationMs: 5000, target: 1 }],
    });
    expect(settle({ configFile: { profile: 'load' }, environment: { JARVIS_LOAD_ONCE: '1' } })).toEqual({
      once: true,
    });
  });

  it('exclude no other once they have lost', () => {
    expect(
      settle({
        commandLine: { rate: ['5'] },
        environment: { JARVIS_LOAD_STAGES: '5s:1' },
        configFile: { duration: '1m' },
      }),
    ).toEqual({ rate: 5, duration: 60_000 });
    expect(
      settle({
        commandLine: { rate: ['5'] },
        environment: { JARVIS_LOAD_STAGES: '5s:1', JARVIS_LOAD_DURATION: '1m' },
      }),
    ).toEqual({ rate: 5, duration: 60_000 });
  });

  it('do not contradict anything when they are off', () => {
    expect(settle({ commandLine: { users: ['3'] }, configFile: { once: false } })).toEqual({ users: 3 });
  });
});

describe('values of flags', () => {
  it.each([
    ['users', '-5', '--users: "-5" is out of range', 'a whole number, at least 1'],
    ['users', '0', '--users: "0" is out of range', 'a whole number, at least 1'],
    ['users', '1.5', '--users: "1.5" is out of range', 'a whole number, at least 1'],
    ['users', 'many', '--users: "many" is no number', 'a whole number, at least 1'],
    ['users', '', '--users: "" is no number', 'a whole number, at least 1'],
    ['rate', '0', '--rate: "0" is out of range', 'a number, greater than 0'],
    ['duration', '5x', '--duration: "5x" is no duration', 'such as 30s'],
    ['duration', '0s', '--duration: "0s" is no duration', 'such as 30s'],
    ['arrivals', 'posson', '--arrivals: unknown value "posson"', 'did you mean poisson?'],
    ['format', 'html,pdf', '--format: unknown value "pdf"', 'one of html, csv, json'],
    ['tag', 'build', '--tag: an element has no "="', '<name=value>'],
    ['scenario', 'a,,b', '--scenario: an element of the list is empty', 'separated by commas'],
    ['threshold', 'hello', '--threshold: "hello" is no threshold', 'metric:expression'],
    ['threshold', 'hello:', '--threshold: "hello:" is no threshold', 'metric:expression'],
    ['stages', '30s', '--stages: stage "30s" is malformed', 'duration:target'],
  ])('%s=%s is refused in words', (key, value, problem, expected) => {
    const error = errorOf({ commandLine: { [key]: [value] } });
    expect(error.exitCode).toBe(2);
    expect(error.message).toContain(problem);
    expect(error.expected).toContain(expected);
  });

  it('names the variable when the mistake is in the environment', () => {
    expect(errorOf({ environment: { USERS: 'x' } }).message).toContain('USERS (environment)');
    expect(errorOf({ environment: { JARVIS_LOAD_RATE: 'x' } }).message).toContain(
      'JARVIS_LOAD_RATE (environment)',
    );
  });

  it('never repeats a header in an error, since it may be a secret', () => {
    expect(errorOf({ commandLine: { header: ['hunter2'] } }).describe()).not.toContain('hunter2');
  });

  it.each([
    ['p(95)<500', { http_req_duration: ['p(95)<500'] }],
    ['http_req_failed:rate<0.01', { http_req_failed: ['rate<0.01'] }],
    ['chat_latency: p(95)<300', { chat_latency: ['p(95)<300'] }],
    [
      'http_req_duration{operation:chat.send}:p(99)<1s',
      { 'http_req_duration{operation:chat.send}': ['p(99)<1s'] },
    ],
    ['my-metric:count>5', { 'my-metric': ['count>5'] }],
    ["http_req_duration {page:'a}b:c'} : p(95)<5", { "http_req_duration{page:'a}b:c'}": ['p(95)<5'] }],
  ])('reads the threshold %s', (text, expected) => {
    expect(load({ commandLine: { threshold: [text] } }).threshold).toEqual(expected);
  });

  it('gives every flag an environment name that no other flag has', () => {
    const names = Object.keys(LOAD_FLAGS).map(environmentName);
    expect(new Set(names).size).toBe(names.length);
    expect(flagName('rateStages')).toBe('rate-stages');
    expect(environmentName('rateStages')).toBe('JARVIS_LOAD_RATE_STAGES');
  });

  it('reads its own examples', () => {
    for (const [key, flag] of Object.entries(LOAD_FLAGS)) {
      const first = /^--[a-z-]+(?:[= ](?:'([^']*)'|(\S+)))?/.exec(flag.example);
      const value = first?.[1] ?? first?.[2];
      const texts = value === undefined ? ['true'] : [value];
      expect(() => flag.kind.fromText(texts, `--${flagName(key)}`)).not.toThrow();
      expect(flag.example.startsWith(`--${flagName(key)}`)).toBe(true);
    }
  });
});

describe('a copy of settings', () => {
  it('knows the sources of the values that are still the same', () => {
    const settings = load({ environment: { JARVIS_LOAD_SUITE: 'openai', USERS: '3' } });
    const copy = withSourcesOf(settings, { ...settings, users: 4 });
    expect(writtenAs(copy, 'suite')).toBe('JARVIS_LOAD_SUITE (environment)');
    expect(writtenAs(copy, 'users')).toBe('--users');
  });
});
