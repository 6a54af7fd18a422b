import { criticalT, twoSidedTail } from './student-t.ts';

/** The difference of a figure between two sides, with its uncertainty. */
export interface Effect {
  /** A ratio less 1 (0.2: 20 % more), or the difference of two shares. */
  readonly change: number;
  /** Two-sided, of no difference. */
  readonly pValue: number;
  /** Interval of `change` that misses the truth with probability `alpha`; it excludes 0 exactly if `pValue < alpha`. */
  readonly interval: (alpha: number) => readonly [low: number, high: number];
}

/**
 * The effect of a ratio whose natural logarithm has a standard error with degrees of freedom.
 *
 * Must hold, here and in `differenceEffect`: the caller assumes a least standard error above 0, as 0/0 gives the p-value 0.
 */
export function ratioEffect(logRatio: number, standardError: number, df: number): Effect {
  return {
    change: Math.expm1(logRatio),
    pValue: twoSidedTail(logRatio / standardError, df),
    interval(alpha) {
      const half = criticalT(alpha, df) * standardError;
      return [Math.expm1(logRatio - half), Math.expm1(logRatio + half)];
    },
  };
}

/** The effect of a difference that has a standard error with degrees of freedom. */
export function differenceEffect(difference: number, standardError: number, df: number): Effect {
  return {
    change: difference,
    pValue: twoSidedTail(difference / standardError, df),
    interval(alpha) {
      const half = criticalT(alpha, df) * standardError;
      return [Math.max(-1, difference - half), Math.min(1, difference + half)];
    },
  };
}
