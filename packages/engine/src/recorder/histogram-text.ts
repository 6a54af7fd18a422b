import { EngineError } from '../errors.ts';
import type { HistogramSnapshot } from '../model/histogram-snapshot.ts';
import { bucketIndexOf, HIGHEST_TRACKABLE_VALUE } from './bucket-layout.ts';
import { readVarint, writeVarint } from './varint.ts';

/*
 * The values of a histogram in as few characters as a short text allows; exact. Base64 of unsigned LEB128 numbers:
 *
 *   sum | minimum | maximum | clamped | for each occupied bucket: 2 x gap to the bucket before, + 1 if it holds
 *   more than one value, then their number
 *
 * HdrHistogram's format (hdr-encoding.ts) has 48 bytes of headers, and no exact sum, minimum and maximum: too large for
 * many small histograms each second.
 */

/** Of a count, up to 2^53. */
const MOST_BYTES_OF_NUMBER = 8;
/** Where {@link histogramText} writes, as it is called some hundred times a second. */
let scratch = Buffer.allocUnsafe(4096);

/** @returns the empty text for an empty histogram */
export function histogramText(snapshot: HistogramSnapshot): string {
  if (snapshot.count === 0) return '';
  const { sum, min, max, clamped, indexes, counts } = snapshot;
  const most = (4 + 2 * indexes.length) * MOST_BYTES_OF_NUMBER;
  if (scratch.length < most) scratch = Buffer.allocUnsafe(2 * most);
  let end = 0;
  for (const total of [sum, min, max, clamped]) end = writeVarint(total, scratch, end);
  let next = 0;
  for (let k = 0; k < indexes.length; k++) {
    const index = indexes[k]!;
    const count = counts[k]!;
    end = writeVarint((index - next) * 2 + (count === 1 ? 0 : 1), scratch, end);
    if (count !== 1) end = writeVarint(count, scratch, end);
    next = index + 1;
  }
  return scratch.toString('base64', 0, end);
}

/** Reads what {@link histogramText} wrote. @throws EngineError `invalid-histogram` */
export function readHistogramText(text: string): HistogramSnapshot {
  if (text === '') return snapshotOf([], [], 0, 0, 0, 0);
  const bytes = Buffer.from(text, 'base64');
  let offset = 0;
  const read = (): number => {
    const number = readVarint(bytes, offset);
    if (number === undefined) throw invalid('it is cut off');
    offset = number.next;
    return number.value;
  };
  const [sum, min, max, clamped] = [read(), read(), read(), read()];
  const indexes: number[] = [];
  const counts: number[] = [];
  let next = 0;
  while (offset < bytes.length) {
    const gap = read();
    const index = next + Math.floor(gap / 2);
    indexes.push(index);
    counts.push(gap % 2 === 0 ? 1 : read());
    next = index + 1;
  }
  const fits =
    min <= max &&
    max <= HIGHEST_TRACKABLE_VALUE &&
    indexes[0] === bucketIndexOf(min) &&
    indexes.at(-1) === bucketIndexOf(max);
  if (!fits) throw invalid('its minimum and maximum are not in its first and last bucket');
  return snapshotOf(indexes, counts, sum, min, max, clamped);
}

function snapshotOf(
  indexes: readonly number[],
  counts: readonly number[],
  sum: number,
  min: number,
  max: number,
  clamped: number,
): HistogramSnapshot {
  const count = counts.reduce((all, each) => all + each, 0);
  return {
    indexes: Uint32Array.from(indexes),
    counts: Float64Array.from(counts),
    count,
    sum,
    min,
    max,
    clamped,
  };
}

function invalid(problem: string): EngineError {
  return new EngineError('invalid-histogram', `cannot read a histogram of a snapshot: ${problem}.`);
}
