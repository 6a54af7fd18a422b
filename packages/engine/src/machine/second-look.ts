import { bucketIndexOf, HIGHEST_TRACKABLE_VALUE, highestValueAt } from '../recorder/bucket-layout.ts';
import { Histogram } from '../recorder/histogram.ts';
import type { TrendHistogram } from '../recorder/trend-histogram.ts';
import type { Measures } from '../recorder/measures.ts';
import type { AnswerDelays } from './lost-time.ts';

/** Latencies of whatever scale. */
type Distribution = Histogram | TrendHistogram;

/**
 * The samples of one latency promise, kept a second time for the case that it fails: those of quiet seconds, and those
 * of loud seconds less what waiting can have added to them. As long as no second was loud, the totals of the run are the
 * quiet samples, and nothing is kept.
 *
 * Must hold: `SecondLooks` alone calls `branch`, once, and then `add` for every interval of every machine.
 */
export class SecondLook {
  readonly #read: (measures: Measures) => Distribution | undefined;
  readonly #unitUs: number;
  #quiet: Histogram | undefined;
  readonly #corrected = new Histogram();

  /**
   * @param read the samples of the promise
   * @param unitUs microseconds in a unit of a trend with a scale of its own
   */
  constructor(read: (measures: Measures) => Distribution | undefined, unitUs = 1000) {
    this.#read = read;
    this.#unitUs = unitUs;
  }

  /** Before the first loud second: everything so far was quiet. */
  branch(total: Measures): void {
    if (this.#quiet !== undefined) return;
    this.#quiet = new Histogram();
    const distribution = this.#read(total);
    if (distribution !== undefined) addAll(this.#quiet, distribution, this.#unitUs);
  }

  /** Adds an interval, with what waiting can have added to its answers. Does nothing before {@link branch}. */
  add(interval: Measures, delays: AnswerDelays): void {
    if (this.#quiet === undefined) return;
    const distribution = this.#read(interval);
    if (distribution === undefined) return;
    // If even the longest answer touched no loud second, none did.
    if (delays.ofMs(longestMs(distribution, this.#unitUs)) === 0) {
      addAll(this.#quiet, distribution, this.#unitUs);
      return;
    }
    addLess(this.#quiet, distribution, this.#unitUs, (ms) => (delays.ofMs(ms) === 0 ? 0 : undefined));
    addLess(this.#corrected, distribution, this.#unitUs, (ms) => delays.ofMs(ms) || undefined);
  }

  /** Samples of quiet seconds, in microseconds; `undefined` when no second was loud. */
  get quiet(): Histogram | undefined {
    return this.#quiet;
  }

  /** All samples, those of loud seconds less what waiting can have added, in microseconds. */
  get corrected(): Histogram | undefined {
    if (this.#quiet === undefined) return undefined;
    const all = new Histogram();
    all.add(this.#quiet);
    all.add(this.#corrected);
    return all;
  }
}

function longestMs(distribution: Distribution, unitUs: number): number {
  const max = distribution.max ?? 0;
  return distribution instanceof Histogram ? max / 1000 : (max * unitUs) / 1000;
}

/** Adds each value as it is. */
function addAll(into: Histogram, distribution: Distribution, unitUs: number): void {
  if (distribution instanceof Histogram) into.add(distribution);
  else addLess(into, distribution, unitUs, () => 0);
}

/**
 * Adds each value less what `lessMs` says of it, 0 at least.
 * @param lessMs by value in milliseconds; `undefined` leaves it out
 */
export function addLess(
  into: Histogram,
  distribution: Distribution,
  unitUs: number,
  lessMs: (valueMs: number) => number | undefined,
): void {
  const counts = new Map<number, number>();
  let [all, sum, min, max] = [0, 0, Number.POSITIVE_INFINITY, 0];
  const take = (valueUs: number, count: number): void => {
    const ms = lessMs(valueUs / 1000);
    if (ms === undefined) return;
    const reducedUs = Math.min(HIGHEST_TRACKABLE_VALUE, Math.max(0, Math.round(valueUs - ms * 1000)));
    const index = bucketIndexOf(reducedUs);
    counts.set(index, (counts.get(index) ?? 0) + count);
    all += count;
    sum += reducedUs * count;
    min = Math.min(min, reducedUs);
    max = Math.max(max, reducedUs);
  };
  if (distribution instanceof Histogram) {
    const top = distribution.max ?? 0;
    distribution.forEachBucket((index, count) => take(Math.min(highestValueAt(index), top), count));
  } else {
    const { highs, counts: each } = distribution.snapshot();
    highs.forEach((high, k) => take(high * unitUs, each[k]!));
  }
  if (all === 0) return;
  const indexes = [...counts.keys()].toSorted((a, b) => a - b);
  into.addSnapshot({
    indexes: Uint32Array.from(indexes),
    counts: Float64Array.from(indexes, (index) => counts.get(index)!),
    count: all,
    sum,
    min,
    max,
    clamped: 0,
  });
}
