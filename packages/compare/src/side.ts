import type { OperationStats, RunResult } from '@jarvis-load/engine/result';
import { hasLowSamples } from '@jarvis-load/engine/recorder';
import { QUANTILES, type FurtherMetric, type Metric } from './metrics.ts';

/** An operation in all runs of one side. */
export type StatsOfRuns = readonly OperationStats[];

/** The statistics of an operation in each run; undefined where a run lacks it. */
export function statsIn(
  runs: readonly RunResult[],
  scenario: string,
  operation: string,
): StatsOfRuns | undefined {
  const found = runs.map(({ operations }) =>
    operations.find((each) => each.scenario === scenario && each.operation === operation),
  );
  return found.every((each) => each !== undefined) ? found : undefined;
}

/** The figure of one run: milliseconds, a share, or requests per second; null where there is none. */
export function figureOf(stats: OperationStats, metric: Metric | FurtherMetric): number | null {
  switch (metric) {
    case 'errors':
      return stats.failureShare;
    case 'throughput':
      return stats.requestsPerSecond;
    case 'mean':
      return stats.responseTimeOk.meanMs;
    case 'max':
      return stats.responseTimeOk.maxMs;
    default:
      return stats.responseTimeOk.percentiles[metric];
  }
}

/** Whether too few good answers lie beyond a percentile, in any run. */
export function tooFew(runs: StatsOfRuns, metric: Metric | FurtherMetric): boolean {
  const p = QUANTILES[metric];
  return p !== undefined && runs.some(({ responseTimeOk: { count } }) => hasLowSamples(p, count));
}

/** The figure of a side: of several runs their geometric mean, of errors their mean; null where a run has none. */
export function figureOfSide(runs: StatsOfRuns, metric: Metric | FurtherMetric): number | null {
  const figures = runs.map((stats) => figureOf(stats, metric));
  const known = figures.filter((figure) => figure !== null);
  const [only] = known;
  if (only === undefined || known.length < figures.length) return null;
  if (known.length === 1) return only;
  const sum = (of: (figure: number) => number): number =>
    known.reduce((total, figure) => total + of(figure), 0) / known.length;
  return metric === 'errors' ? sum((figure) => figure) : Math.exp(sum(Math.log));
}
