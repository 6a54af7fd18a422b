import type { HistogramSnapshot } from '../model/histogram-snapshot.ts';
import { highestValueAt } from './bucket-layout.ts';
import { rankOf } from './rank.ts';

/** The quantile of a snapshot as `Histogram.quantile` defines it, without an array of buckets: microseconds, `undefined` when empty. */
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
