import { Histogram } from '../recorder/index.ts';
import { hasLowSamples } from '../recorder/low-samples.ts';
import type { BoundThreshold } from './bind.ts';
import type { Distribution, JudgedValues } from './metric-values.ts';
import type { Aggregate, Operator } from './parse-expression.ts';

/** What became of a threshold. No data is never a pass. */
export interface ThresholdOutcome {
  readonly status: 'pass' | 'fail' | 'no-data';
  /** In the unit of the threshold; null when there is nothing to measure. */
  readonly measured: number | null;
  readonly samples: number;
  /** The percentile rests on fewer than 10 samples beyond it. */
  readonly lowSamples: boolean;
  /** In words, where a number alone does not say it. */
  readonly detail?: string;
}

export const NO_DATA: ThresholdOutcome = { status: 'no-data', measured: null, samples: 0, lowSamples: false };

/** Judges a threshold over values, whatever span of time they are of; `undefined` when the metric has none. */
export function evaluateThreshold(
  threshold: BoundThreshold,
  values: JudgedValues | undefined,
): ThresholdOutcome {
  if (values === undefined) return NO_DATA;
  const { aggregate, operator, limit } = threshold;
  const samples = samplesOf(values);
  const measured = samples === 0 ? undefined : measure(values, aggregate);
  if (measured === undefined || Number.isNaN(measured)) return NO_DATA;
  const p = aggregate.kind === 'quantile' ? aggregate.p : aggregate.kind === 'med' ? 0.5 : undefined;
  return {
    status: holds(measured, operator, limit) ? 'pass' : 'fail',
    measured,
    samples,
    lowSamples: p !== undefined && hasLowSamples(p, samples),
  };
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
      return values.passes / values.total;
    case 'trend':
      return measureTrend(values, aggregate);
  }
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
    case 'value':
      return undefined;
  }
}
