import { bucketIndexOf, HIGHEST_TRACKABLE_VALUE, highestValueAt } from '../recorder/bucket-layout.ts';
import { Histogram } from '../recorder/histogram.ts';
import type { TrendHistogram } from '../recorder/trend-histogram.ts';
import type { Measures } from '../recorder/measures.ts';
import type { LostTime } from './lost-time.ts';

/** Latencies of whatever scale. */
type Distribution = Histogram | TrendHistogram;

/**
 * The samples of one latency promise, kept a second time for the case that it fails: those of quiet seconds, and those
 * of loud seconds less what waiting can have added to them. As long as no second was loud, the totals of the run are the
 * quiet samples, and nothing is kept.
 */
export class SecondLook {
  readonly #read: (measures: Measures) => Distribution | undefined;
  readonly #limitMs: number;
  readonly #unitUs: number;
  #quiet: Histogram | undefined;
  readonly #corrected = new Histogram();

  /**
   * @param read the samples of the promise
   * @param limitMs of the promise: about how long an answer took that decides it
   * @param unitUs microseconds in a unit of a trend with a scale of its own
   */
  constructor(read: (measures: Measures) => Distribution | undefined, limitMs: number, unitUs = 1000) {
    this.#read = read;
    this.#limitMs = limitMs;
    this.#unitUs = unitUs;
  }

  /** Before the first loud second: everything so far was quiet. */
  branch(total: Measures): void {
    if (this.#quiet !== undefined) return;
    this.#quiet = new Histogram();
    this.#add(this.#quiet, total, 0);
  }

  /** An interval, of which `lost` knows. Nothing before {@link branch}. */
  add(interval: Measures, lost: LostTime): void {
    if (this.#quiet === undefined) return;
    const delayMs = lost.delayMs(this.#limitMs);
    this.#add(delayMs === 0 ? this.#quiet : this.#corrected, interval, delayMs);
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

  #add(into: Histogram, measures: Measures, lessMs: number): void {
    const distribution = this.#read(measures);
    if (distribution !== undefined) addLess(into, distribution, this.#unitUs, lessMs * 1000);
  }
}

/** Adds each value less `lessUs`, 0 at least. */
export function addLess(into: Histogram, distribution: Distribution, unitUs: number, lessUs: number): void {
  if (distribution.count === 0) return;
  if (distribution instanceof Histogram && lessUs === 0) {
    into.add(distribution);
    return;
  }
  const counts = new Map<number, number>();
  let [sum, min, max] = [0, Number.POSITIVE_INFINITY, 0];
  const take = (valueUs: number, count: number): void => {
    const less = Math.min(HIGHEST_TRACKABLE_VALUE, Math.max(0, Math.round(valueUs - lessUs)));
    const index = bucketIndexOf(less);
    counts.set(index, (counts.get(index) ?? 0) + count);
    sum += less * count;
    min = Math.min(min, less);
    max = Math.max(max, less);
  };
  if (distribution instanceof Histogram) {
    const top = distribution.max ?? 0;
    distribution.forEachBucket((index, count) => take(Math.min(highestValueAt(index), top), count));
  } else {
    const { highs, counts: each } = distribution.snapshot();
    highs.forEach((high, k) => take(high * unitUs, each[k]!));
  }
  const indexes = [...counts.keys()].toSorted((a, b) => a - b);
  into.addSnapshot({
    indexes: Uint32Array.from(indexes),
    counts: Float64Array.from(indexes, (index) => counts.get(index)!),
    count: distribution.count,
    sum,
    min,
    max,
    clamped: 0,
  });
}
