import {
  BUCKET_COUNT,
  highestValueAt,
  type HistogramSnapshot,
  type TrendSnapshot,
} from '@jarvis-load/engine/recorder';

/**
 * Upper bounds of the classic histograms in seconds. Limits of objectives between two of them cannot be read exactly.
 * `writeText` and `WriteRequests` can write histograms of these bounds only.
 */
export const BOUNDS_SECONDS: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 2.5, 4, 5, 10, 30, 60,
];

/**
 * Slots by the array of bounds itself, kept for ever: bounds are constants, at most 255. Computing them takes longer than the other work of an interval.
 */
const slotsOfBounds = new Map<readonly number[], Uint8Array>();

/** For each bucket of the engine's histograms, the first bound that is not below its largest value. */
function slotsOf(bounds: readonly number[]): Uint8Array {
  let slots = slotsOfBounds.get(bounds);
  if (slots !== undefined) return slots;
  slots = new Uint8Array(BUCKET_COUNT);
  let slot = 0;
  for (let index = 0; index < BUCKET_COUNT; index++) {
    while (slot < bounds.length && highestValueAt(index) > bounds[slot]! * 1e6) slot++;
    slots[index] = slot;
  }
  slotsOfBounds.set(bounds, slots);
  return slots;
}

/**
 * A histogram with fixed bounds, which only grows. Count and sum are exact. A value within 0.1 % below a bound may count
 * as above it, because the engine's buckets are that wide.
 */
export class BucketCounts {
  /** Upper bounds, rising: a constant of a module. In seconds, unless `addTrend` adds all values: then in the unit of the trend, as `sumSeconds` is. One histogram takes one of both. */
  readonly bounds: readonly number[];
  /** Per bucket, not cumulative; the last one is above all bounds. */
  readonly counts: Float64Array;
  count = 0;
  sumSeconds = 0;
  readonly #slots: Uint8Array;

  constructor(bounds = BOUNDS_SECONDS) {
    this.bounds = bounds;
    this.counts = new Float64Array(bounds.length + 1);
    this.#slots = slotsOf(bounds);
  }

  /** Adds microseconds. */
  add(values: HistogramSnapshot): void {
    const { indexes, counts } = values;
    for (let k = 0; k < indexes.length; k++) this.counts[this.#slots[indexes[k]!]!]! += counts[k]!;
    this.count += values.count;
    this.sumSeconds += values.sum / 1e6;
  }

  /** Adds values of any kind; one whose bin has a larger one counts as that, at most 0.1 % more. @param perUnit divides them */
  addTrend(values: TrendSnapshot, perUnit: number): void {
    const { highs, counts } = values;
    for (let k = 0; k < highs.length; k++) {
      const above = this.bounds.findIndex((bound) => highs[k]! / perUnit <= bound);
      this.counts[above < 0 ? this.bounds.length : above]! += counts[k]!;
    }
    this.count += values.count;
    this.sumSeconds += values.sum / perUnit;
  }
}
