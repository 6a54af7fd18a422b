/**
 * The values of a `Histogram` as a plain object: sparse, can be sent by `postMessage` and `structuredClone`.
 *
 * Must hold: nobody changes a snapshot or its arrays, nor transfers their buffers. Histograms, merges and records keep it by
 * reference.
 */
export interface HistogramSnapshot {
  /** Occupied buckets, ascending. */
  readonly indexes: Uint32Array;
  /** Number of values in each occupied bucket. */
  readonly counts: Float64Array;
  readonly count: number;
  /** Microseconds. */
  readonly sum: number;
  /** Exact, in microseconds; 0 when `count` is 0. */
  readonly min: number;
  readonly max: number;
  /** Number of values that were out of range and moved to its limit. */
  readonly clamped: number;
}

/** The values of a `TrendHistogram` as a plain object, can be sent by `postMessage`. */
export interface TrendSnapshot {
  /** Occupied bins, ascending. */
  readonly indexes: Uint32Array;
  readonly counts: Float64Array;
  /** Largest value recorded in each bin. */
  readonly highs: Float64Array;
  readonly count: number;
  readonly sum: number;
  /** 0 when `count` is 0. */
  readonly min: number;
  readonly max: number;
  readonly rejected: number;
}
