import { BUCKET_COUNT } from './bucket-layout.ts';
import { Histogram } from './histogram.ts';
import type { HistogramSnapshot } from '../model/histogram-snapshot.ts';

/** Where two are merged. */
const scratchIndexes = new Uint32Array(BUCKET_COUNT);
const scratchCounts = new Float64Array(BUCKET_COUNT);

/** Adds snapshots up, exactly. May return one of them: nobody changes a snapshot. */
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
  const indexes = scratchIndexes;
  const counts = scratchCounts;
  let i = 0;
  let j = 0;
  let k = 0;
  while (i < a.indexes.length || j < b.indexes.length) {
    const left = a.indexes[i] ?? Number.POSITIVE_INFINITY;
    const right = b.indexes[j] ?? Number.POSITIVE_INFINITY;
    indexes[k] = Math.min(left, right);
    counts[k] = 0;
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
