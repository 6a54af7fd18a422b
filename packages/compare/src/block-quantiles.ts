import { lowestValueAt, type HistogramSnapshot } from '@jarvis-load/engine/recorder';

/**
 * Quantiles of any mixture of the blocks of a run, fast enough for thousands of mixtures. Values are natural logarithms of
 * microseconds; `weights` has one number per block.
 */
export class BlockQuantiles {
  readonly blocks: number;
  /** Values in each block. */
  readonly counts: Float64Array;
  /** Logarithm of the value of each bucket that occurs in any block. */
  readonly #logs: Float64Array;
  /** Of each bucket, one number per block: how many values lie in it or below. */
  readonly #upTo: Float64Array;
  readonly #logWidth: number;

  /** @param bucketWidth widest bucket, as a share of its values */
  constructor(times: readonly (HistogramSnapshot | undefined)[], bucketWidth: number) {
    this.blocks = times.length;
    this.#logWidth = Math.log1p(bucketWidth);
    const indexes = [...new Set(times.flatMap((each) => (each === undefined ? [] : [...each.indexes])))].sort(
      (a, b) => a - b,
    );
    const position = new Map(indexes.map((index, k) => [index, k]));
    this.#logs = Float64Array.from(indexes, (index) => Math.log(Math.max(1, lowestValueAt(index))));
    this.#upTo = new Float64Array(indexes.length * this.blocks);
    times.forEach((each, block) => {
      each?.indexes.forEach((index, k) => {
        this.#upTo[position.get(index)! * this.blocks + block] = each.counts[k]!;
      });
    });
    for (let at = this.blocks; at < this.#upTo.length; at++) this.#upTo[at]! += this.#upTo[at - this.blocks]!;
    // Without a value there is no bucket: every block has 0 values.
    this.counts =
      indexes.length === 0
        ? new Float64Array(this.blocks)
        : this.#upTo.slice(this.#upTo.length - this.blocks);
  }

  /**
   * Logarithm of a quantile, where block k counts `weights[k]` times; NaN where there is no value. Interpolated within
   * its bucket, so that the width of the buckets adds no steps.
   */
  logQuantile(p: number, weights: Float64Array): number {
    const total = this.#sum(this.#logs.length - 1, weights);
    if (!(total > 0)) return Number.NaN;
    const rank = p * total;
    const bucket = this.#bucketOf(rank, weights);
    const below = bucket === 0 ? 0 : this.#sum(bucket - 1, weights);
    const here = this.#sum(bucket, weights) - below;
    return this.#logs[bucket]! + ((rank - below) / here - 0.5) * this.#logWidth;
  }

  /** How many values of each block lie in the bucket of the run's quantile or below. */
  countsUpTo(p: number): Float64Array {
    const weights = new Float64Array(this.blocks).fill(1);
    const bucket = this.#bucketOf(p * this.#sum(this.#logs.length - 1, weights), weights);
    return this.#upTo.slice(bucket * this.blocks, (bucket + 1) * this.blocks);
  }

  /** Mean logarithm of the values of each block; of an empty one that of all. */
  logMeans(): number[] {
    const sums = new Float64Array(this.blocks);
    this.#logs.forEach((log, bucket) => {
      const at = bucket * this.blocks;
      for (let block = 0; block < this.blocks; block++) {
        const below = bucket === 0 ? 0 : this.#upTo[at - this.blocks + block]!;
        sums[block]! += log * (this.#upTo[at + block]! - below);
      }
    });
    const count = this.counts.reduce((sum, each) => sum + each, 0);
    const all = sums.reduce((sum, each) => sum + each, 0) / Math.max(1, count);
    return Array.from(sums, (sum, block) => (this.counts[block] === 0 ? all : sum / this.counts[block]!));
  }

  /** The first bucket with `rank` values up to it. */
  #bucketOf(rank: number, weights: Float64Array): number {
    let low = 0;
    let high = this.#logs.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sum(middle, weights) >= rank) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #sum(bucket: number, weights: Float64Array): number {
    if (bucket < 0) return 0;
    let sum = 0;
    const start = bucket * this.blocks;
    for (let block = 0; block < this.blocks; block++) sum += weights[block]! * this.#upTo[start + block]!;
    return sum;
  }
}
