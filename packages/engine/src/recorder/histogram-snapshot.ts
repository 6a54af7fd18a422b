import { highestValueAt } from './bucket-layout.ts';
import { Histogram } from './histogram.ts';
import { rankOf } from './rank.ts';
import type { HistogramSnapshot } from '../model/histogram-snapshot.ts';

/** Adds snapshots up, exactly. */
export function mergeSnapshots(snapshots: readonly HistogramSnapshot[]): HistogramSnapshot {
  const [only, other] = snapshots;
  if (only !== undefined && snapshots.length === 1) return only;
  if (only !== undefined && other !== undefined && snapshots.length === 2) return mergeTwo(only, other);
  const merged = new Histogram();
  for (const snapshot of snapshots) merged.addSnapshot(snapshot);
  return merged.snapshot();
}

/** Merges the sorted buckets of two, without the array of all buckets that {@link Histogram} needs. */
function mergeTwo(a: HistogramSnapshot, b: HistogramSnapshot): HistogramSnapshot {
  if (a.count === 0 || b.count === 0) return a.count === 0 ? b : a;
  const indexes = new Uint32Array(a.indexes.length + b.indexes.length);
  const counts = new Float64Array(indexes.length);
  let i = 0;
  let j = 0;
  let k = 0;
  while (i < a.indexes.length || j < b.indexes.length) {
    const left = a.indexes[i] ?? Number.POSITIVE_INFINITY;
    const right = b.indexes[j] ?? Number.POSITIVE_INFINITY;
    indexes[k] = Math.min(left, right);
    if (left <= right) counts[k]! += a.counts[i++]!;
    if (right <= left) counts[k]! += b.counts[j++]!;
    k++;
  }
  return {
    indexes: indexes.slice(0, k),
    counts: counts.slice(0, k),
    count: a.count + b.count,
    sum: a.sum + b.sum,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    clamped: a.clamped + b.clamped,
  };
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
