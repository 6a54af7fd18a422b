import { rankOf } from './rank.ts';
import type { TrendSnapshot } from '../model/histogram-snapshot.ts';

interface Bin {
  count: number;
  high: number;
}

const doubleView = new Float64Array(1);
const wordView = new Uint32Array(doubleView.buffer);
/** Index of the 32-bit half of a double that holds the sign, the exponent and the first 20 bits of the fraction. */
const HIGH_WORD = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 1 : 0;

/**
 * Values of a custom trend: any non-negative double at three significant digits, whatever its scale.
 *
 * A bin holds all doubles with the same exponent and the same first 10 bits of the fraction (bins are ordered like the
 * numbers), so its width is at most 1/1024 of its values. Each bin also keeps the largest value recorded in it, which
 * is what a quantile returns: a constant or a small integer is returned exactly. Bins are created when a value falls
 * into them, so memory grows with the range of the values: at most 1024 bins per doubling. Journals hold the indexes of bins:
 * they are part of `RECORD_FORMAT`.
 */
export class TrendHistogram {
  readonly #bins = new Map<number, Bin>();
  #count = 0;
  #sum = 0;
  /**
   * Rounding errors of the additions to `#sum` (Neumaier summation), so that the order of merging does not change the
   * sum.
   */
  #lost = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;
  #rejected = 0;

  /** Adds a value. Returns false for one that is negative or not finite, which is only counted in {@link rejected}. */
  record(value: number): boolean {
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
      this.#rejected++;
      return false;
    }
    this.#addBin(binIndexOf(value), 1, value);
    this.#addTotals(1, value, value, value);
    return true;
  }

  get count(): number {
    return this.#count;
  }

  get sum(): number {
    return this.#sum + this.#lost;
  }

  /** Exact; `undefined` when empty. */
  get min(): number | undefined {
    return this.#count === 0 ? undefined : this.#min;
  }

  /** Exact; `undefined` when empty. */
  get max(): number | undefined {
    return this.#count === 0 ? undefined : this.#max;
  }

  get mean(): number | undefined {
    return this.#count === 0 ? undefined : this.sum / this.#count;
  }

  /** Number of values that were negative or not finite. */
  get rejected(): number {
    return this.#rejected;
  }

  /**
   * The largest recorded value of the bin that holds rank `ceil(p * count)`: at most 1/1024 above the sample of that
   * rank, never above the maximum. `undefined` when empty.
   */
  quantile(p: number): number | undefined {
    return quantileOfTrend(this.snapshot(), p);
  }

  /** Number of values above `value`, without those in its own bin; exact when all values are above it, or none. */
  countAbove(value: number): number {
    if (this.#count === 0 || value >= this.#max) return 0;
    if (value < this.#min) return this.#count;
    const own = binIndexOf(value);
    let above = 0;
    for (const [index, { count }] of this.#bins) if (index > own) above += count;
    return above;
  }

  /** Number of values below `value`, without those in its own bin; exact when all values are below it, or none. */
  countBelow(value: number): number {
    if (this.#count === 0 || value <= this.#min) return 0;
    if (value > this.#max) return this.#count;
    const own = binIndexOf(value);
    let below = 0;
    for (const [index, { count }] of this.#bins) if (index < own) below += count;
    return below;
  }

  /** Adds every value of a snapshot. */
  addSnapshot(snapshot: TrendSnapshot): void {
    this.#rejected += snapshot.rejected;
    if (snapshot.count === 0) return;
    for (let k = 0; k < snapshot.indexes.length; k++) {
      this.#addBin(snapshot.indexes[k]!, snapshot.counts[k]!, snapshot.highs[k]!);
    }
    this.#addTotals(snapshot.count, snapshot.sum, snapshot.min, snapshot.max);
  }

  /** Adds every value of another histogram. */
  add(other: TrendHistogram): void {
    this.addSnapshot(other.snapshot());
  }

  snapshot(): TrendSnapshot {
    const indexes = Uint32Array.from(this.#bins.keys()).sort();
    const counts = new Float64Array(indexes.length);
    const highs = new Float64Array(indexes.length);
    indexes.forEach((index, k) => {
      const bin = this.#bins.get(index)!;
      counts[k] = bin.count;
      highs[k] = bin.high;
    });
    const min = this.#count === 0 ? 0 : this.#min;
    return {
      indexes,
      counts,
      highs,
      count: this.#count,
      sum: this.sum,
      min,
      max: this.#max,
      rejected: this.#rejected,
    };
  }

  reset(): void {
    this.#bins.clear();
    this.#count = 0;
    this.#sum = 0;
    this.#lost = 0;
    this.#min = Number.POSITIVE_INFINITY;
    this.#max = 0;
    this.#rejected = 0;
  }

  #addBin(index: number, count: number, high: number): void {
    const bin = this.#bins.get(index);
    if (bin === undefined) {
      this.#bins.set(index, { count, high });
    } else {
      bin.count += count;
      if (high > bin.high) bin.high = high;
    }
  }

  #addTotals(count: number, sum: number, min: number, max: number): void {
    this.#count += count;
    const total = this.#sum + sum;
    this.#lost += this.#sum >= sum ? this.#sum - total + sum : sum - total + this.#sum;
    this.#sum = total;
    if (min < this.#min) this.#min = min;
    if (max > this.#max) this.#max = max;
  }
}

export function quantileOfTrend(snapshot: TrendSnapshot, p: number): number | undefined {
  if (snapshot.count === 0) return undefined;
  if (p <= 0) return snapshot.min;
  let left = rankOf(p, snapshot.count);
  for (let k = 0; k < snapshot.indexes.length - 1; k++) {
    left -= snapshot.counts[k]!;
    if (left <= 0) return snapshot.highs[k]!;
  }
  return snapshot.max;
}

/** Exponent and first 10 bits of the fraction of a non-negative double: 0 for 0, ascending with the value. */
function binIndexOf(value: number): number {
  // Adding 0 turns -0, which passes `>= 0`, into 0: its sign bit would give the highest index.
  doubleView[0] = value + 0;
  return wordView[HIGH_WORD]! >>> 10;
}
