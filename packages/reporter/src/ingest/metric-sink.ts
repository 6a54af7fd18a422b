import type { JudgedValues } from '@jarvis-load/engine/ingest';
import type { MetricResult } from '@jarvis-load/engine/result';
import { SignedTrend } from './signed-trend.ts';

/** Aggregates the samples of one metric or selection as k6 does: a gauge is its last value, in a rate all values but 0 are passes. */
export class MetricSink {
  readonly kind: MetricResult['kind'];
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #last = 0;
  #nonZero = 0;
  #rejected = 0;
  readonly #trend: SignedTrend | undefined;

  constructor(kind: MetricResult['kind']) {
    this.kind = kind;
    this.#trend = kind === 'trend' ? new SignedTrend() : undefined;
  }

  add(value: number): void {
    this.#count++;
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    this.#last = value;
    if (value !== 0) this.#nonZero++;
    if (this.#trend?.record(value) === false) this.#rejected++;
  }

  get samples(): number {
    return this.#count;
  }

  /** Number of trend values that are not finite. */
  get rejected(): number {
    return this.#rejected;
  }

  /** Sum of a counter. */
  get sum(): number {
    return this.#sum;
  }

  get max(): number | undefined {
    return this.#count === 0 ? undefined : this.#max;
  }

  /** Values for evaluating thresholds. @param durationMs time base of counter rates */
  values(durationMs: number): JudgedValues {
    switch (this.kind) {
      case 'counter':
        return { kind: 'counter', count: this.#sum, samples: this.#count, durationMs };
      case 'gauge':
        return { kind: 'gauge', value: this.#last, samples: this.#count };
      case 'rate':
        return { kind: 'rate', passes: this.#nonZero, total: this.#count };
      case 'trend':
        return { kind: 'trend', distribution: this.#trend! };
    }
  }

  /** Statistics of the document, with k6's names. @param durationMs time base of counter rates */
  statistics(durationMs: number): MetricResult['values'] {
    const some = this.#count > 0;
    switch (this.kind) {
      case 'counter':
        return { count: this.#sum, rate: durationMs > 0 ? this.#sum / (durationMs / 1000) : null };
      case 'gauge':
        return some
          ? { value: this.#last, min: this.#min, max: this.#max }
          : { value: null, min: null, max: null };
      case 'rate':
        return {
          rate: some ? this.#nonZero / this.#count : null,
          passes: this.#nonZero,
          fails: this.#count - this.#nonZero,
        };
      case 'trend': {
        const quantile = (p: number): number | null => this.#trend!.quantile(p) ?? null;
        return {
          count: this.#count,
          avg: this.#trend!.mean ?? null,
          min: some ? this.#min : null,
          med: quantile(0.5),
          max: some ? this.#max : null,
          'p(90)': quantile(0.9),
          'p(95)': quantile(0.95),
          'p(99)': quantile(0.99),
        };
      }
    }
  }
}
