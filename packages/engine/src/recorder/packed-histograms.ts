import { EngineError } from '../errors.ts';
import type { HistogramSnapshot } from '../model/histogram-snapshot.ts';
import { BUCKET_COUNT, bucketIndexOf, lowestValueAt } from './bucket-layout.ts';
import { readVarint, writeVarint } from './varint.ts';

/*
 * Many histograms in few bytes; exact. Of each, as unsigned LEB128 numbers:
 *
 *   number of occupied buckets | for each: 2 x gap to the bucket before, + 1 if it holds more than one value, then
 *   their number - 2 | minimum and maximum, each above the lowest value of its bucket | number of clamped values |
 *   sum above that of the lowest values of the buckets; of odd ones the half below it
 *
 * Below 2.048 ms, where a bucket is one microsecond wide, the last four are 0. Nearly all numbers are small, so that a
 * Huffman code shortens what is written here by a third to a half; base64 between the two would prevent that.
 *
 * HdrHistogram's format (hdr-encoding.ts) has 48 bytes of headers, and no exact sum, minimum and maximum.
 */

/** Of a number up to 2^53. */
const MOST_BYTES_OF_NUMBER = 8;
const NONE = new Uint32Array(0);

/** Writes histograms one after the other. */
export class HistogramPacker {
  #bytes = new Uint8Array(16_384);
  #end = 0;
  #histograms = 0;

  /** @returns the place of the histogram in what {@link unpackHistograms} returns */
  add({ indexes, counts, sum, min, max, clamped }: HistogramSnapshot): number {
    this.#reserve((6 + 2 * indexes.length) * MOST_BYTES_OF_NUMBER);
    const bytes = this.#bytes;
    let end = writeVarint(indexes.length, bytes, this.#end);
    let next = 0;
    let lowestSum = 0;
    for (let k = 0; k < indexes.length; k++) {
      const index = indexes[k]!;
      const count = counts[k]!;
      end = writeVarint((index - next) * 2 + (count === 1 ? 0 : 1), bytes, end);
      if (count !== 1) end = writeVarint(count - 2, bytes, end);
      lowestSum += lowestValueAt(index) * count;
      next = index + 1;
    }
    if (indexes.length > 0) {
      const above = sum - lowestSum;
      end = writeVarint(min - lowestValueAt(indexes[0]!), bytes, end);
      end = writeVarint(max - lowestValueAt(indexes.at(-1)!), bytes, end);
      end = writeVarint(clamped, bytes, end);
      end = writeVarint(above < 0 ? -2 * above - 1 : 2 * above, bytes, end);
    }
    this.#end = end;
    return this.#histograms++;
  }

  /** All histograms; valid until the next call of {@link add}. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#end);
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#end + bytes));
    larger.set(this.bytes);
    this.#bytes = larger;
  }
}

/**
 * Reads what a {@link HistogramPacker} wrote.
 * @throws EngineError `invalid-histogram`
 */
export function unpackHistograms(bytes: Uint8Array): HistogramSnapshot[] {
  const histograms: HistogramSnapshot[] = [];
  let offset = 0;
  const read = (): number => {
    const number = readVarint(bytes, offset);
    if (number === undefined) throw invalid('it is cut off');
    offset = number.next;
    return number.value;
  };
  while (offset < bytes.length) histograms.push(readHistogram(read));
  return histograms;
}

function readHistogram(read: () => number): HistogramSnapshot {
  const buckets = read();
  if (buckets === 0) return EMPTY_HISTOGRAM;
  if (buckets > BUCKET_COUNT) throw invalid('it has more buckets than there are');
  const indexes = new Uint32Array(buckets);
  const counts = new Float64Array(buckets);
  let next = 0;
  let count = 0;
  let lowestSum = 0;
  for (let k = 0; k < buckets; k++) {
    const gap = read();
    const index = next + Math.floor(gap / 2);
    const own = gap % 2 === 0 ? 1 : read() + 2;
    if (index >= BUCKET_COUNT) throw invalid('a bucket is beyond the last one');
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
  if (!fits) throw invalid('its minimum and maximum are not in its first and last bucket');
  return { indexes, counts, count, sum, min, max, clamped };
}

/** Without values. */
export const EMPTY_HISTOGRAM: HistogramSnapshot = {
  indexes: NONE,
  counts: new Float64Array(0),
  count: 0,
  sum: 0,
  min: 0,
  max: 0,
  clamped: 0,
};

function invalid(problem: string): EngineError {
  return new EngineError('invalid-histogram', `cannot read a histogram of a snapshot: ${problem}.`);
}
