import { highestValueAt } from './bucket-layout.ts';
import { Histogram } from './histogram.ts';
import { rankOf } from './rank.ts';
import type { HistogramSnapshot } from '../model/histogram-snapshot.ts';

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
