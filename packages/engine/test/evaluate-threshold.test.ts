import { describe, expect, it } from 'vitest';
import { Histogram, TrendHistogram, hasLowSamples } from '../src/recorder/index.ts';
import { bindThreshold, type BoundThreshold, type MetricType } from '../src/thresholds/bind.ts';
import { evaluateThreshold } from '../src/thresholds/evaluate.ts';
import type { MetricValues } from '../src/thresholds/metric-values.ts';
import { parseThresholds } from '../src/thresholds/parse.ts';

const METRICS = new Map<string, MetricType>([
  ['response_time', { kind: 'trend', unit: 'ms' }],
  ['audio_length', { kind: 'trend', unit: 's' }],
  ['answer_size', { kind: 'trend', unit: 'bytes' }],
  ['words', { kind: 'trend', unit: '' }],
  ['http_reqs', { kind: 'counter', unit: 'count' }],
  ['data_sent', { kind: 'counter', unit: 'bytes' }],
  ['http_req_failed', { kind: 'rate', unit: '' }],
  ['vus', { kind: 'gauge', unit: 'count' }],
]);

function bind(metric: string, expression: string): BoundThreshold {
  return bindThreshold(parseThresholds({ [metric]: [expression] })[0]!, METRICS);
}

/** 1 ms, 2 ms, ... n ms. */
function latencies(n: number): MetricValues {
  const distribution = new Histogram();
  for (let ms = 1; ms <= n; ms++) distribution.record(ms * 1000);
  return { kind: 'trend', distribution };
}

function ownScale(...values: number[]): MetricValues {
  const distribution = new TrendHistogram();
  for (const value of values) distribution.record(value);
  return { kind: 'trend', distribution };
}

describe('bindThreshold', () => {
  it.each([
    ['response_time', 'p(95)<1.5s', 1500, 'ms'],
    ['response_time', 'p(95)<500', 500, 'ms'],
    ['response_time', 'avg<250us', 0.25, 'ms'],
    ['response_time', 'count>10', 10, 'count'],
    ['audio_length', 'max<1500ms', 1.5, 's'],
    ['answer_size', 'max<2KiB', 2048, 'bytes'],
    ['words', 'max<9', 9, ''],
    ['http_req_failed', 'rate<29%', 0.29, 'share'],
    ['http_req_failed', 'rate<0.01', 0.01, 'share'],
    ['http_reqs', 'rate>100/s', 100, 'per second'],
    ['http_reqs', 'count>100', 100, 'count'],
    ['data_sent', 'count<1.5MB', 1_500_000, 'bytes'],
    ['data_sent', 'rate<1kB/s', 1000, 'bytes per second'],
    ['vus', 'value<5', 5, 'count'],
  ])('%s %s has the limit %d %s', (metric, expression, limit, unit) => {
    expect(bind(metric, expression)).toMatchObject({ limit, unit });
  });

  it.each([
    [
      'http_req',
      'rate<1',
      "threshold 'rate<1': there is no metric 'http_req'. Did you mean 'http_reqs'? Metrics: ",
    ],
    ['http_reqs', 'p(95)<5', "'p(95)<5' of http_reqs: a counter has no p(95); expected one of count, rate."],
    ['vus', 'avg<5', 'a gauge has no avg; expected one of value.'],
    ['http_req_failed', 'count<5', 'a rate has no count; expected one of rate, passes, fails.'],
    ['response_time', 'rate<5', 'a trend has no rate; expected one of avg, min, med, max, p(N), count.'],
    [
      'response_time',
      'avg<5%',
      "unit '%' does not fit what is measured (ms); expected us, ms, s, m, h, or the number",
    ],
    [
      'http_req_failed',
      'rate<5ms',
      "unit 'ms' does not fit what is measured (share); expected %, or the number alone.",
    ],
    [
      'words',
      'max<5s',
      "unit 's' does not fit what is measured (a plain number); expected no unit, or the number",
    ],
    ['response_time', 'count<5s', "unit 's' does not fit what is measured (count); expected no unit"],
    ['data_sent', 'count<5constructor', "unit 'constructor' does not fit what is measured (bytes)"],
  ])('refuses %s %s', (metric, expression, message) => {
    expect(() => bind(metric, expression)).toThrow(message);
  });
});

describe('evaluateThreshold', () => {
  it.each<[string, string, MetricValues, string, number]>([
    ['response_time', 'p(95)<95.1', latencies(100), 'pass', 95.039],
    ['response_time', 'p(95)<95', latencies(100), 'fail', 95.039],
    ['response_time', 'max<=100', latencies(100), 'pass', 100],
    ['response_time', 'max<100', latencies(100), 'fail', 100],
    ['response_time', 'min===1', latencies(100), 'pass', 1],
    ['response_time', 'min!=1', latencies(100), 'fail', 1],
    ['response_time', 'avg==50.5ms', latencies(100), 'pass', 50.5],
    ['response_time', 'med>=50ms', latencies(100), 'pass', 50.015],
    ['response_time', 'count>99', latencies(100), 'pass', 100],
    ['words', 'p(50)<=3', ownScale(1, 3, 5), 'pass', 3],
    ['audio_length', 'max<2500ms', ownScale(2.5), 'fail', 2.5],
    ['http_reqs', 'count>=5', { kind: 'counter', count: 5, samples: 5, durationMs: 2000 }, 'pass', 5],
    ['http_reqs', 'rate>2.5', { kind: 'counter', count: 5, samples: 5, durationMs: 2000 }, 'fail', 2.5],
    ['http_req_failed', 'rate<1%', { kind: 'rate', passes: 1, total: 100 }, 'fail', 0.01],
    ['http_req_failed', 'rate<=1%', { kind: 'rate', passes: 1, total: 100 }, 'pass', 0.01],
    ['vus', 'value>4', { kind: 'gauge', value: 5, samples: 1 }, 'pass', 5],
  ])('%s %s', (metric, expression, values, status, measured) => {
    expect(evaluateThreshold(bind(metric, expression), values)).toMatchObject({ status, measured });
  });

  it.each<[string, string, MetricValues | undefined]>([
    ['response_time', 'p(95)<500', undefined],
    ['response_time', 'p(95)<500', { kind: 'trend', distribution: new Histogram() }],
    ['response_time', 'count<5', { kind: 'trend', distribution: new Histogram() }],
    ['words', 'avg>=0', ownScale()],
    ['http_req_failed', 'rate<1%', { kind: 'rate', passes: 0, total: 0 }],
    ['http_reqs', 'count<5', { kind: 'counter', count: 0, samples: 0, durationMs: 1000 }],
    ['http_reqs', 'rate<5', { kind: 'counter', count: 1, samples: 1, durationMs: 0 }],
    ['vus', 'value<5', { kind: 'gauge', value: 0, samples: 0 }],
  ])('%s %s over nothing is no data, never a pass', (metric, expression, values) => {
    const outcome = { status: 'no-data', measured: null, samples: 0, lowSamples: false };
    expect(evaluateThreshold(bind(metric, expression), values)).toMatchObject(outcome);
  });

  it.each([
    ['p(95)<500', 199, true],
    ['p(95)<500', 200, false],
    ['p(99)<500', 999, true],
    ['med<500', 19, true],
    ['med<500', 20, false],
    ['max<500', 1, false],
    ['avg<500', 1, false],
    ['p(100)<500', 1, false],
  ])('marks %s over %d samples as low: %s', (expression, n, lowSamples) => {
    expect(evaluateThreshold(bind('response_time', expression), latencies(n))).toMatchObject({
      samples: n,
      lowSamples,
    });
  });
});

describe('hasLowSamples', () => {
  it.each([
    [0.9, 100, false],
    [0.9, 99, true],
    [0.99, 1000, false],
    [0.999, 10_000, false],
    [0.9999, 100_000, false],
    [0.9999, 99_999, true],
  ])('of quantile %d with %d samples is %s', (p, n, low) => {
    expect(hasLowSamples(p, n)).toBe(low);
  });
});
