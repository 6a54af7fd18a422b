import type { ObjectiveResult, RunResult, ThresholdResult } from '@jarvis-load/engine/result';
import { describe, expect, it } from 'vitest';
import { missedEpisode } from '../src/findings/episode.ts';
import { courseOf } from '../src/findings/promise-course.ts';
import { latencyLimits, operationLimits, streamLimits } from '../src/html/sections/latency-limits.ts';
import { promisesOf } from '../src/view/promise.ts';
import { runResult } from './fixtures/run-result.ts';

const threshold = (change: Partial<ThresholdResult>): ThresholdResult => ({
  metric: 'response_time',
  expression: 'p(95)<500',
  scenario: null,
  status: 'pass',
  measured: 120,
  limit: 500,
  unit: 'ms',
  samples: 1000,
  samplesNeeded: 20,
  lowSamples: false,
  aborted: false,
  ...change,
});

const objective = (change: Partial<ObjectiveResult>): ObjectiveResult => ({
  operation: 'chat.send',
  method: 'POST',
  route: '/chat',
  aspect: 'p95',
  limit: 200,
  measured: 120,
  margin: 0.4,
  status: 'pass',
  samples: 1000,
  samplesNeeded: 20,
  lowSamples: false,
  ...change,
});

const SEND = { scenario: 'chat-journey', operation: 'chat.send' };
const SEARCH = { scenario: 'memory', operation: 'memory.search' };
const run = (
  thresholds: readonly ThresholdResult[],
  operations: readonly (typeof SEND)[] = [SEND, SEARCH],
  objectives: readonly ObjectiveResult[] = [],
) => ({
  generator: { name: 'jarvis-load', version: '1', engine: 'native' as const },
  metrics: [],
  thresholds: [...thresholds],
  objectives: [...objectives],
  operations,
});

describe('limits of the chart of the whole run', () => {
  it('are percentiles, average and maximum of all requests', () => {
    expect(latencyLimits(run([threshold({})]), 300).shown).toEqual([
      { label: 'response_time p95 < 500 ms', value: 500 },
    ]);
    const others = [threshold({ expression: 'avg<500' }), threshold({ expression: 'max<500' })];
    expect(latencyLimits(run(others), 300).shown.map(({ label }) => label)).toEqual([
      'response_time avg < 500 ms',
      'response_time max < 500 ms',
    ]);
  });

  it.each([
    ['with a selector', { metric: 'response_time{operation:chat.send}' }],
    ['of some answers', { metric: 'response_time{outcome:timeout}' }],
    ['of good answers, as the chart shows all', { metric: 'http_req_duration{expected_response:true}' }],
    ['over a window', { expression: 'p(95)<500 over 30s' }],
    ['on a minimum', { expression: 'min<500' }],
    ['on a lower bound', { expression: 'p(95)>500' }],
    ['on a rate', { metric: 'http_req_failed', expression: 'rate<0.01', unit: 'share' }],
    ['of one scenario among several', { scenario: 'chat-journey' }],
    ['that another tool wrote', { expression: 'the 95th below 500' }],
  ])('are none %s', (_what, change) => {
    expect(latencyLimits(run([threshold(change)]), 300)).toEqual({ shown: [], note: '' });
  });

  it('are those of the only scenario', () => {
    const own = threshold({
      scenario: 'chat-journey',
      metric: 'http_req_duration{scenario:chat-journey}',
    });
    expect(latencyLimits(run([own], [SEND]), 300).shown).toEqual([
      { label: 'http_req_duration p95 < 500 ms', value: 500 },
    ]);
    expect(latencyLimits(run([own]), 300).shown).toEqual([]);
  });

  it('that are far above the data are named instead of flattening the lines', () => {
    const { shown, note } = latencyLimits(run([threshold({})]), 20);
    expect(shown).toEqual([]);
    expect(note).toContain('response_time p95 < 500 ms');
  });
});

describe('limits of the chart of one operation', () => {
  const labels = (...promises: Parameters<typeof run>): string[] =>
    operationLimits(run(...promises), 'chat.send', 1000).shown.map(({ label }) => label);

  it('are its objectives, and thresholds that select it by either tag', () => {
    const thresholds = [
      threshold({ metric: 'http_req_duration{operation:chat.send}' }),
      threshold({ metric: "response_time{name:'chat.send'}", expression: 'med<300', limit: 300 }),
      threshold({ metric: 'response_time{operation:memory.search}' }),
      threshold({ metric: 'response_time{operation:chat.send,status:500}' }),
    ];
    expect(labels(thresholds, [SEND, SEARCH], [objective({}), objective({ operation: 'other' })])).toEqual([
      'p95 < 200 ms',
      'http_req_duration p95 < 500 ms',
      'response_time p50 < 300 ms',
    ]);
  });

  it('are those of its scenario where that has no other operation, and no other scenario has it', () => {
    const own = [threshold({ metric: 'response_time{scenario:chat-journey}', scenario: 'chat-journey' })];
    expect(labels(own)).toEqual(['response_time p95 < 500 ms']);
    expect(labels(own, [SEND, { ...SEND, operation: 'chat.history' }, SEARCH])).toEqual([]);
    expect(labels(own, [SEND, { ...SEARCH, operation: 'chat.send' }])).toEqual([]);
  });

  it('are those of all requests where it is the only operation', () => {
    expect(labels([threshold({})], [SEND])).toEqual(['response_time p95 < 500 ms']);
    expect(labels([threshold({})])).toEqual([]);
  });
});

describe('limits of times of streams', () => {
  const plain = runResult({ durationMs: 20_000 });
  const [first, ...others] = plain.operations;
  const talking = [{ ...first!, streams: {} }, ...others] as unknown as RunResult['operations'];
  const points = plain.series.points.map((point, index) => ({
    ...point,
    operations: { [first!.operation]: { streams: { ttftP95Ms: index < 7 ? 100 : 900, ttftP50Ms: 100 } } },
  })) as unknown as RunResult['series']['points'];
  const given = (change: Partial<ThresholdResult>): RunResult => ({
    ...plain,
    operations: talking,
    objectives: [],
    thresholds: [threshold({ metric: 'ttft', status: 'fail', measured: 900, ...change })],
    series: { ...plain.series, points },
  });

  it('are drawn, and dated, where one operation streams', () => {
    const result = given({});
    expect(streamLimits(result, first!.operation, 'ttft', 900).shown).toEqual([
      { label: 'ttft p95 < 500 ms', value: 500 },
    ]);
    expect(streamLimits(result, first!.operation, 'ttlt', 900).shown).toEqual([]);
    const course = courseOf(result, promisesOf(result)[0]!)!;
    expect(course.operation).toBe(first!.operation);
    expect(missedEpisode(result, course)).toMatchObject({ from: 7, open: true });
  });

  it('are not dated by what the series lacks', () => {
    for (const expression of ['p(99)<500', 'avg<500', 'p(95)>500']) {
      const result = given({ expression });
      expect([expression, courseOf(result, promisesOf(result)[0]!)]).toEqual([expression, undefined]);
    }
  });
});
