import { judgeClaim, samplesForQuantile, samplesForShare, type Claim } from '../proof/judge-claim.ts';
import { Histogram } from '../recorder/index.ts';
import { hasLowSamples } from '../recorder/low-samples.ts';
import type { BoundThreshold } from './bind.ts';
import type { Distribution, JudgedValues, RateValues } from './metric-values.ts';
import type { Aggregate, Operator } from './parse-expression.ts';

/**
 * Outcome of a threshold. No data is never a pass, nor are too few samples. `machine-limited` is not decided here: `judging`
 * makes it of a `fail`.
 */
export interface ThresholdOutcome {
  readonly status: 'pass' | 'fail' | 'machine-limited' | 'unproven' | 'no-data';
  /** In the unit of the threshold; null when there is nothing to measure. */
  readonly measured: number | null;
  readonly samples: number;
  /** Minimum number of samples that can prove it. */
  readonly samplesNeeded: number;
  /** The percentile rests on fewer than 10 samples beyond it. */
  readonly lowSamples: boolean;
  /** Explanation, if the number alone is not enough. */
  readonly detail?: string;
}

/** The outcome of a threshold whose metric has no samples. */
export function noData(threshold: BoundThreshold): ThresholdOutcome {
  return {
    status: 'no-data',
    measured: null,
    samples: 0,
    samplesNeeded: samplesNeeded(threshold),
    lowSamples: false,
  };
}

/** Judges a threshold over values of any time range. @param values undefined: the metric has none, which is no data */
export function evaluateThreshold(
  threshold: BoundThreshold,
  values: JudgedValues | undefined,
): ThresholdOutcome {
  if (values === undefined) return noData(threshold);
  const { aggregate, operator, limit } = threshold;
  const samples = samplesOf(values);
  const measured = samples === 0 ? undefined : measure(values, aggregate);
  if (measured === undefined || Number.isNaN(measured)) return noData(threshold);
  const needed = samplesNeeded(threshold);
  const beyond = beyondLimit(threshold, values);
  const status = judgeClaim({
    holds: holds(measured, operator, limit),
    samples,
    needed,
    ...(beyond === undefined ? {} : { beyond }),
  });
  const q = quantileOf(aggregate);
  return {
    status,
    measured,
    samples,
    samplesNeeded: needed,
    lowSamples: q !== undefined && hasLowSamples(q, samples),
  };
}

/** Whether the measured value keeps the threshold, however few samples there are; `undefined` without data. */
export function keepsThreshold(
  { aggregate, operator, limit }: BoundThreshold,
  values: JudgedValues,
): boolean | undefined {
  const measured = samplesOf(values) === 0 ? undefined : measure(values, aggregate);
  return measured === undefined || Number.isNaN(measured) ? undefined : holds(measured, operator, limit);
}

/** Whether the value is a share; the rate of a counter is per second. */
function isShare({ kind, aggregate }: BoundThreshold): boolean {
  return kind === 'rate' && aggregate.kind === 'rate';
}

/** Side of the limit that a threshold allows; `undefined` for equality and inequality. */
type Bound = 'upper' | 'lower' | undefined;

function boundOf(threshold: BoundThreshold): Bound {
  const { operator, limit } = threshold;
  if (operator === '<' || operator === '<=') return 'upper';
  if (operator === '>' || operator === '>=') return 'lower';
  if (!isShare(threshold) || operator === '!=') return undefined;
  // A rate lies between 0 and 1: equality with an end is a one-sided limit.
  if (limit === 0) return 'upper';
  return limit === 1 ? 'lower' : undefined;
}

function samplesNeeded(threshold: BoundThreshold): number {
  const { aggregate, operator, limit } = threshold;
  const q = quantileOf(aggregate);
  if (q !== undefined) return samplesForQuantile(q);
  // Averages, extremes, counts and gauges need only one sample.
  if (!isShare(threshold) || operator === '!=') return 1;
  switch (boundOf(threshold)) {
    case 'upper':
      return samplesForShare(limit);
    case 'lower':
      return samplesForShare(1 - limit);
    case undefined:
      return samplesForShare(Math.min(limit, 1 - limit));
  }
}

/** Allowed share and actual number of samples beyond the limit; only for quantiles and rates. */
function beyondLimit(threshold: BoundThreshold, values: JudgedValues): Claim['beyond'] {
  const bound = boundOf(threshold);
  if (bound === undefined) return undefined;
  const { limit } = threshold;
  if (values.kind === 'rate') {
    if (!isShare(threshold)) return undefined;
    return bound === 'upper'
      ? { allowedShare: limit, count: values.passes }
      : { allowedShare: 1 - limit, count: values.total - values.passes };
  }
  const q = quantileOf(threshold.aggregate);
  if (q === undefined || values.kind !== 'trend') return undefined;
  const { distribution } = values;
  const above = distribution.countAbove(distribution instanceof Histogram ? limit * 1000 : limit);
  return bound === 'upper'
    ? { allowedShare: 1 - q, count: above }
    : { allowedShare: q, count: distribution.count - above };
}

function quantileOf(aggregate: Aggregate): number | undefined {
  if (aggregate.kind === 'quantile') return aggregate.p;
  return aggregate.kind === 'med' ? 0.5 : undefined;
}

/** Whether a comparison is true. */
function holds(measured: number, operator: Operator, limit: number): boolean {
  switch (operator) {
    case '<':
      return measured < limit;
    case '<=':
      return measured <= limit;
    case '>':
      return measured > limit;
    case '>=':
      return measured >= limit;
    case '==':
    case '===':
      return measured === limit;
    case '!=':
      return measured !== limit;
  }
}

function samplesOf(values: JudgedValues): number {
  switch (values.kind) {
    case 'counter':
    case 'gauge':
      return values.samples;
    case 'rate':
      return values.total;
    case 'trend':
      return values.distribution.count;
  }
}

function measure(values: JudgedValues, aggregate: Aggregate): number | undefined {
  switch (values.kind) {
    case 'counter':
      if (aggregate.kind !== 'rate') return values.count;
      return values.durationMs > 0 ? (values.count * 1000) / values.durationMs : undefined;
    case 'gauge':
      return values.value;
    case 'rate':
      return measureRate(values, aggregate);
    case 'trend':
      return measureTrend(values, aggregate);
  }
}

function measureRate({ passes, total }: RateValues, aggregate: Aggregate): number {
  if (aggregate.kind === 'passes') return passes;
  return aggregate.kind === 'fails' ? total - passes : passes / total;
}

function measureTrend(
  { distribution }: { readonly distribution: Distribution },
  aggregate: Aggregate,
): number | undefined {
  if (aggregate.kind === 'count') return distribution.count;
  const value = statistic(distribution, aggregate);
  return value !== undefined && distribution instanceof Histogram ? value / 1000 : value;
}

function statistic(distribution: Distribution, aggregate: Aggregate): number | undefined {
  switch (aggregate.kind) {
    case 'avg':
      return distribution.mean;
    case 'min':
      return distribution.min;
    case 'max':
      return distribution.max;
    case 'med':
      return distribution.quantile(0.5);
    case 'quantile':
      return distribution.quantile(aggregate.p);
    case 'count':
    case 'rate':
    case 'passes':
    case 'fails':
    case 'value':
      return undefined;
  }
}
