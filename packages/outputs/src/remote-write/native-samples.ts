import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { NativeSeries } from '../metrics/k6-native-metrics.ts';
import { NATIVE_SCHEMA, type NativeHistogram } from '../metrics/native-histogram.ts';
import {
  encodeLabels,
  STALE_MARKER,
  TIME_SERIES,
  type SenderLabels,
  type WriteRequest,
} from './write-request.ts';

/** Field numbers of `Histogram` and `BucketSpan` in `prompb/types.proto`. */
const HISTOGRAMS = 4;
const COUNT = 1;
const SUM = 3;
const SCHEMA = 4;
const ZERO_THRESHOLD = 5;
const ZERO_COUNT = 6;
const POSITIVE_SPANS = 11;
const POSITIVE_DELTAS = 12;
const TIMESTAMP = 15;
const SPAN_OFFSET = 1;
const SPAN_LENGTH = 2;

/** Values below a microsecond count as zero. */
const ZERO_SECONDS = 1e-6;

/** A sample of every native histogram, or a stale marker at the end. @param timeMs since the epoch */
export function nativeSamples(
  all: readonly NativeSeries[],
  sender: SenderLabels,
  timeMs: number,
  stale: boolean,
): WriteRequest {
  const writer = new BinaryWriter();
  for (const { name, labels, histogram } of all) {
    writer.tag(TIME_SERIES, WireType.LengthDelimited).fork();
    writer.raw(encodeLabels(name, [...labels, ...Object.entries(sender)]));
    writer.tag(HISTOGRAMS, WireType.LengthDelimited).fork();
    if (stale) writeStale(writer);
    else writeHistogram(writer, histogram);
    writer.tag(TIMESTAMP, WireType.Varint).int64(timeMs).join().join();
  }
  return { body: writer.finish(), points: all.length };
}

function writeStale(writer: BinaryWriter): void {
  writer.tag(COUNT, WireType.Varint).uint64(0);
  writer.tag(SUM, WireType.Bit64).raw(STALE_MARKER);
  writer.tag(SCHEMA, WireType.Varint).sint32(NATIVE_SCHEMA);
  writer.tag(ZERO_COUNT, WireType.Varint).uint64(0);
}

function writeHistogram(writer: BinaryWriter, { count, sumSeconds, zeros, buckets }: NativeHistogram): void {
  writer.tag(COUNT, WireType.Varint).uint64(count);
  writer.tag(SUM, WireType.Bit64).double(sumSeconds);
  writer.tag(SCHEMA, WireType.Varint).sint32(NATIVE_SCHEMA);
  writer.tag(ZERO_THRESHOLD, WireType.Bit64).double(ZERO_SECONDS);
  writer.tag(ZERO_COUNT, WireType.Varint).uint64(zeros);
  for (const { offset, length } of spansOf(buckets)) {
    writer.tag(POSITIVE_SPANS, WireType.LengthDelimited).fork();
    writer.tag(SPAN_OFFSET, WireType.Varint).sint32(offset);
    writer.tag(SPAN_LENGTH, WireType.Varint).uint32(length).join();
  }
  if (buckets.length === 0) return;
  writer.tag(POSITIVE_DELTAS, WireType.LengthDelimited).fork();
  let before = 0;
  for (const [, each] of buckets) {
    writer.sint64(each - before);
    before = each;
  }
  writer.join();
}

/** Rows of neighbouring buckets: the first offset is an index, each further one the distance from the row before. */
function spansOf(buckets: NativeHistogram['buckets']): { offset: number; length: number }[] {
  const spans: { offset: number; length: number }[] = [];
  let next = 0;
  for (const [index] of buckets) {
    const last = spans.at(-1);
    if (last !== undefined && index === next) last.length++;
    else spans.push({ offset: index - next, length: 1 });
    next = index + 1;
  }
  return spans;
}
