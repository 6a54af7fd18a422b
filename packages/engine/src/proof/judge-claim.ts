import { binomialTail } from './binomial-tail.ts';

/**
 * With too few samples, a promise fails only if the violations have less than this probability by chance: 1 %, less a
 * margin for rounding.
 */
const SIGNIFICANCE = 0.01 - 1e-9;
/** Samples behind a promise that allows no exception at all, such as `rate==0`. */
const SAMPLES_FOR_NONE = 100;

/** Measurements of a promise that has samples. */
export interface Claim {
  /** Whether the measured value keeps the promise. */
  readonly holds: boolean;
  readonly samples: number;
  /** Minimum number of samples that can prove it, such as of {@link samplesForQuantile}. */
  readonly needed: number;
  /** For promises on a share of the samples: the share that may exceed the limit, and the number of samples that do. */
  readonly beyond?: { readonly allowedShare: number; readonly count: number };
}

/**
 * Whether a promise is kept, broken, or unproven because of too few samples. Below the number needed it is still broken
 * when more samples exceed the limit than chance explains: a one-sided binomial test at 1 %.
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
 * Number of samples needed to prove that at most `allowedShare` violate a promise: 1/share, and 100 for a share of 0.
 * @param allowedShare 0 to 1
 */
export function samplesForShare(allowedShare: number): number {
  return allowedShare <= 0 ? SAMPLES_FOR_NONE : reciprocal(Math.min(allowedShare, 1));
}

function reciprocal(share: number): number {
  // 1 / (1 - 0.95) is 20.000000000000018.
  return Math.ceil(Number((1 / share).toPrecision(12)));
}
