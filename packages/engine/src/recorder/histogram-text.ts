import { EngineError } from '../errors.ts';
import type { HistogramSnapshot } from '../model/histogram-snapshot.ts';
import { bucketIndexOf, HIGHEST_TRACKABLE_VALUE } from './bucket-layout.ts';
import { EMPTY_HISTOGRAM } from './packed-histograms.ts';
import { readVarint } from './varint.ts';

/*
 * A histogram as records of format 1 have it, exact; read, not written any more. Base64 of unsigned LEB128 numbers:
 *
 *   sum | minimum | maximum | clamped | for each occupied bucket: 2 x gap to the bucket before, + 1 if it holds
 *   more than one value, then their number
 */

/** Reads a histogram of a record of format 1. @throws EngineError `invalid-histogram` */
export function readHistogramText(text: string): HistogramSnapshot {
  if (text === '') return EMPTY_HISTOGRAM;
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
