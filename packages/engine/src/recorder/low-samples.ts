/** Expected number of samples beyond a quantile from which on it is reliable. */
const ENOUGH_BEYOND = 10;

/**
 * Whether a quantile rests on too few samples: `n(1-p) < 10`. Such a quantile is still judged, but marked. The maximum
 * (p = 1) is exact and never marked.
 * @param p quantile, 0 to 1
 * @param n number of samples
 */
export function hasLowSamples(p: number, n: number): boolean {
  // 100 * (1 - 0.9) is 9.999999999999998.
  return p < 1 && n * (1 - p) < ENOUGH_BEYOND - 1e-6;
}
