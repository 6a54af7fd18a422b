import { rankOf, TrendHistogram } from '@jarvis-load/engine/recorder';

/** Values of a trend of k6, which may be negative: two of the engine's histograms, that of the lower half mirrored. */
export class SignedTrend {
  readonly #below = new TrendHistogram();
  readonly #above = new TrendHistogram();
  /** Added up plainly and in the order of the samples, as k6 does: the mean is k6's to the last digit. */
  #sum = 0;

  /** Adds a value; false for one that is not finite. */
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

  /** Values above `value`, leaving out those in its own bin. */
  countAbove(value: number): number {
    if (value >= 0) return this.#above.countAbove(value);
    return this.#above.count + this.#below.countBelow(-value);
  }

  /** The sample of rank `ceil(p * count)`, to 1/1024 of it; `undefined` when empty. */
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
