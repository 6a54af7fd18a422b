import type { CapacityStep } from './step.ts';

/**
 * Gunther's universal scalability law, X(N) = gamma N / (1 + alpha (N - 1) + beta N (N - 1)): X is good requests per second, N the
 * mean number of iterations in flight, think time included.
 */
export interface UslFit {
  /** Throughput of one, per second. */
  readonly gamma: number;
  /** Contention: the part that is done one after the other. */
  readonly alpha: number;
  /** Coherence: the cost of each pair. */
  readonly beta: number;
  /** Share of the variance of the throughput that it explains. */
  readonly r2: number;
  /**
   * Where the throughput is highest, and how high it is; it may be beyond the levels that were run. null: beta is 0 (the throughput
   * grows without end, or with alpha above 0 towards a limit), or alpha is 1 or more.
   */
  readonly peak: { readonly concurrency: number; readonly throughput: number } | null;
}

const FEWEST_POINTS = 5;
/** A fit that explains less is not shown. */
const LEAST_R2 = 0.95;

/**
 * Fits the law to the throughput of good answers over the concurrency of the steps, by least squares of
 * N/X = (1 + alpha (N - 1) + beta N (N - 1)) / gamma, which is linear in three coefficients.
 *
 * @param steps a repeated level counts as often as it was run; busy and refused steps, and those with a rate limit or dropped
 * iterations, are left out
 * @returns `undefined` where it does not explain the points: fewer than five, a range below 1 to 4, a coefficient below zero,
 * or less than 95 % of the variance explained
 */
export function fitUsl(steps: readonly CapacityStep[]): UslFit | undefined {
  const points = steps.flatMap(({ status, figures }) => {
    if (figures === null || status === 'busy' || status === 'refused') return [];
    const { inFlight, goodPerSecond, rateLimitedShare, droppedShare } = figures;
    // Refused and dropped load says nothing about how the target scales.
    if ((rateLimitedShare ?? 0) > 0 || droppedShare > 0) return [];
    return inFlight !== null && inFlight > 0 && goodPerSecond > 0 ? [{ n: inFlight, x: goodPerSecond }] : [];
  });
  const ns = points.map(({ n }) => n);
  if (points.length < FEWEST_POINTS || Math.max(...ns) < 4 * Math.min(...ns)) return undefined;
  const solved = leastSquares(
    points.map(({ n }) => [1, n - 1, n * (n - 1)]),
    points.map(({ n, x }) => n / x),
  );
  if (solved === undefined) return undefined;
  const [c0 = 0, c1 = 0, c2 = 0] = solved;
  if (!(c0 > 0) || c1 < 0 || c2 < 0) return undefined;
  const [gamma, alpha, beta] = [1 / c0, c1 / c0, c2 / c0];
  const model = (n: number): number => (gamma * n) / (1 + alpha * (n - 1) + beta * n * (n - 1));
  const mean = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const left = points.reduce((sum, { n, x }) => sum + (x - model(n)) ** 2, 0);
  const all = points.reduce((sum, { x }) => sum + (x - mean) ** 2, 0);
  const r2 = all === 0 ? 0 : 1 - left / all;
  if (r2 < LEAST_R2) return undefined;
  const most = beta > 0 && alpha < 1 ? Math.sqrt((1 - alpha) / beta) : undefined;
  return {
    gamma,
    alpha,
    beta,
    r2,
    peak: most === undefined ? null : { concurrency: most, throughput: model(most) },
  };
}

/** Solves the normal equations by Gaussian elimination with pivoting; `undefined` if they have no single solution. */
function leastSquares(rows: readonly (readonly number[])[], values: readonly number[]): number[] | undefined {
  const size = rows[0]?.length ?? 0;
  const matrix = Array.from({ length: size }, (_, i) => [
    ...Array.from({ length: size }, (__, j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
    rows.reduce((sum, row, k) => sum + row[i]! * values[k]!, 0),
  ]);
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++) {
      if (Math.abs(matrix[row]![column]!) > Math.abs(matrix[pivot]![column]!)) pivot = row;
    }
    [matrix[column], matrix[pivot]] = [matrix[pivot]!, matrix[column]!];
    const own = matrix[column]!;
    if (Math.abs(own[column]!) < 1e-12) return undefined;
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const factor = matrix[row]![column]! / own[column]!;
      for (let k = column; k <= size; k++) matrix[row]![k]! -= factor * own[k]!;
    }
  }
  return matrix.map((row, i) => row[size]! / row[i]!);
}
