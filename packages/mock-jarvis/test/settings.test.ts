import { describe, expect, it } from 'vitest';
import {
  MOCK_PRESETS,
  MockError,
  configuredLimits,
  describeMock,
  parseMockSettings,
  resolveMockConfig,
} from '../src/index.ts';
import { changeMockConfig } from '../src/config/resolve.ts';

const refusal = (...settings: string[]): string => {
  try {
    parseMockSettings(settings);
  } catch (error) {
    if (error instanceof MockError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'accepted';
};

describe('mock settings', () => {
  it('starts from the preset typical of the documented dialect', () => {
    const config = resolveMockConfig();
    expect(config).toMatchObject({
      preset: 'typical',
      dialect: 'documented',
      seed: 1,
      capacity: { all: null },
    });
    expect(config.latency['chat.send']).toEqual({ kind: 'lognormal', p50Ms: 120, p95Ms: 220 });
    expect(configuredLimits(config)).toEqual([]);
  });

  it.each(MOCK_PRESETS.map(({ name }) => name))('resolves the preset %s', (preset) => {
    expect(parseMockSettings([`preset=${preset}`]).preset).toBe(preset);
    expect(describeMock(parseMockSettings([`preset=${preset}`])).join('\n')).toContain(preset);
  });

  it('takes key paths with operation names, units, shares and short forms', () => {
    const config = parseMockSettings([
      'preset=degraded',
      'latency.chat.send.p95=4s',
      'latency.health=7ms',
      'latency.memory.search.mean=20',
      'mock.capacity=8',
      'capacity.voice.synthesize=2',
      'faults.reset=1%',
      'faults.wrongJson.probability=0.5',
      'faults.hang.operations=chat.send,health',
      'faults.hang.window.duration=3s',
      'freeze=2s',
      'rate-limits.chat=120',
      'auth.accounts=a:b,c:d:e',
    ]);
    expect(config.latency['chat.send']).toEqual({ kind: 'lognormal', p50Ms: 550, p95Ms: 4000 });
    expect(config.latency.health).toEqual({ kind: 'constant', ms: 7 });
    expect(config.latency['memory.search']).toEqual({ kind: 'exponential', meanMs: 20 });
    expect(config.capacity).toEqual({ all: 8, 'voice.synthesize': 2 });
    expect(config.faults.reset.probability).toBe(0.01);
    expect(config.faults.wrong_json.probability).toBe(0.5);
    expect(config.faults.truncated.probability).toBe(0);
    expect(config.faults.hang).toMatchObject({
      operations: ['chat.send', 'health'],
      window: { durationMs: 3000 },
    });
    expect(config.freeze.durationMs).toBe(2000);
    expect(config.rateLimits.chat.requests).toBe(120);
    expect(config.auth.accounts).toEqual(['a:b', 'c:d:e']);
  });

  it('knows the preset in every spelling of a key, as it knows the others', () => {
    for (const config of [
      parseMockSettings(['Preset=fast']),
      resolveMockConfig({ config: { PRESET: 'fast' } }),
      changeMockConfig(parseMockSettings([]), { settings: ['pre-set=fast'] }),
    ])
      expect(config).toEqual(parseMockSettings(['preset=fast']));
  });

  it('lets the later source win: preset, then JSON, then flags, in whatever order the flags stand', () => {
    const config = resolveMockConfig({
      preset: 'fast',
      config: {
        preset: 'degraded',
        capacity: 4,
        latency: { 'chat.send': { kind: 'uniform', minMs: 1, maxMs: '2s' } },
      },
      settings: ['capacity=5', 'preset=flaky'],
    });
    expect(config.preset).toBe('flaky');
    expect(config.faults.reset.probability).toBe(0.02);
    expect(config.capacity.all).toBe(5);
    expect(config.latency['chat.send']).toEqual({ kind: 'uniform', minMs: 1, maxMs: 2000 });
  });

  it.each([
    ['x', 'expected key=value'],
    ['presett=fast', 'presett does not exist. Did you mean preset?'],
    ['preset=fats', 'unknown_preset: Mock preset "fats" does not exist. Did you mean fast?'],
    ['latency.chat.sned.p95=3', 'Did you mean latency.chat.send.p95?'],
    ['latency.chat.send.p95=10ms', '10 ms is below latency.chat.send.p50Ms, 120 ms'],
    ['latency.chat.send.p95=soon', 'latency.chat.send.p95Ms: got "soon", expected a duration'],
    ['latency.chat.send.p95.x=1', 'no settings below it'],
    ['latency.chat.send.kind=uniform', 'uniform needs latency.chat.send.minMs and latency.chat.send.maxMs'],
    ['capacity=0', 'capacity.all: got "0", expected a whole number, at least 1, or none'],
    ['capacity=many', 'capacity.all: got "many"'],
    ['faults.reset=1.2', 'faults.reset.probability: got "1.2", expected a share from 0 to 1'],
    ['faults.rest=1', 'Did you mean faults.reset?'],
    ['faults.hang.operations=chat.sent', 'did you mean chat.send?'],
    ['latency.telemetry=5ms', 'latency.telemetry does not exist. Known below latency: default,'],
    ['capacity.telemetry=5', 'capacity.telemetry does not exist. Known below capacity: all,'],
    ['faults.hang.operations=telemetry', 'got "telemetry", expected'],
    ['dialect=cor', 'did you mean core?'],
    ['freeze.every=1s,freeze=2s', 'freeze.everyMs: got'],
    ['auth.accounts=nobody', 'auth.accounts: got "nobody"'],
    ['rateLimits.enabled=maybe', 'expected true or false'],
    ['latency=5', 'latency: got "5", expected settings below it: default'],
  ])('refuses %s and says what was expected', (setting, message) => {
    expect(refusal(setting)).toContain(message);
  });

  it('refuses probabilities that add up to more than one, and a freeze without end', () => {
    expect(refusal('faults.reset=50%', 'faults.hang=60%')).toContain('add up to 1.1');
    expect(refusal('freeze=2s', 'freeze.every=2s')).toContain('no request would ever be answered');
    expect(refusal('preset=fast', 'latency.chat.send.p95=9')).toContain(
      'needs latency.chat.send.p50Ms as well',
    );
  });

  it('changes a configuration in force, and starts anew only when a preset is named', () => {
    const start = parseMockSettings(['capacity=8', 'seed=5']);
    const tuned = changeMockConfig(start, { settings: ['latency.chat.send=9'] });
    expect(tuned.capacity.all).toBe(8);
    expect(start.latency['chat.send']).toMatchObject({ kind: 'lognormal' });
    expect(changeMockConfig(tuned, { config: { preset: 'fast' } })).toMatchObject({
      seed: 5,
      capacity: { all: null },
    });
  });

  it('keeps the other settings of auth when a preset and one of them are named', () => {
    const start = parseMockSettings(['auth.secret=kept', 'auth.anyAccount=true']);
    const changed = changeMockConfig(start, { config: { preset: 'fast', auth: { tokenLifetimeMs: 5000 } } });
    expect(changed.auth).toEqual({ ...start.auth, tokenLifetimeMs: 5000 });
  });

  it('names the limits in force as data', () => {
    const limits = configuredLimits(parseMockSettings(['preset=rate-limited']));
    expect(
      limits.map(({ name, requests, perSeconds, scope }) => ({ name, requests, perSeconds, scope })),
    ).toEqual([
      { name: 'chat', requests: 60, perSeconds: 60, scope: 'token' },
      { name: 'voice', requests: 30, perSeconds: 60, scope: 'token' },
      { name: 'memory search', requests: 100, perSeconds: 60, scope: 'token' },
    ]);
    expect(configuredLimits(parseMockSettings(['dialect=core']))).toMatchObject([
      { name: 'login', requests: 5, perSeconds: 1, scope: 'address' },
    ]);
  });

  it('describes what is out of the ordinary', () => {
    expect(
      describeMock(parseMockSettings(['preset=rate-limited', 'capacity=3', 'faults.reset=2%', 'freeze=2s'])),
    ).toMatchInlineSnapshot(`
      [
        "dialect documented, preset rate-limited, seed 1: The documented limits hold: chat 60, voice 30, search 100 a minute",
        "latency: chat.send p50 120 ms, p95 220 ms; memory.search p50 40 ms, p95 90 ms; voice.synthesize p50 450 ms, p95 850 ms; voice.transcribe p50 550 ms, p95 1000 ms",
        "capacity: 3 at a time for all operations, the rest queue",
        "rate limit chat: 60 in 60 s per token",
        "rate limit voice: 30 in 60 s per token",
        "rate limit memory search: 100 in 60 s per token",
        "fault reset: 2% of all requests",
        "freeze: no answer for 2 s from 0 s",
      ]
    `);
  });
});
