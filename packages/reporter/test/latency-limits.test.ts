import type { ObjectiveResult, ThresholdResult } from '@jarvis-load/engine/result';
import { describe, expect, it } from 'vitest';
import { latencyLimits, operationLimits } from '../src/html/sections/latency-limits.ts';

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
) => ({ thresholds: [...thresholds], objectives: [...objectives], operations });

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
