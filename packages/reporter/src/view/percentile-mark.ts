import type { LatencyStats, OperationStats, PercentileValues } from '@jarvis-load/engine/result';
import { LOW_SAMPLES_MARK, LOW_SAMPLES_SENTENCE } from './status.ts';

/** Marks a percentile as a lower bound: requests without an answer could have raised it. */
const LOWER_BOUND_MARK = '≥';

/** Prefix of a percentile that is uncertain or has few samples; empty for others. */
export function percentileMark(stats: LatencyStats, key: keyof PercentileValues): string {
  if (stats.percentiles[key] === null) return '';
  const bound = stats.uncertain?.includes(key) === true ? LOWER_BOUND_MARK : '';
  return bound + (stats.lowSamples.includes(key) ? LOW_SAMPLES_MARK : '');
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
      ? [`${LOWER_BOUND_MARK} at least: requests cut off by the end of the run could have raised it.`]
      : []),
  ];
}
