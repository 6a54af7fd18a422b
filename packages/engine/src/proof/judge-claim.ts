import { binomialTail } from './binomial-tail.ts';

/** Few samples fail a promise only where chance explains them with less than this probability; rounding aside. */
const SIGNIFICANCE = 0.01 - 1e-9;
/** Samples behind a promise that allows no exception at all, such as `rate==0`. */
const SAMPLES_FOR_NONE = 100;

/** What is known of a promise that has samples. */
export interface Claim {
  /** Whether the measured value keeps the promise. */
  readonly holds: boolean;
  readonly samples: number;
  /** Least number of samples that can prove it, such as of {@link samplesForQuantile}. */
  readonly needed: number;
  /** For promises on a share of the samples: how large a share may lie beyond the limit, and how many do. */
  readonly beyond?: { readonly allowedShare: number; readonly count: number };
}

/**
 * Whether a promise is kept, broken, or unproven because too few samples carry it. Below the number needed it is still
 * broken where more samples lie beyond the limit than chance explains: a one-sided binomial test at 1 %.
 */
export function judgeClaim({ holds, samples, needed, beyond }: Claim): 'pass' | 'fail' | 'unproven' {
  if (samples >= needed) return holds ? 'pass' : 'fail';
  const isBroken =
    !holds && beyond !== undefined && binomialTail(beyond.count, samples, beyond.allowedShare) < SIGNIFICANCE;
  return isBroken ? 'fail' : 'unproven';
}

/**
 * Samples that a promise on a quantile needs: 1/(1-q), so that one of them is expected beyond it; 20 for p95, 100 for
 * p99. Below the median 1/q. The minimum and the maximum need one.
 * @param q 0 to 1
 */
export function samplesForQuantile(q: number): number {
  const share = Math.min(q, 1 - q);
  return share <= 0 ? 1 : reciprocal(share);
}

/**
 * Samples that a promise needs of which at most this share may miss it: 1/share, and 100 where none may.
 * @param allowedShare 0 to 1
 */
export function samplesForShare(allowedShare: number): number {
  return allowedShare <= 0 ? SAMPLES_FOR_NONE : reciprocal(Math.min(allowedShare, 1));
}

function reciprocal(share: number): number {
  // 1 / (1 - 0.95) is 20.000000000000018.
  return Math.ceil(Number((1 / share).toPrecision(12)));
}
