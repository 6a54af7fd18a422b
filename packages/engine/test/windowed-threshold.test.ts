import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram, TrendHistogram } from '../src/recorder/index.ts';
import { bindThreshold, type MetricType } from '../src/thresholds/bind.ts';
import type { ThresholdOutcome } from '../src/thresholds/evaluate.ts';
import type { MetricValues } from '../src/thresholds/metric-values.ts';
import { parseThresholds } from '../src/thresholds/parse.ts';
import { WindowedThreshold } from '../src/judging/windowed-threshold.ts';

const METRICS = new Map<string, MetricType>([
  ['response_time', { kind: 'trend', unit: 'ms' }],
  ['words', { kind: 'trend', unit: '' }],
  ['failed', { kind: 'rate', unit: '' }],
  ['reqs', { kind: 'counter', unit: 'count' }],
  ['vus', { kind: 'gauge', unit: '' }],
]);

function windowed(metric: string, expression: string): WindowedThreshold {
  return new WindowedThreshold(bindThreshold(parseThresholds({ [metric]: [expression] })[0]!, METRICS));
}

/** One interval per second; reuses the histogram, as the recorder does. */
function latencySeconds(threshold: WindowedThreshold, seconds: readonly (readonly number[])[]) {
  const distribution = new Histogram();
  return seconds.map((ms, second): ThresholdOutcome | undefined => {
    distribution.reset();
    for (const value of ms) distribution.record(value * 1000);
    return threshold.push(second * 1000, second * 1000 + 1000, { kind: 'trend', distribution });
  });
}

function push(threshold: WindowedThreshold, ...seconds: readonly (MetricValues | undefined)[]): void {
  seconds.forEach((values, second) => threshold.push(second * 1000, second * 1000 + 1000, values));
}

const reqs = (count: number): MetricValues => ({ kind: 'counter', count, samples: count, durationMs: 1000 });

describe('WindowedThreshold', () => {
  it('finds the bad stretch that the whole run hides', () => {
    const threshold = windowed('response_time', 'max<500 over 2s');
    const outcomes = latencySeconds(threshold, [[10], [10], [10, 900], [10], [10], [10]]);
    expect(outcomes.map((outcome) => outcome?.status)).toEqual([
      undefined,
      'pass',
      'fail',
      'fail',
      'pass',
      'pass',
    ]);
    expect(threshold.outcome()).toEqual({
      status: 'fail',
      measured: 900,
      samples: 3,
      samplesNeeded: 1,
      lowSamples: false,
      detail: '2 of 5 windows failed, worst from 1s to 3s',
    });
  });

  it('passes when every full window does, and names the worst', () => {
    const threshold = windowed('response_time', 'max<500 over 3s');
    latencySeconds(threshold, [[10], [10], [80], [10], [10]]);
    expect(threshold.outcome()).toMatchObject({
      status: 'pass',
      measured: 80,
      detail: '3 windows, worst from 0s to 3s',
    });
  });

  it('equals the judgement over the same samples put together', () => {
    const run = fc.array(fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 8 }), {
      minLength: 3,
      maxLength: 12,
    });
    fc.assert(
      fc.property(run, (seconds) => {
        const threshold = windowed('response_time', 'p(50)<1000 over 3s');
        latencySeconds(threshold, seconds);
        let worst = 0;
        for (let end = 3; end <= seconds.length; end++) {
          const whole = new Histogram();
          for (const ms of seconds.slice(end - 3, end).flat()) whole.record(ms * 1000);
          worst = Math.max(worst, (whole.quantile(0.5) ?? 0) / 1000);
        }
        expect(threshold.outcome()).toMatchObject({
          measured: worst,
          status: worst < 1000 ? 'pass' : 'fail',
        });
      }),
    );
  });

  it('is no data when the run is shorter than one window', () => {
    const threshold = windowed('response_time', 'max<500 over 30s');
    latencySeconds(threshold, [[10], [10]]);
    expect(threshold.outcome()).toMatchObject({
      status: 'no-data',
      detail: 'the run had no full window of 30s',
    });
  });

  it('is no data, not a pass, when a window is empty; a failed window weighs more', () => {
    const empty = windowed('response_time', 'max<500 over 2s');
    latencySeconds(empty, [[10], [10], [], [], [10]]);
    expect(empty.outcome()).toMatchObject({
      status: 'no-data',
      measured: 10,
      detail: 'no data in 1 of 4 windows, first from 2s to 4s',
    });
    const failed = windowed('response_time', 'max<5 over 2s');
    latencySeconds(failed, [[10], [10], [], [], [10]]);
    expect(failed.outcome()).toMatchObject({ status: 'fail', measured: 10 });
    const never = windowed('failed', 'rate<1 over 2s');
    push(never, undefined, undefined, undefined);
    expect(never.outcome()).toMatchObject({ status: 'no-data', detail: 'no data in any window of 2s' });
  });

  it('is unproven when a window has too few samples, however quick they are', () => {
    const threshold = windowed('response_time', 'p(50)<1000 over 1s');
    latencySeconds(threshold, [[900, 900], [10], [900, 900]]);
    expect(threshold.outcome()).toMatchObject({
      status: 'unproven',
      measured: 10,
      samples: 1,
      samplesNeeded: 2,
      detail: '1 of 3 windows have too few samples, worst from 1s to 2s',
    });
  });

  it('takes a second in which nothing was counted as a count of 0', () => {
    const threshold = windowed('reqs', 'rate>=2 over 2s');
    push(threshold, reqs(4), reqs(4), undefined, undefined, reqs(9));
    expect(threshold.outcome()).toMatchObject({ status: 'fail', measured: 0, samples: 0 });
    const half = windowed('reqs', 'rate>=2 over 2s');
    push(half, reqs(4), undefined, reqs(4));
    expect(half.outcome()).toMatchObject({ status: 'pass', measured: 2 });
    const never = windowed('reqs', 'count<5 over 2s');
    push(never, undefined, reqs(0), undefined);
    expect(never.outcome()).toMatchObject({ status: 'no-data' });
  });

  it('merges rates, gauges and trends of their own scale', () => {
    const rate = windowed('failed', 'rate<50% over 2s');
    push(rate, { kind: 'rate', passes: 9, total: 10 }, { kind: 'rate', passes: 0, total: 90 });
    expect(rate.outcome()).toMatchObject({ status: 'pass', measured: 0.09, samples: 100 });

    const gauge = windowed('vus', 'value<5 over 2s');
    push(gauge, { kind: 'gauge', value: 9, samples: 1 }, { kind: 'gauge', value: 3, samples: 1 });
    expect(gauge.outcome()).toMatchObject({ status: 'pass', measured: 3 });

    const words = new TrendHistogram();
    words.record(0.25);
    const trend = windowed('words', 'avg<5 over 2s');
    push(trend, { kind: 'trend', distribution: words }, { kind: 'trend', distribution: words });
    expect(trend.outcome()).toMatchObject({ status: 'pass', measured: 0.25, samples: 2 });
  });

  it('judges the short end of a run with the window before it, except for counts', () => {
    const threshold = windowed('response_time', 'max<500 over 2s');
    latencySeconds(threshold, [[10], [10], [10]]);
    const distribution = new Histogram();
    distribution.record(900_000);
    threshold.push(3000, 3200, { kind: 'trend', distribution });
    expect(threshold.outcome()).toMatchObject({ status: 'fail', measured: 900 });
  });

  it('keeps windows of one length although intervals jitter and the last one is short', () => {
    const threshold = windowed('reqs', 'count<=3 over 3s');
    const ends = [1004, 1999, 3001, 3998, 5003, 5400];
    let start = 0;
    const judged = ends.map((end) => {
      const outcome = threshold.push(start, end, reqs(1));
      start = end;
      return outcome?.measured;
    });
    expect(judged).toEqual([undefined, undefined, 3, 3, 3, undefined]);
  });
});
