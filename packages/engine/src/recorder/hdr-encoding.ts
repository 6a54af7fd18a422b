import { deflateSync, inflateSync } from 'node:zlib';
import { EngineError } from '../errors.ts';
import {
  BUCKET_COUNT,
  bucketIndexOf,
  HIGHEST_TRACKABLE_VALUE,
  highestValueAt,
  lowestValueAt,
  medianValueAt,
  SIGNIFICANT_DIGITS,
} from './bucket-layout.ts';
import { Histogram } from './histogram.ts';
import type { HistogramSnapshot } from '../model/histogram-snapshot.ts';
import { readZigZag, writeZigZag } from './zigzag.ts';

/*
 * HdrHistogram's V2 format (AbstractHistogram.encodeIntoByteBuffer, big endian), deflated by zlib, in base64:
 *
 *   outer    0 cookie 0x1c849314 | 4 length of what follows | 8 zlib stream
 *   inner    0 cookie 0x1c849313 | 4 length of the counts | 8 normalizing index offset = 0 | 12 significant digits
 *           16 lowest discernible value, int64 | 24 highest trackable value, int64 | 32 conversion ratio = 1.0, double
 *           40 counts from index 0 to that of the maximum, ZigZag LEB128; a run of n > 1 zeros is written as -n
 *
 * hdr-histogram-js 3.0.1 writes offset 1 and an integer ratio, which the Rust reader refuses and the C one shifts.
 *
 * Documents and `.hlog` files hold it, so it does not change. It has no sum, minimum, maximum or number of clamped values:
 * documents have the first three beside it (`ExactTotals`), the last is 0 when read.
 */
const COMPRESSED_COOKIE = 0x1c849314;
const COOKIE = 0x1c849313;
const OUTER_HEADER_BYTES = 8;
const HEADER_BYTES = 40;
/** Largest possible histogram of this layout: nine bytes per count. */
const MOST_BYTES = HEADER_BYTES + BUCKET_COUNT * 9;

/** In microseconds; rounded when read, so a document's milliseconds times 1000 are precise enough. */
export interface ExactTotals {
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

/** Encodes a histogram of microseconds as base64 of HdrHistogram's compressed V2 format. */
export function encodeHistogram(histogram: Histogram | HistogramSnapshot): string {
  const snapshot = histogram instanceof Histogram ? histogram.snapshot() : histogram;
  const compressed = deflateSync(encodeUncompressed(snapshot));
  const outer = Buffer.alloc(OUTER_HEADER_BYTES);
  outer.writeUInt32BE(COMPRESSED_COOKIE, 0);
  outer.writeInt32BE(compressed.length, 4);
  return Buffer.concat([outer, compressed]).toString('base64');
}

/** HdrHistogram's V2 format before compression. */
export function encodeUncompressed(snapshot: HistogramSnapshot): Buffer {
  const counts = encodeCounts(snapshot);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(COOKIE, 0);
  header.writeInt32BE(counts.length, 4);
  header.writeInt32BE(0, 8);
  header.writeInt32BE(SIGNIFICANT_DIGITS, 12);
  header.writeBigInt64BE(1n, 16);
  header.writeBigInt64BE(BigInt(HIGHEST_TRACKABLE_VALUE), 24);
  header.writeDoubleBE(1, 32);
  return Buffer.concat([header, Uint8Array.from(counts)]);
}

/**
 * Reads what {@link encodeHistogram} wrote, or any V2 histogram of microseconds with three digits, a lowest value of 1, offset 0 and
 * ratio 1.
 * @param exact the sum, minimum and maximum stored beside it; without them the sum is computed from bucket middles
 * @throws EngineError `invalid-histogram`, also when the exact minimum or maximum lies in another bucket
 */
export function decodeHistogram(base64: string, exact?: ExactTotals): HistogramSnapshot {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length < OUTER_HEADER_BYTES || bytes.readUInt32BE(0) !== COMPRESSED_COOKIE) {
    throw invalid('it does not start with the mark of a compressed V2 histogram');
  }
  const length = bytes.readInt32BE(4);
  if (length < 0 || bytes.length < OUTER_HEADER_BYTES + length) throw invalid('it is cut off');
  let inner: Buffer;
  try {
    inner = inflateSync(bytes.subarray(OUTER_HEADER_BYTES, OUTER_HEADER_BYTES + length), {
      maxOutputLength: MOST_BYTES,
    });
  } catch (cause) {
    throw invalid('it cannot be inflated', cause);
  }
  checkHeader(inner);
  return withTotals(decodeCounts(inner.subarray(HEADER_BYTES)), exact);
}

function encodeCounts({ indexes, counts }: HistogramSnapshot): number[] {
  const bytes: number[] = [];
  let next = 0;
  indexes.forEach((index, k) => {
    const zeros = index - next;
    if (zeros === 1) writeZigZag(0, bytes);
    else if (zeros > 1) writeZigZag(-zeros, bytes);
    writeZigZag(counts[k]!, bytes);
    next = index + 1;
  });
  return bytes;
}

function checkHeader(inner: Buffer): void {
  if (inner.length < HEADER_BYTES) throw invalid('its header is cut off');
  const expected: readonly (readonly [what: string, found: number, expected: number])[] = [
    ['cookie', inner.readUInt32BE(0), COOKIE],
    ['length of the counts', inner.readInt32BE(4), inner.length - HEADER_BYTES],
    ['normalizing index offset', inner.readInt32BE(8), 0],
    ['number of significant digits', inner.readInt32BE(12), SIGNIFICANT_DIGITS],
    ['lowest discernible value', Number(inner.readBigInt64BE(16)), 1],
    ['conversion ratio', inner.readDoubleBE(32), 1],
  ];
  for (const [what, found, wanted] of expected) {
    if (found !== wanted) throw invalid(`its ${what} is ${found} instead of ${wanted}`);
  }
}

function decodeCounts(bytes: Buffer): { readonly indexes: number[]; readonly counts: number[] } {
  const indexes: number[] = [];
  const counts: number[] = [];
  let index = 0;
  for (let offset = 0; offset < bytes.length;) {
    const read = readZigZag(bytes, offset);
    if (read === undefined) throw invalid('a count is cut off or too large');
    offset = read.next;
    if (read.value > 0) {
      indexes.push(index);
      counts.push(read.value);
    }
    index += read.value < 0 ? -read.value : 1;
    if (index > BUCKET_COUNT) throw invalid('it holds values above one hour');
  }
  return { indexes, counts };
}

function withTotals(
  { indexes, counts }: { readonly indexes: number[]; readonly counts: number[] },
  exact?: ExactTotals,
): HistogramSnapshot {
  const count = counts.reduce((sum, some) => sum + some, 0);
  const buckets = {
    indexes: Uint32Array.from(indexes),
    counts: Float64Array.from(counts),
    count,
    clamped: 0,
  };
  const first = indexes[0];
  const last = indexes.at(-1);
  if (first === undefined || last === undefined) return { ...buckets, sum: 0, min: 0, max: 0 };
  if (exact === undefined) {
    return {
      ...buckets,
      sum: counts.reduce((sum, some, k) => sum + some * medianValueAt(indexes[k]!), 0),
      min: lowestValueAt(first),
      max: Math.min(highestValueAt(last), HIGHEST_TRACKABLE_VALUE),
    };
  }
  const { sum, min, max } = exact;
  const totals = { sum: Math.round(sum), min: Math.round(min), max: Math.round(max) };
  if (bucketIndexOf(totals.min) !== first || bucketIndexOf(totals.max) !== last) {
    throw invalid(`it does not have the minimum ${min} us and the maximum ${max} us that are given for it`);
  }
  return { ...buckets, ...totals };
}

function invalid(problem: string, cause?: unknown): EngineError {
  return new EngineError(
    'invalid-histogram',
    `the encoded histogram cannot be read: ${problem}; expected base64 of HdrHistogram's compressed V2 format with ` +
      `three digits and a lowest value of 1. Was the file cut or edited?`,
    { cause },
  );
}
