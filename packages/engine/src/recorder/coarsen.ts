import type { HistogramSnapshot } from '../model/histogram-snapshot.ts';
import { BUCKET_COUNT, highestValueAt, lowestValueAt } from './bucket-layout.ts';

/** Eight buckets become one: 128 per doubling, each at most 0.8 % of its values wide. */
export const FINEST_SHIFT = 3;
/** 16 per doubling, 6 % wide. */
export const COARSEST_SHIFT = 6;
/** Where {@link coarsen} collects joined buckets: it runs each second for each operation, in the thread of the coordinator. */
const joinedIndexes = new Uint32Array(BUCKET_COUNT);
const joinedCounts = new Float64Array(BUCKET_COUNT);
/** Log2 of the number of buckets per doubling. */
const BUCKET_BITS = 10;

/**
 * Joins neighbouring buckets, so that the encoded histogram is small: `2 ** shift` of them, fewer for small values,
 * whose buckets are a larger part of them. The counts of joined buckets lie in the middle one, and every HDR reader can
 * read the outcome. Coarsening commutes with merging. Sum, minimum and maximum are those of the buckets.
 */
export function coarsen(snapshot: HistogramSnapshot, shift: number): HistogramSnapshot {
  const { indexes, counts } = snapshot;
  let length = 0;
  let sum = 0;
  for (let k = 0; k < indexes.length; k++) {
    const joined = joinedIndex(indexes[k]!, shift);
    const count = counts[k]!;
    if (length > 0 && joinedIndexes[length - 1] === joined) joinedCounts[length - 1]! += count;
    else {
      joinedIndexes[length] = joined;
      joinedCounts[length++] = count;
    }
    sum += count * lowestValueAt(joined);
  }
  return {
    indexes: joinedIndexes.slice(0, length),
    counts: joinedCounts.slice(0, length),
    count: snapshot.count,
    sum,
    min: length === 0 ? 0 : lowestValueAt(joinedIndexes[0]!),
    max: length === 0 ? 0 : highestValueAt(joinedIndexes[length - 1]!),
    clamped: snapshot.clamped,
  };
}

/** Widest joined bucket, as a share of its values. */
export function widthAt(shift: number): number {
  return 2 ** (shift - BUCKET_BITS);
}

function joinedIndex(index: number, shift: number): number {
  const width = shiftAt(index, shift);
  return ((index >>> width) << width) + (width === 0 ? 0 : 2 ** (width - 1));
}

/** Below index 1024 a bucket is one microsecond: joined to the same relative width, or not at all. */
function shiftAt(index: number, shift: number): number {
  const bits = 31 - Math.clz32(Math.max(1, index));
  return Math.max(0, Math.min(shift, shift - (BUCKET_BITS - bits)));
}
