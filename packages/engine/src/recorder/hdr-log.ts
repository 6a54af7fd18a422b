import { encodeHistogram } from './hdr-encoding.ts';
import type { HistogramSnapshot } from '../model/histogram-snapshot.ts';

/** One line of an interval log: what completed in an interval, for one tag. */
export interface LogInterval {
  /** Such as the name of an operation. */
  readonly tag?: string;
  /** Since the start of the log, in milliseconds. */
  readonly startMs: number;
  readonly endMs: number;
  readonly histogram: HistogramSnapshot;
}

/**
 * The head of an HdrHistogram interval log, `.hlog` (HistogramLogWriter.java, format 1.3). Timestamps of the lines are
 * seconds since the base time; histograms hold microseconds; `Interval_Max` is in milliseconds.
 * @param startEpochMs milliseconds since 1970
 */
export function formatLogHeader(startEpochMs: number): string {
  const seconds = (startEpochMs / 1000).toFixed(3);
  return [
    '#[Histogram log format version 1.3]',
    `#[StartTime: ${seconds} (seconds since epoch), ${new Date(startEpochMs).toISOString()}]`,
    `#[BaseTime: ${seconds} (seconds since epoch)]`,
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
    '',
  ].join('\n');
}

/** One line of an interval log, with its line break. */
export function formatLogLine({ tag, startMs, endMs, histogram }: LogInterval): string {
  const seconds = (ms: number): string => (ms / 1000).toFixed(3);
  const max = (histogram.max / 1000).toFixed(3);
  const prefix = tag === undefined || tag === '' ? '' : `Tag=${plainTag(tag)},`;
  return `${prefix}${seconds(startMs)},${seconds(endMs - startMs)},${max},${encodeHistogram(histogram)}\n`;
}

/** The format has no quoting: replace commas, spaces, control characters and bidirectional overrides in a tag. */
function plainTag(tag: string): string {
  return tag.replace(/[,\s\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, '_');
}
