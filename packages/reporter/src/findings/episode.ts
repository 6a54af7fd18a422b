import type { RunResult } from '@jarvis-load/engine/result';
import type { PromiseCourse } from './promise-course.ts';

/** A stretch of the series: indices of its first and last interval. */
export interface Episode {
  readonly from: number;
  readonly to: number;
  /** It lasts to the last intervals of the run. */
  readonly open: boolean;
}

/** Intervals at the end of a run that may hold nothing but the last answers. */
const TAIL = 3;
/** A shorter excess may be chance. */
const LEAST_INTERVALS = 2;

/**
 * The stretch with the largest sum (Kadane), which is where most of an excess lies. Intervals below the limit belong to it
 * while those above it outweigh them: one good interval does not cut a stretch in two.
 *
 * @returns undefined where no sum is positive
 */
function densestStretch(
  excess: readonly number[],
): { readonly from: number; readonly to: number } | undefined {
  let best: { from: number; to: number; sum: number } | undefined;
  let start = 0;
  let sum = 0;
  excess.forEach((value, index) => {
    if (sum <= 0) {
      sum = 0;
      start = index;
    }
    sum += value;
    if (sum > 0 && (best === undefined || sum > best.sum)) best = { from: start, to: index, sum };
  });
  return best;
}

/** When a promise was not held; undefined where the series does not show it. */
export function missedEpisode({ series: { points } }: RunResult, course: PromiseCourse): Episode | undefined {
  const found = densestStretch(points.map((point) => course.excess(point)));
  const least = course.isOfOne === true ? 1 : LEAST_INTERVALS;
  if (found === undefined || found.to - found.from + 1 < Math.min(least, points.length)) return undefined;
  return { ...found, open: found.to >= points.length - 1 - TAIL };
}
