import { gammaln } from 'simple-statistics';

const MOST_STEPS = 300;
const NEGLIGIBLE = 1e-15;

/**
 * P(|T| >= t) of Student's distribution, by the regularised incomplete beta function: I(ν / (ν + t²); ν/2, 1/2).
 * A t that is not finite, NaN included, gives 0: the caller must not pass 0/0. `packages/capacity` imports this file too.
 * @param df degrees of freedom ν, above 0; need not be whole
 */
export function twoSidedTail(t: number, df: number): number {
  if (!Number.isFinite(t)) return 0;
  return incompleteBeta(df / (df + t * t), df / 2, 0.5);
}

/** The t that {@link twoSidedTail} gives `alpha` for; infinite above 1e12. @param alpha 0 to 1, exclusive */
export function criticalT(alpha: number, df: number): number {
  let low = 0;
  let high = 1;
  while (twoSidedTail(high, df) > alpha) {
    low = high;
    high *= 2;
    if (high > 1e12) return Number.POSITIVE_INFINITY;
  }
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (twoSidedTail(middle, df) > alpha) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** I(x; a, b), by Lentz's continued fraction (Numerical Recipes, section 6.4). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(gammaln(a + b) - gammaln(a) - gammaln(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2)
    ? (front * continuedFraction(x, a, b)) / a
    : 1 - (front * continuedFraction(1 - x, b, a)) / b;
}

function continuedFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= MOST_STEPS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    const step = d * c;
    fraction *= step;
    if (Math.abs(step - 1) < NEGLIGIBLE) break;
  }
  return fraction;
}
