import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunResult } from '@jarvis-load/engine/result';
import { startMock, type RunningMock } from '@jarvis-load/mock-jarvis';
import { countsOf, k6, once, outcomesOf, runInK6, type K6RunInTest } from './support/run-in-k6.ts';

const TESTS = {
  chat: ['health', 'chat.send', 'chat.conversations', 'memory.search'],
  voice: ['voice.synthesize', 'voice.transcribe'],
  memory: ['memory.store', 'memory.search'],
  workflow: [
    'auth.login',
    'chat.create',
    'chat.send',
    'chat.conversations',
    'chat.history',
    'memory.store',
    'memory.search',
    'voice.synthesize',
    'voice.transcribe',
    'chat.delete',
  ],
} as const;

describe.skipIf(k6 === undefined)('each test in the real k6, against the mock', () => {
  let mock: RunningMock;
  const runs = new Map<string, { readonly run: K6RunInTest; readonly result: RunResult }>();

  beforeAll(async () => {
    mock = await startMock({ preset: 'fast', settings: ['seed=1'] });
    await Promise.all(
      Object.keys(TESTS).map(async (test) => {
        const run = await runInK6({
          baseUrl: mock.url,
          test,
          runId: test,
          executor: once(test === 'chat' ? 4 : 2),
        });
        runs.set(test, { run, result: await run.result() });
      }),
    );
  }, 60_000);
  afterAll(() => mock.close());

  it('chat-socket talks over k6/websockets, in either form, and measures the first content', async () => {
    const converse = async (form: string) => {
      const run = await runInK6({
        baseUrl: mock.url,
        test: 'chat-socket',
        runId: `socket-${form}`,
        executor: once(2),
        settings: { 'socket.form': form, 'socket.think': '0', 'socket.turns': '2' },
      });
      return { run, result: await run.result() };
    };
    const all = await Promise.all(['chat', 'message'].map(converse));
    for (const { run, result } of all) {
      expect(run.exit, run.log).toEqual({ exitCode: 0, abort: undefined });
      expect(outcomesOf(result)).toEqual({ 'chat.socket': { ok: 4 } });
      const metric = (name: string) => result.metrics.find((each) => each.name === name)!.values;
      expect(metric('ttft')).toMatchObject({ count: 4 });
      expect(metric('ttft')['max']).toBeGreaterThanOrEqual(metric('ttft_sent')['max']!);
      expect(metric('ws_sessions')).toMatchObject({ count: 2 });
      expect(result.thresholds.map((each) => each.metric)).toContain('ttft');
    }
    expect(countsOf(mock.counters(), 'run', 'socket-chat')).toEqual({ ws: { ok: 4 } });
    expect(countsOf(mock.counters(), 'run', 'socket-message')).toEqual({ ws: { ok: 4 } });
  });

  it('chat-socket counts the answer to an interruption from the message that interrupted', async () => {
    const slow = await startMock({ preset: 'fast', settings: ['latency.ws=150ms'] });
    try {
      const run = await runInK6({
        baseUrl: slow.url,
        test: 'chat-socket',
        runId: 'barge-in',
        executor: once(2),
        settings: { 'socket.turns': '1', 'socket.bargeInShare': '1', 'socket.bargeInAfter': '0.01' },
      });
      const result = await run.result();
      expect(outcomesOf(result), run.log).toEqual({ 'chat.socket': { ok: 4 } });
      const { count, min } = result.metrics.find(({ name }) => name === 'ttft_sent')!.values;
      expect(count).toBe(4);
      // The server takes 150 ms for each message; k6 reads whole milliseconds.
      expect(min).toBeGreaterThan(145);
    } finally {
      await slow.close();
    }
  });

  it.each(Object.entries(TESTS))('%s runs to its end, and every request is ok', (test, operations) => {
    const { run, result } = runs.get(test)!;
    expect(run.exit, run.log).toEqual({ exitCode: 0, abort: undefined });
    expect(Object.keys(outcomesOf(result)).toSorted()).toEqual(operations.toSorted());
    expect(result.totals.outcomes.ok).toBe(result.totals.requests);
    expect(result.checks.length).toBeGreaterThan(0);
    expect(result.checks.filter(({ fails }) => fails > 0)).toEqual([]);
  });

  it.each(Object.keys(TESTS))('%s: the mock counted the same requests, and knows their phases', (test) => {
    const { result } = runs.get(test)!;
    expect(outcomesOf(result)).toEqual(countsOf(mock.counters(), 'run', test));
    expect(countsOf(mock.counters(), 'probe', test)).toEqual({
      'auth.login': { ok: 1 },
      'chat.conversations': { ok: 1 },
    });
    // One token for all users. The workflow also logs in during each visit, which counts in phase `run`.
    expect(countsOf(mock.counters(), 'setup', test)).toEqual({ 'auth.login': { ok: 1 } });
  });

  it.each(Object.keys(TESTS))(
    '%s: counters, rates, checks, and count, min, max of trends are those of the summary of k6, digit for digit, avg but for the order of its sum',
    (test) => {
      const { run, result } = runs.get(test)!;
      const summary = Object.entries(run.summary!.metrics);
      expect(summary.length).toBeGreaterThan(12);
      for (const [name, { thresholds: _, ...values }] of summary) {
        const ours = result.metrics.find((metric) => metric.name === name);
        for (const [key, value] of Object.entries(values)) {
          const where = `${name} ${key}`;
          if (key === 'med' || key.startsWith('p(')) continue;
          if (ours === undefined) expect(value, where).toBe(0);
          else if (key === 'value' && ours.kind === 'rate') expect(ours.values['rate'], where).toBe(value);
          else if (key === 'rate' && ours.kind === 'counter')
            expect(ours.values[key]! / (value as number), where).toBeCloseTo(1, 12);
          // k6 adds up in another order than that of its file.
          else if (key === 'avg' && value !== 0)
            expect(ours.values[key]! / (value as number), where).toBeCloseTo(1, 12);
          else if (ours.kind !== 'gauge' || key === 'value') expect(ours.values[key], where).toBe(value);
        }
      }
    },
  );

  it('percentiles are within 0.1 %, 1 us and the gap of the neighbouring samples of what k6 says', () => {
    const { run, result } = runs.get('chat')!;
    for (const name of ['http_req_duration', 'http_req_waiting', 'response_time', 'iteration_duration']) {
      const samples = run.samples
        .split('\n')
        .filter((line) => line.startsWith(`{"metric":"${name}","type":"Point"`))
        .map((line) => (JSON.parse(line) as { data: { value: number } }).data.value)
        .toSorted((a, b) => a - b);
      for (const [key, p] of [
        ['med', 0.5],
        ['p(90)', 0.9],
        ['p(95)', 0.95],
        ['p(99)', 0.99],
      ] as const) {
        const ours = result.metrics.find((metric) => metric.name === name)!.values[key]!;
        const theirs = run.summary!.metrics[name]![key] as number;
        const rank = p * (samples.length - 1);
        const low = samples[Math.max(0, Math.floor(rank) - 1)]!;
        const high = samples[Math.min(samples.length - 1, Math.ceil(rank) + 1)]!;
        const bound = theirs * 0.001 + 0.001 + (high - low);
        expect(Math.abs(ours - theirs), `${name} ${key}: ours ${ours}, k6 ${theirs}`).toBeLessThan(bound);
      }
    }
  });

  it('thresholds are those of the suite, judged, and as k6 judged them', () => {
    const { run, result } = runs.get('chat')!;
    expect(result.thresholds.map(({ metric, expression }) => `${metric}: ${expression}`).toSorted()).toEqual([
      'chat_latency: p(95)<300',
      'errors: rate<0.05',
      'http_req_duration: p(95)<500',
      'http_req_duration: p(99)<1000',
      'http_req_failed: rate<0.01',
    ]);
    for (const { metric, expression, status, samples, samplesNeeded } of result.thresholds) {
      const failed = (run.summary!.metrics[metric]!['thresholds'] as Record<string, boolean>)[expression];
      expect(status, `${metric}: ${expression}`).toBe(
        failed === true ? 'fail' : samples < samplesNeeded! ? 'unproven' : 'pass',
      );
    }
  });

  it('the metrics of the voice test have the names of the suite', () => {
    const names = runs.get('voice')!.result.metrics.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['tts_latency', 'stt_latency', 'voice_errors']));
  });

  it('every iteration is accounted for', () => {
    expect(runs.get('chat')!.result.iterations).toEqual({
      planned: 4,
      completed: 4,
      failed: 0,
      dropped: 0,
      interrupted: 0,
    });
  });

  it('the token of the users is not left in the summary', () => {
    expect(JSON.stringify(runs.get('chat')!.run.summary)).not.toMatch(/eyJ|setup_data/);
  });
});
