import type { LatencyStats, OperationStats, PercentileValues } from '@jarvis-load/engine/result';
import { LOW_SAMPLES_MARK, LOW_SAMPLES_SENTENCE } from './status.ts';

/** Marks a percentile as a lower bound: requests without an answer could have raised it. */
const LOWER_BOUND_MARK = '≥';

/** Prefix of a percentile in a terminal: a lower bound, or few samples; empty for others. */
export function percentileMark(stats: LatencyStats, key: keyof PercentileValues): string {
  const { few, bound } = percentileDoubts(stats, key);
  return bound ? LOWER_BOUND_MARK : few ? LOW_SAMPLES_MARK : '';
}

/** What limits the meaning of a percentile. */
export function percentileDoubts(
  stats: LatencyStats,
  key: keyof PercentileValues,
): { readonly few: boolean; readonly bound: boolean } {
  const known = stats.percentiles[key] !== null;
  return {
    few: known && stats.lowSamples.includes(key),
    bound: known && stats.uncertain?.includes(key) === true,
  };
}

/** Explanations of the marks on these percentiles of these operations. */
export function markSentences(
  operations: readonly OperationStats[],
  keys: readonly (keyof PercentileValues)[],
): string[] {
  const marks = operations
    .flatMap(({ responseTime }) => keys.map((key) => percentileMark(responseTime, key)))
    .join('');
  return [
    ...(marks.includes(LOW_SAMPLES_MARK) ? [LOW_SAMPLES_SENTENCE] : []),
    ...(marks.includes(LOWER_BOUND_MARK)
      ? [`${LOWER_BOUND_MARK} at least: requests interrupted by the end of the run could have raised it.`]
      : []),
  ];
}

/** The same explanations where the doubts are shown by slanted digits and in words. */
export function doubtSentences(
  operations: readonly OperationStats[],
  keys: readonly (keyof PercentileValues)[],
): string {
  const doubts = operations.flatMap(({ responseTime }) =>
    keys.map((key) => percentileDoubts(responseTime, key)),
  );
  return [
    ...(doubts.some(({ few }) => few) ? ['Slanted: fewer than 10 samples lie beyond this percentile.'] : []),
    ...(doubts.some(({ bound }) => bound)
      ? ['At least: requests cut off by the end of the run could have raised it.']
      : []),
  ].join(' ');
}
