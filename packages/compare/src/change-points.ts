import { deriveRandom, type Random } from '@jarvis-load/engine/random';

/** A level has at least so many values, on each side of a change. */
const LEAST_VALUES = 4;
const LEAST_DRAWS = 9999;
const SEED = 20_261_128;

/**
 * Where the level of a series changes, as indexes of the first value of each new level: Pettitt's statistic, the largest
 * shift between the ranks on both sides of a split, against random orders of the same values; then again within both
 * parts. By ranks, so that one outlier is no change. The seed is constant: the same values give the same changes.
 * @param values in the order of time
 * @param alpha level of one test, above 0, corrected by the caller for the number of series
 */
export function changePoints(values: readonly number[], alpha: number): number[] {
  return split(values, 0, alpha, deriveRandom(SEED)).toSorted((a, b) => a - b);
}

function split(values: readonly number[], offset: number, alpha: number, random: Random): number[] {
  if (values.length < 2 * LEAST_VALUES) return [];
  const ranks = ranksOf(values);
  const found = largestShift(ranks);
  // With fewer draws than 1 / alpha, the smallest p would be above alpha: nothing would ever be found.
  const draws = Math.max(LEAST_DRAWS, Math.ceil(1 / alpha));
  let asLarge = 1;
  for (let draw = 0; draw < draws; draw++) {
    if (largestShift(shuffled(ranks, random)).shift >= found.shift - 1e-9) asLarge++;
    if (asLarge > alpha * (draws + 1)) return [];
  }
  return [
    ...split(values.slice(0, found.at), offset, alpha, random),
    offset + found.at,
    ...split(values.slice(found.at), offset + found.at, alpha, random),
  ];
}

/** Ranks less their mean; equal values share theirs. */
function ranksOf(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal - 1) / 2 - (values.length - 1) / 2;
  });
}

/** The split with the largest standardised sum of ranks before it. */
function largestShift(ranks: readonly number[]): { readonly at: number; readonly shift: number } {
  let sum = 0;
  let best = { at: 0, shift: -1 };
  const n = ranks.length;
  for (let at = 1; at <= n - LEAST_VALUES; at++) {
    sum += ranks[at - 1]!;
    if (at < LEAST_VALUES) continue;
    const shift = Math.abs(sum) / Math.sqrt((at * (n - at)) / n);
    if (shift > best.shift) best = { at, shift };
  }
  return best;
}

/** Fisher and Yates. */
function shuffled(values: readonly number[], random: Random): number[] {
  const order = [...values];
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}
