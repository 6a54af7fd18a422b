import type { HistogramSnapshot } from '../model/histogram-snapshot.ts';
import { BUCKET_COUNT, bucketIndexOf, lowestValueAt } from './bucket-layout.ts';
import { EMPTY_HISTOGRAM, invalidHistogram } from './packed-histograms.ts';
import { readVarint } from './varint.ts';

/*
 * Histograms of records of format 2, which are read but not written any more. Of each, as unsigned LEB128 numbers:
 *
 *   number of occupied buckets | for each: 2 x gap to the bucket before, + 1 if it holds more than one value, then
 *   their number - 2 | minimum and maximum, each above the lowest value of its bucket | number of clamped values |
 *   sum above that of the lowest values of the buckets; of odd ones the half below it
 */

/** @throws EngineError `invalid-histogram` */
export function unpackHistograms2(bytes: Uint8Array): HistogramSnapshot[] {
  const histograms: HistogramSnapshot[] = [];
  let offset = 0;
  const read = (): number => {
    const number = readVarint(bytes, offset) ?? invalidHistogram('it is cut off');
    offset = number.next;
    return number.value;
  };
  while (offset < bytes.length) histograms.push(readHistogram(read));
  return histograms;
}

function readHistogram(read: () => number): HistogramSnapshot {
  const buckets = read();
  if (buckets === 0) return EMPTY_HISTOGRAM;
  if (buckets > BUCKET_COUNT) invalidHistogram('it has more buckets than there are');
  const indexes = new Uint32Array(buckets);
  const counts = new Float64Array(buckets);
  let next = 0;
  let count = 0;
  let lowestSum = 0;
  for (let k = 0; k < buckets; k++) {
    const gap = read();
    const index = next + Math.floor(gap / 2);
    const own = gap % 2 === 0 ? 1 : read() + 2;
    if (index >= BUCKET_COUNT) invalidHistogram('a bucket is beyond the last one');
    indexes[k] = index;
    counts[k] = own;
    count += own;
    lowestSum += lowestValueAt(index) * own;
    next = index + 1;
  }
  const min = read() + lowestValueAt(indexes[0]!);
  const max = read() + lowestValueAt(indexes.at(-1)!);
  const clamped = read();
  const above = read();
  const sum = lowestSum + (above % 2 === 0 ? above / 2 : -(above + 1) / 2);
  const fits = min <= max && bucketIndexOf(min) === indexes[0] && bucketIndexOf(max) === indexes.at(-1);
  if (!fits) invalidHistogram('its minimum and maximum are not in its first and last bucket');
  return { indexes, counts, count, sum, min, max, clamped };
}
