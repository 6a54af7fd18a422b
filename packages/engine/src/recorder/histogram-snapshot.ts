import { highestValueAt } from './bucket-layout.ts';
import { Histogram } from './histogram.ts';
import { rankOf } from './rank.ts';

/** The values of a {@link Histogram} as a plain object: sparse, can be sent by `postMessage` and `structuredClone`. */
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

/** Adds snapshots up, exactly. */
export function mergeSnapshots(snapshots: readonly HistogramSnapshot[]): HistogramSnapshot {
  const [only] = snapshots;
  if (only !== undefined && snapshots.length === 1) return only;
  const merged = new Histogram();
  for (const snapshot of snapshots) merged.addSnapshot(snapshot);
  return merged.snapshot();
}

/** {@link Histogram.quantile} without unpacking: microseconds, `undefined` when empty. */
export function quantileOfSnapshot(snapshot: HistogramSnapshot, p: number): number | undefined {
  if (snapshot.count === 0) return undefined;
  if (p <= 0) return snapshot.min;
  let left = rankOf(p, snapshot.count);
  for (let k = 0; k < snapshot.indexes.length - 1; k++) {
    left -= snapshot.counts[k]!;
    if (left <= 0) return highestValueAt(snapshot.indexes[k]!);
  }
  return snapshot.max;
}
