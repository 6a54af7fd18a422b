/** The values of a `Histogram` as a plain object: sparse, can be sent by `postMessage` and `structuredClone`. */
export interface HistogramSnapshot {
  /** Occupied buckets, ascending. */
  readonly indexes: Uint32Array;
  /** How many values each of them holds. */
  readonly counts: Float64Array;
  readonly count: number;
  /** Microseconds. */
  readonly sum: number;
  /** Exact, in microseconds; 0 when `count` is 0. */
  readonly min: number;
  readonly max: number;
  /** Values that were out of range and moved to the limit. */
  readonly clamped: number;
}

/** The values of a `TrendHistogram` as a plain object, fit for `postMessage`. */
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
