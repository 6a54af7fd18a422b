import {
  BUCKET_COUNT,
  bucketIndexOf,
  HIGHEST_TRACKABLE_VALUE,
  highestValueAt,
  medianValueAt,
} from './bucket-layout.ts';
import type { HistogramSnapshot } from '../model/histogram-snapshot.ts';
import { rankOf } from './rank.ts';
import { quantileOfSnapshot } from './snapshot-quantile.ts';

const FIRST_CAPACITY = 256;
/** Where {@link Histogram.snapshot} collects occupied buckets. */
const scratchIndexes = new Uint32Array(BUCKET_COUNT);
const scratchCounts = new Float64Array(BUCKET_COUNT);

/**
 * Latencies in integer microseconds, 0 to 1 h, at three significant digits: an HDR histogram with exact count, sum,
 * minimum and maximum beside it. Histograms add up exactly. Recording allocates nothing once the array has grown to
 * the largest value; the array starts small, because most histograms of a run (phases, outcomes) hold small values.
 *
 * Must hold:
 * - Nobody changes a snapshot that is added or returned. One that is added to an empty histogram is kept by reference: most
 *   histograms of an interval hold one, and an array of buckets for each, 64 KiB for values of 8 ms, would have to be collected
 *   each second.
 * - Only buckets from that of `min` to that of `max` are occupied: every loop here runs over these alone. After {@link remove} of
 *   the smallest or the largest value, minimum and maximum may be bucket values.
 */
export class Histogram {
  #counts: Float64Array = new Float64Array(0);
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = -1;
  #clamped = 0;
  /** The snapshot whose values are all that this histogram holds, while its count is that of the snapshot. */
  #only: HistogramSnapshot | undefined;

  /** The only snapshot, as long as it is not in the array of buckets, which is empty then. */
  get #unread(): HistogramSnapshot | undefined {
    return this.#counts.length === 0 ? this.#only : undefined;
  }

  /**
   * Adds one value in microseconds, rounded with `Math.round`. A value below 0, above 1 h or NaN is moved to the nearest
   * limit (NaN to 0) and counted in {@link clamped}: it never throws, as it runs inside socket callbacks.
   */
  record(valueUs: number): void {
    // + 0 turns the -0 of a tiny negative value into 0.
    let value = Math.round(valueUs) + 0;
    if (!(value >= 0 && value <= HIGHEST_TRACKABLE_VALUE)) {
      value = value > 0 ? HIGHEST_TRACKABLE_VALUE : 0;
      this.#clamped++;
    }
    const index = bucketIndexOf(value);
    if (index >= this.#counts.length) this.#grow(index);
    this.#counts[index]!++;
    this.#count++;
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  /**
   * Takes back a value that was recorded since the last reset. The minimum and maximum stay exact unless the value was
   * one of them: then they are those of the buckets that are left.
   */
  remove(valueUs: number): void {
    const value = Math.min(Math.max(Math.round(valueUs) + 0, 0), HIGHEST_TRACKABLE_VALUE);
    const index = bucketIndexOf(value);
    if (this.#unread !== undefined) this.#grow(bucketIndexOf(this.#max));
    if (!(this.#counts[index]! > 0)) return;
    this.#only = undefined;
    this.#counts[index]!--;
    this.#count--;
    this.#sum -= value;
    if (this.#count === 0) {
      this.#min = Number.POSITIVE_INFINITY;
      this.#max = -1;
      return;
    }
    // The bucket of the minimum may have held other values than the minimum.
    if (this.#counts[index]! > 0) return;
    const lowest = bucketIndexOf(this.#min);
    const highest = bucketIndexOf(this.#max);
    if (index === lowest) {
      let first = lowest;
      while (this.#counts[first] === 0) first++;
      this.#min = Math.min(this.#max, medianValueAt(first));
    } else if (index === highest) {
      let last = highest;
      while (this.#counts[last] === 0) last--;
      this.#max = Math.max(this.#min, medianValueAt(last));
    }
  }

  /** Number of values, exact up to 2^53. */
  get count(): number {
    return this.#count;
  }

  /** Sum in microseconds of the rounded values, exact up to 2^53. */
  get sum(): number {
    return this.#sum;
  }

  /** Exact smallest value in microseconds; `undefined` when empty. */
  get min(): number | undefined {
    return this.#count === 0 ? undefined : this.#min;
  }

  /** Exact largest value in microseconds; `undefined` when empty. */
  get max(): number | undefined {
    return this.#count === 0 ? undefined : this.#max;
  }

  /** How many of the values were out of range and moved to the limit. */
  get clamped(): number {
    return this.#clamped;
  }

  /** Exact mean in microseconds; `undefined` when empty. */
  get mean(): number | undefined {
    return this.#count === 0 ? undefined : this.#sum / this.#count;
  }

  /** Standard deviation in microseconds, from the middle of each bucket; `undefined` when empty. */
  get stdDev(): number | undefined {
    if (this.#count === 0) return undefined;
    let sum = 0;
    this.forEachBucket((index, count) => {
      sum += count * medianValueAt(index);
    });
    // Deviate from the mean of bucket middles, not the exact mean, so that equal values have a deviation of 0.
    const mean = sum / this.#count;
    let squares = 0;
    this.forEachBucket((index, count) => {
      squares += count * (medianValueAt(index) - mean) ** 2;
    });
    return Math.sqrt(squares / this.#count);
  }

  /**
   * The highest value, in microseconds, of the bucket that holds rank `ceil(p * count)`; never above the exact maximum
   * (so p = 1 is exact), and the exact minimum for p = 0. `undefined` when empty.
   * @param p quantile, 0 to 1
   */
  quantile(p: number): number | undefined {
    const unread = this.#unread;
    if (unread !== undefined) return quantileOfSnapshot(unread, p);
    if (this.#count === 0) return undefined;
    if (p <= 0) return this.#min;
    let left = rankOf(p, this.#count);
    const last = bucketIndexOf(this.#max);
    for (let index = bucketIndexOf(this.#min); index < last; index++) {
      left -= this.#counts[index]!;
      if (left <= 0) return highestValueAt(index);
    }
    return this.#max;
  }

  /** Values above `valueUs`, leaving out those in its own bucket; exact where all of them are above it, or none. */
  countAbove(valueUs: number): number {
    if (this.#count === 0 || valueUs >= this.#max) return 0;
    if (valueUs < this.#min) return this.#count;
    let above = 0;
    const own = bucketIndexOf(Math.floor(valueUs));
    this.forEachBucket((index, count) => {
      if (index > own) above += count;
    });
    return above;
  }

  /** Calls back for each occupied bucket, in ascending order. */
  forEachBucket(visit: (index: number, count: number) => void): void {
    if (this.#count === 0) return;
    const unread = this.#unread;
    if (unread !== undefined) {
      for (let k = 0; k < unread.indexes.length; k++) visit(unread.indexes[k]!, unread.counts[k]!);
      return;
    }
    const last = bucketIndexOf(this.#max);
    for (let index = bucketIndexOf(this.#min); index <= last; index++) {
      const count = this.#counts[index]!;
      if (count !== 0) visit(index, count);
    }
  }

  /** Adds every value of another histogram. */
  add(other: Histogram): void {
    if (other.#count === 0) return;
    if (other.#unread !== undefined) return this.addSnapshot(other.#unread);
    const last = bucketIndexOf(other.#max);
    if (last >= this.#counts.length) this.#grow(last);
    for (let index = bucketIndexOf(other.#min); index <= last; index++) {
      this.#counts[index]! += other.#counts[index]!;
    }
    this.#addTotals(other.#count, other.#sum, other.#min, other.#max, other.#clamped);
  }

  /** Adds every value of a snapshot, such as one that another thread took. */
  addSnapshot(snapshot: HistogramSnapshot): void {
    if (snapshot.count === 0) return;
    const isFirst = this.#count === 0;
    if (!isFirst || this.#counts.length > 0) {
      const last = bucketIndexOf(snapshot.max);
      if (last >= this.#counts.length) this.#grow(last);
      this.#addBuckets(snapshot);
    }
    this.#only = isFirst ? snapshot : undefined;
    this.#addTotals(snapshot.count, snapshot.sum, snapshot.min, snapshot.max, snapshot.clamped);
  }

  /** The values as a plain object of occupied buckets, which `postMessage` can carry; may be a snapshot that was added, if it is all. */
  snapshot(): HistogramSnapshot {
    // Removing forgets it and recording only raises the count: an equal count means equal values.
    if (this.#only !== undefined && this.#only.count === this.#count) return this.#only;
    let occupied = 0;
    this.forEachBucket((index, count) => {
      scratchIndexes[occupied] = index;
      scratchCounts[occupied++] = count;
    });
    const indexes = scratchIndexes.slice(0, occupied);
    const counts = scratchCounts.slice(0, occupied);
    const empty = this.#count === 0;
    return {
      indexes,
      counts,
      count: this.#count,
      sum: this.#sum,
      min: empty ? 0 : this.#min,
      max: empty ? 0 : this.#max,
      clamped: this.#clamped,
    };
  }

  /** Removes all values; keeps the array, so that the next interval allocates nothing. */
  reset(): void {
    if (this.#count === 0) return;
    this.#only = undefined;
    this.#counts.fill(0, bucketIndexOf(this.#min), bucketIndexOf(this.#max) + 1);
    this.#count = 0;
    this.#sum = 0;
    this.#min = Number.POSITIVE_INFINITY;
    this.#max = -1;
    this.#clamped = 0;
  }

  #addTotals(count: number, sum: number, min: number, max: number, clamped: number): void {
    this.#count += count;
    this.#sum += sum;
    if (min < this.#min) this.#min = min;
    if (max > this.#max) this.#max = max;
    this.#clamped += clamped;
  }

  #addBuckets({ indexes, counts }: HistogramSnapshot): void {
    for (let k = 0; k < indexes.length; k++) this.#counts[indexes[k]!]! += counts[k]!;
  }

  /** Makes room for a bucket, and for those of an unread snapshot, which it reads. */
  #grow(index: number): void {
    const unread = this.#unread;
    const last = unread === undefined ? index : Math.max(index, bucketIndexOf(this.#max));
    let capacity = Math.max(this.#counts.length, FIRST_CAPACITY);
    while (capacity <= last) capacity *= 2;
    const grown = new Float64Array(Math.min(capacity, BUCKET_COUNT));
    grown.set(this.#counts);
    this.#counts = grown;
    if (unread !== undefined) this.#addBuckets(unread);
  }
}
