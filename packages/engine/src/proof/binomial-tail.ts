/** Stop at terms below this fraction of the sum: they no longer change a double. */
const NEGLIGIBLE = 1e-17;

/**
 * P(X >= k) of a binomial variable X: n independent samples, each beyond the limit with probability `share`.
 * Summed from k away from the mean, so the work is in the order of the standard deviation.
 * @param k number of samples beyond the limit, 0 to n
 * @param n number of samples
 * @param share 0 to 1
 */
export function binomialTail(k: number, n: number, share: number): number {
  if (k <= 0) return 1;
  if (k > n || share <= 0) return 0;
  if (share >= 1) return 1;
  return k > n * share ? sumFrom(k, n, share) : Math.max(0, 1 - sumFrom(n - k + 1, n, 1 - share));
}

/** P(X >= k) for k above the mean, where each term is smaller than the previous one. */
function sumFrom(k: number, n: number, share: number): number {
  if (k > n) return 0;
  const odds = share / (1 - share);
  let term = Math.exp(
    logGamma(n + 1) -
      logGamma(k + 1) -
      logGamma(n - k + 1) +
      k * Math.log(share) +
      (n - k) * Math.log1p(-share),
  );
  let sum = term;
  for (let i = k; i < n && term > sum * NEGLIGIBLE; i++) {
    term *= ((n - i) / (i + 1)) * odds;
    sum += term;
  }
  return Math.min(1, sum);
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** ln Γ(x) for x >= 1: Lanczos' approximation with g = 7 and 9 terms (Numerical Recipes, section 6.1). */
function logGamma(x: number): number {
  const z = x - 1;
  const t = z + 7.5;
  let series: number = LANCZOS[0];
  for (let i = 1; i < LANCZOS.length; i++) series += LANCZOS[i]! / (z + i);
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(series);
}
