import type { LatencyStats, OperationStats, PercentileValues } from '@jarvis-load/engine/result';
import { LOW_SAMPLES_MARK, LOW_SAMPLES_SENTENCE } from './status.ts';

/** Stands before a percentile that requests without an answer could have raised. */
const LOWER_BOUND_MARK = '≥';

/** What to put before a percentile that is less certain than it looks; nothing before the others. */
export function percentileMark(stats: LatencyStats, key: keyof PercentileValues): string {
  if (stats.percentiles[key] === null) return '';
  const bound = stats.uncertain?.includes(key) === true ? LOWER_BOUND_MARK : '';
  return bound + (stats.lowSamples.includes(key) ? LOW_SAMPLES_MARK : '');
}

/** The sentences that explain the marks which these keys of these operations carry. */
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
      ? [`${LOWER_BOUND_MARK} at least: requests cut off by the end of the run could have raised it.`]
      : []),
  ];
}
