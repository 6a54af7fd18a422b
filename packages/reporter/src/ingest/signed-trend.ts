import { rankOf, TrendHistogram } from '@jarvis-load/engine/recorder';

/**
 * Trend values of k6, which may be negative: one histogram for values from 0, one for the absolute values of negative
 * ones.
 */
export class SignedTrend {
  readonly #below = new TrendHistogram();
  readonly #above = new TrendHistogram();
  /** A plain sum in the order of the samples, as in k6: the mean equals k6's to the last digit. */
  #sum = 0;

  /** Adds a value; returns false when it is not finite. */
  record(value: number): boolean {
    if (!Number.isFinite(value)) return false;
    this.#sum += value;
    return value < 0 ? this.#below.record(-value) : this.#above.record(value);
  }

  get count(): number {
    return this.#below.count + this.#above.count;
  }

  get mean(): number | undefined {
    return this.count === 0 ? undefined : this.#sum / this.count;
  }

  /** Exact; `undefined` when empty. */
  get min(): number | undefined {
    const lowest = this.#below.max;
    return lowest === undefined ? this.#above.min : -lowest;
  }

  /** Exact; `undefined` when empty. */
  get max(): number | undefined {
    const nearest = this.#below.min;
    return this.#above.max ?? (nearest === undefined ? undefined : -nearest);
  }

  /** Number of values above `value`, excluding those in the same bin. */
  countAbove(value: number): number {
    if (value >= 0) return this.#above.countAbove(value);
    return this.#above.count + this.#below.countBelow(-value);
  }

  /** The sample of rank `ceil(p * count)`, with a relative error of up to 1/1024; `undefined` when empty. */
  quantile(p: number): number | undefined {
    const { count } = this;
    if (count === 0 || p <= 0) return this.min;
    const negative = this.#below.count;
    const rank = rankOf(p, count);
    if (rank > negative) return this.#above.quantile((rank - negative) / this.#above.count);
    const magnitude = this.#below.quantile((negative - rank + 1) / negative);
    return magnitude === undefined ? undefined : -magnitude;
  }
}
