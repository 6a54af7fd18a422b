/*
 * HdrHistogram's bucket layout (http://hdrhistogram.org, AbstractHistogram.java) for a lowest discernible value of 1 and
 * three significant digits. Three digits need 2000 steps of one unit; the next power of two is 2048 sub-buckets:
 *
 *   bucket 0 |0 ........ 2047|                       width 1
 *   bucket 1       |2048 ........ 4095|              width 2, only the upper 1024 sub-buckets are its own
 *   bucket 2              |4096 ........ 8191|       width 4
 *
 * so that one flat array holds them all: index = bucket * 1024 + (value >>> bucket), where sub-buckets below 1024 exist
 * only in bucket 0. Values are whole microseconds. An index below 2048 stands for a single value, one above for at most 1/1024 of its
 * values.
 *
 * Journals hold indexes of this layout, and documents histograms of it (`hdr-encoding.ts`): another layout could not read them.
 */

/** One hour in microseconds: the largest value that is not clamped. */
export const HIGHEST_TRACKABLE_VALUE = 3_600_000_000;
export const SIGNIFICANT_DIGITS = 3;
/** Indexes from 0 up to the one of {@link HIGHEST_TRACKABLE_VALUE}'s last bucket. */
export const BUCKET_COUNT = 23 * 1024;

/** Index of the bucket that holds a value: an integer from 0 to 2^32 - 1. Unsigned shifts, as values pass 2^31. */
export function bucketIndexOf(value: number): number {
  const bucket = 21 - Math.clz32(value | 2047);
  return (bucket << 10) + (value >>> bucket);
}

/** A bucket is as wide as 2 to the power of this. */
export function widthBitsAt(index: number): number {
  return index < 2048 ? 0 : (index >>> 10) - 1;
}

/** Smallest value of a bucket. */
export function lowestValueAt(index: number): number {
  const bucket = widthBitsAt(index);
  return (index - bucket * 1024) * 2 ** bucket;
}

/** Largest value of a bucket: what HdrHistogram calls the highest equivalent value. */
export function highestValueAt(index: number): number {
  const bucket = widthBitsAt(index);
  return (index - bucket * 1024 + 1) * 2 ** bucket - 1;
}

/** Middle of a bucket. */
export function medianValueAt(index: number): number {
  return (lowestValueAt(index) + highestValueAt(index) + (index < 2048 ? 0 : 1)) / 2;
}
