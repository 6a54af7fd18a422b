import { scaleLinear } from 'd3-scale';

/* Ticks of value axes. */

/** Round values above zero up to `top`, about `count` of them. */
export function valueTicks(top: number, count: number): number[] {
  return scaleLinear([0, top], [0, 1])
    .ticks(count)
    .filter((tick) => tick > 0 && tick <= top);
}

/**
 * 1, 10, 100 ... from `low` to `high`; 1, 2, 5, 10 ... where that gives fewer than three, other round values where that gives fewer
 * than two. None for a `low` that is not above 0.
 */
export function logTicks(low: number, high: number): number[] {
  if (!(low > 0) || !Number.isFinite(high)) return [];
  const powers = (factors: readonly number[]) => {
    const ticks: number[] = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
      for (const factor of factors) ticks.push(Number((factor * 10 ** power).toPrecision(1)));
    }
    return ticks.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001);
  };
  const decades = powers([1]);
  if (decades.length >= 3) return decades;
  const halves = powers([1, 2, 5]);
  return halves.length >= 2 ? halves : scaleLinear([low, high], [0, 1]).ticks(4);
}

/** A tick as text: grouped, without useless decimals. */
export function formatTick(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 1 ? 3 : 2 });
}
