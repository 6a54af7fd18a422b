import { deriveRandom, type Random } from '@jarvis-load/engine/random';

/** A level has at least so many values, on each side of a change. */
const LEAST_VALUES = 4;
/** Of fewer values no change is found. */
const LEAST_OF_HISTORY = 2 * LEAST_VALUES;
/** Few values take little time, and their p is near the limit: it is drawn more exactly. */
const LEAST_DRAWS = 9999;
const MOST_DRAWS = 99_999;
const SEED = 20_261_128;

/**
 * Where the level of a series changes, as indexes of the first value of each new level: circular binary segmentation (Olshen et
 * al. 2004), the largest shift between the ranks of a stretch of values and those of all others, against random orders of the
 * same values; then again within each part. A split in two alone would miss a level that is left again. By ranks, so that one
 * outlier is no change. The seed is constant: the same values give the same changes.
 * @param values in the order of time; the effort grows with the square of their number
 * @param alpha level of one test, above 0, corrected by the caller for the number of series
 * @param effort pairs of values that may be compared for one test: it sets the number of random orders, from 9,999 to 99,999, or 20 / alpha
 * if that is more; the draws end early where they show no change
 */
export function changePoints(values: readonly number[], alpha: number, effort = 2e7): number[] {
  return split(values, 0, { alpha, effort, random: deriveRandom(SEED) }).toSorted((a, b) => a - b);
}

/** Fewest values on either side of one change with which `changePoints` finds it, where no value of one side is among the other's. */
export function leastPerLevel(alpha: number): number {
  let least = LEAST_VALUES;
  /** Of all orders of n + n values, the share of one. */
  let one = 1 / 70;
  // As large a shift: the n lowest, or the n highest, at the start, or within, with a least level on either side.
  while ((2 + 2 * Math.max(0, least - 2 * LEAST_VALUES + 1)) * one > alpha) {
    least++;
    one *= least / (2 * (2 * least - 1));
  }
  return least;
}

/** How a series is tested. */
interface Test {
  readonly alpha: number;
  readonly effort: number;
  readonly random: Random;
}

function split(values: readonly number[], offset: number, test: Test): number[] {
  const { alpha, effort, random } = test;
  if (values.length < LEAST_OF_HISTORY) return [];
  const ranks = ranksOf(values);
  const found = largestShift(ranks);
  // With few draws beyond 1 / alpha, chance would decide whether a p just below alpha is found.
  const afforded = Math.floor(effort / values.length ** 2);
  const draws = Math.max(LEAST_DRAWS, Math.min(MOST_DRAWS, afforded), Math.ceil(20 / alpha));
  let asLarge = 1;
  for (let draw = 0; draw < draws; draw++) {
    if (largestShift(shuffled(ranks, random)).shift >= found.shift - 1e-9) asLarge++;
    if (asLarge > alpha * (draws + 1)) return [];
  }
  const bounds = [0, found.from, found.to, values.length].filter(
    (each, index, all) => each !== all[index - 1],
  );
  return bounds.slice(1).flatMap((end, index) => {
    const start = bounds[index]!;
    return [
      ...(start === 0 ? [] : [offset + start]),
      ...split(values.slice(start, end), offset + start, test),
    ];
  });
}

/** Ranks less their mean; equal values share theirs. */
function ranksOf(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal - 1) / 2 - (values.length - 1) / 2;
  });
}

/** The values from `from` to before `to` whose sum of ranks is the largest, standardised; each part has its least values. */
function largestShift(ranks: readonly number[]): {
  readonly from: number;
  readonly to: number;
  readonly shift: number;
} {
  const n = ranks.length;
  let best = { from: 0, to: n, shift: -1 };
  for (let from = 0; from <= n - LEAST_VALUES; from++) {
    if (from > 0 && from < LEAST_VALUES) continue;
    let sum = 0;
    for (let to = from + 1; to <= n; to++) {
      sum += ranks[to - 1]!;
      const inside = to - from;
      if (inside < LEAST_VALUES || inside === n || (to < n && n - to < LEAST_VALUES)) continue;
      const shift = Math.abs(sum) / Math.sqrt((inside * (n - inside)) / n);
      if (shift > best.shift) best = { from, to, shift };
    }
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
