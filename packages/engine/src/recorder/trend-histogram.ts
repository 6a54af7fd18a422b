import { rankOf } from './rank.ts';
import type { TrendSnapshot } from '../model/histogram-snapshot.ts';

interface Bin {
  count: number;
  high: number;
}

const doubleView = new Float64Array(1);
const wordView = new Uint32Array(doubleView.buffer);
/** Which half of the double holds sign, exponent and the first 20 bits of the fraction. */
const HIGH_WORD = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 1 : 0;

/**
 * Values of a custom trend: any non-negative double at three significant digits, whatever its scale.
 *
 * A bin is all doubles that share the exponent and the first 10 bits of the fraction (their order is that of the
 * numbers), so it is never wider than 1/1024 of its values. Each bin also keeps the largest value recorded in it, and
 * that is what a quantile gives: a constant or a small whole number comes back as it was recorded. Bins are made when
 * a value falls into them: memory grows with the spread of the values, 1024 bins for each doubling at most.
 */
export class TrendHistogram {
  readonly #bins = new Map<number, Bin>();
  #count = 0;
  #sum = 0;
  /** What the additions to `#sum` lost to rounding (Neumaier), so that merging in another order gives the same sum. */
  #lost = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;
  #rejected = 0;

  /** Adds a value; one that is negative or not finite is only counted in {@link rejected}, and the answer is false. */
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

  /** How many values were negative or not finite. */
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

  /** Values above `value`, leaving out those in its own bin; exact where all of them are above it, or none. */
  countAbove(value: number): number {
    if (this.#count === 0 || value >= this.#max) return 0;
    if (value < this.#min) return this.#count;
    const own = binIndexOf(value);
    let above = 0;
    for (const [index, { count }] of this.#bins) if (index > own) above += count;
    return above;
  }

  /** Values below `value`, leaving out those in its own bin; exact where all of them are below it, or none. */
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

/** {@link TrendHistogram.quantile} of a snapshot. */
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

/** Exponent and the first 10 bits of the fraction of a non-negative double: 0 for 0, ascending with the value. */
function binIndexOf(value: number): number {
  // + 0 turns -0, which passes `>= 0`, into 0: its sign bit would be the highest index.
  doubleView[0] = value + 0;
  return wordView[HIGH_WORD]! >>> 10;
}
