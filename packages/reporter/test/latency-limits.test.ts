import type { ThresholdResult } from '@jarvis-load/engine/result';
import { describe, expect, it } from 'vitest';
import { latencyLimits } from '../src/html/sections/latency-limits.ts';

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

describe('latencyLimits', () => {
  it('draws a plain percentile limit of the whole run', () => {
    expect(latencyLimits([threshold({})], 3, 300).shown).toEqual([
      { label: 'response_time p95 < 500 ms', value: 500 },
    ]);
  });

  it.each([
    ['with a selector', { metric: 'response_time{operation:chat.send}' }],
    ['over a window', { expression: 'p(95)<500 over 30s' }],
    ['on an average', { expression: 'avg<500' }],
    ['on a lower bound', { expression: 'p(95)>500' }],
    ['on a rate', { metric: 'http_req_failed', expression: 'rate<0.01', unit: 'share' }],
    ['of one scenario among several', { scenario: 'chat-journey' }],
  ])('draws none %s', (_what, change) => {
    expect(latencyLimits([threshold(change)], 3, 300)).toEqual({ shown: [], note: '' });
  });

  it('draws the limit of the only scenario', () => {
    const metric = 'http_req_duration{scenario:chat-journey}';
    expect(latencyLimits([threshold({ scenario: 'chat-journey', metric })], 1, 300).shown).toEqual([
      { label: 'http_req_duration p95 < 500 ms', value: 500 },
    ]);
    expect(latencyLimits([threshold({ scenario: 'chat-journey', metric })], 2, 300).shown).toEqual([]);
  });

  it('names a limit that is far above the data instead of flattening the lines', () => {
    const { shown, note } = latencyLimits([threshold({})], 3, 20);
    expect(shown).toEqual([]);
    expect(note).toContain('response_time p95 < 500 ms');
  });
});
