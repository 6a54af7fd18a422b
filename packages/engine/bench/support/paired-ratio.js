import { median } from './table.js';

/**
 * One cost of two builds, measured in interleaved rounds. Each round measures the base twice, before and after the other
 * build in turn, so that the second base is an A/A comparison under the same conditions.
 *
 * @typedef {object} PairedRatio
 * @property {number} base median of the base
 * @property {number} other median of the other build
 * @property {number} ratio median of other / base over the rounds
 * @property {readonly [number, number]} interval 95 % of that median, by order statistics
 * @property {number} control median of base / base
 * @property {readonly [number, number]} controlInterval 95 % of it
 */

/**
 * @template {string} Name
 * @param {number} rounds
 * @param {{ base: () => Promise<Record<Name, number>>, other: () => Promise<Record<Name, number>> }} builds
 * @returns {Promise<Record<Name, PairedRatio>>}
 */
export async function pairedRatios(rounds, { base, other }) {
  /** @type {{ base: Record<Name, number>, other: Record<Name, number>, again: Record<Name, number> }[]} */
  const all = [];
  for (let round = 0; round < rounds; round++) {
    // The order turns, so that no build always follows the same one.
    const order = ROTATIONS[round % ROTATIONS.length] ?? [];
    /** @type {Partial<(typeof all)[number]>} */
    const measured = {};
    for (const name of order) measured[name] = await (name === 'other' ? other() : base());
    all.push(/** @type {(typeof all)[number]} */ (measured));
  }
  const names = /** @type {Name[]} */ (Object.keys(all[0]?.base ?? {}));
  return /** @type {Record<Name, PairedRatio>} */ (
    Object.fromEntries(
      names.map((name) => {
        const ratios = all.map((round) => round.other[name] / round.base[name]);
        const control = all.map((round) => round.again[name] / round.base[name]);
        return [
          name,
          {
            base: median(all.map((round) => round.base[name])),
            other: median(all.map((round) => round.other[name])),
            ratio: median(ratios),
            interval: medianInterval(ratios),
            control: median(control),
            controlInterval: medianInterval(control),
          },
        ];
      }),
    )
  );
}

const ROTATIONS = /** @type {const} */ ([
  ['base', 'other', 'again'],
  ['again', 'base', 'other'],
  ['other', 'again', 'base'],
]);

/**
 * Whether a cost stays within its limit: the median does and the interval reaches down to 1, or the whole interval does.
 *
 * @param {PairedRatio} cost
 * @param {number} limit largest ratio, such as 1.03
 */
export function holds({ ratio, interval }, limit) {
  return (ratio <= limit && interval[0] <= 1) || interval[1] <= limit;
}

/**
 * The interval that holds the median of the population with a probability of at least 95 %, from the binomial
 * distribution of the number of values below it; the whole range below six values.
 *
 * @param {readonly number[]} values
 * @returns {[number, number]}
 */
export function medianInterval(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  // The rank-th smallest and largest: fewer than `rank` values lie below the median with at most 2.5 % each.
  let rank = 1;
  let probability = 0.5 ** n;
  let cumulative = probability;
  for (let below = 1; cumulative <= 0.025; below++) {
    rank = below;
    probability *= (n - below + 1) / below;
    cumulative += probability;
  }
  return [sorted[rank - 1] ?? Number.NaN, sorted[n - rank] ?? Number.NaN];
}
