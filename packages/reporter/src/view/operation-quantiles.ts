import type { RunResult } from '@jarvis-load/engine/result';

type Operation = RunResult['series']['points'][number]['operations'][string];

/** Percentiles that the series has of each operation, with their keys. */
export const QUANTILE_KEYS = { p50: 'p50Ms', p95: 'p95Ms', p99: 'p99Ms' } as const;

/** Statistics of response times that the series has of each operation, with their keys; older documents lack the last three. */
export const STATISTIC_KEYS = { ...QUANTILE_KEYS, p90: 'p90Ms', avg: 'meanMs', max: 'maxMs' } as const;
type StatisticKey = (typeof STATISTIC_KEYS)[keyof typeof STATISTIC_KEYS];

/**
 * Statistics of the good answers of an operation in one interval, as objectives judge them; of all answers in documents that do
 * not have them.
 */
export function goodQuantiles(operation: Operation): Pick<Operation, StatisticKey> {
  return operation.ok ?? operation;
}

/** Whether {@link goodQuantiles} of this operation are those of good answers in each interval. */
export function hasGoodQuantiles(result: RunResult, operation: string): boolean {
  return result.series.points.every(({ operations }) => {
    const own = operations[operation];
    return own === undefined || own.failed === 0 || own.ok !== undefined;
  });
}
