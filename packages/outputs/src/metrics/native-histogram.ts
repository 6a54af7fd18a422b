import { BUCKET_COUNT, highestValueAt, type HistogramSnapshot } from '@jarvis-load/engine/recorder';

/** Prometheus' schema of native histograms: bounds are powers of 2^(1/8), 9 % apart, as k6 has them. */
export const NATIVE_SCHEMA = 3;
const BUCKETS_PER_OCTAVE = 2 ** NATIVE_SCHEMA;

/** For each bucket of the engine's histograms its native bucket; the first one, of values below 1 us, is the zero bucket. */
const NATIVE_INDEXES = ((): Int16Array => {
  const indexes = new Int16Array(BUCKET_COUNT);
  for (let index = 1; index < BUCKET_COUNT; index++)
    indexes[index] = Math.ceil(Math.log2(highestValueAt(index) / 1e6) * BUCKETS_PER_OCTAVE);
  return indexes;
})();

/**
 * A native histogram of Prometheus, which only grows. Bucket i holds values from 2^((i-1)/8) to 2^(i/8) seconds. Count and
 * sum are exact; a value within 0.1 % below a bound may count as above it.
 */
export class NativeHistogram {
  count = 0;
  sumSeconds = 0;
  zeros = 0;
  readonly #counts = new Map<number, number>();

  /** Occupied buckets by rising index. */
  get buckets(): readonly (readonly [index: number, count: number])[] {
    return [...this.#counts].sort(([a], [b]) => a - b);
  }

  /** Adds microseconds. */
  add({ indexes, counts, count, sum }: HistogramSnapshot): void {
    for (let k = 0; k < indexes.length; k++) {
      const index = indexes[k]!;
      if (index === 0) {
        this.zeros += counts[k]!;
        continue;
      }
      const native = NATIVE_INDEXES[index]!;
      this.#counts.set(native, (this.#counts.get(native) ?? 0) + counts[k]!);
    }
    this.count += count;
    this.sumSeconds += sum / 1e6;
  }
}
