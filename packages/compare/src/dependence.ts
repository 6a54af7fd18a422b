import { mean, sampleVariance } from 'simple-statistics';

/**
 * Autocorrelation of a series with its right neighbour, corrected for its bias in short series (Kendall 1954:
 * E[r] = rho - (1 + 3 rho) / n), from 0 to 0.99.
 */
export function autocorrelation(series: readonly number[]): number {
  const n = series.length;
  const spread = n < 4 ? 0 : sampleVariance([...series]) * (n - 1);
  if (spread === 0) return 0;
  const middle = mean([...series]);
  let sum = 0;
  for (let k = 1; k < n; k++) sum += (series[k]! - middle) * (series[k - 1]! - middle);
  return Math.min(0.99, Math.max(0, (n * (sum / spread) + 1) / (n - 3)));
}

/**
 * How many independent blocks a series is worth whose neighbours depend on each other (first order): n (1 - rho) /
 * (1 + rho). A run that drifts over ten seconds says no more in a hundred blocks than in ten.
 */
export function independentBlocks(blocks: number, rho: number): number {
  return (blocks * (1 - rho)) / (1 + rho);
}

/** Of a standard error from so many independent blocks: less one for the mean, and one for the autocorrelation. */
export function degreesOfFreedom(independent: number): number {
  return independent - 2;
}
