import type { Random } from '../random.ts';

/**
 * Draws gamma-distributed numbers with mean 1 and coefficient of variation 1 / sqrt(shape): Marsaglia and Tsang, "A simple
 * method for generating gamma variables" (2000); a shape below 1 is drawn as shape + 1, times U^(1/shape).
 * @param shape above 0; `resolve-executor.ts` admits 0.01 to 1000. With NaN a draw never ends
 */
export function gammaDraws(shape: number, random: Random): () => number {
  const d = Math.max(shape, shape < 1 ? shape + 1 : shape) - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  const draw = (): number => {
    for (;;) {
      const x = normal(random);
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d * (1 - v + Math.log(v))) return d * v;
    }
  };
  if (shape >= 1) return () => draw() / shape;
  return () => (draw() * (1 - random()) ** (1 / shape)) / shape;
}

/** Box and Muller (1958); one of the pair. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
