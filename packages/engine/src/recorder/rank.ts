/**
 * The rank, 1-based, of the sample that a quantile names: `ceil(p * n)`, at least 1 and at most n.
 * Rounding errors are removed first: 0.07 * 100 = 7.000000000000001 is rank 7.
 * @param p quantile, 0 to 1
 * @param n number of samples, at least 1
 */
export function rankOf(p: number, n: number): number {
  const product = p * n;
  const nearest = Math.round(product);
  const rank = Math.abs(product - nearest) <= product * 4 * Number.EPSILON ? nearest : Math.ceil(product);
  return Math.min(Math.max(rank, 1), n);
}
