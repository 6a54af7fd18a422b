import type { OperationPart } from '@jarvis-load/engine';
import { timeStats, type TimeStats } from './time-stats.ts';

/** The counts of {@link StreamRow}, in the order of columns. */
export const STREAM_COUNTS = ['streams', 'chunks', 'tokens', 'judged', 'good'] as const;
/** The times of {@link StreamRow} with their name in columns and fields, in the order of columns. */
export const STREAM_TIMES = [
  ['ttftMs', 'ttft'],
  ['ttftSentMs', 'ttft_sent'],
  ['ttltMs', 'ttlt'],
  ['gapMs', 'gap'],
  ['longestGapMs', 'longest_gap'],
] as const;

/** Streams of one operation that ended or were interrupted in one interval. */
export type StreamRow = Readonly<Record<(typeof STREAM_COUNTS)[number], number>> &
  Readonly<Record<(typeof STREAM_TIMES)[number][0], TimeStats>>;

/** The row of one operation; undefined: its responses are not streamed, or none ended or was interrupted. */
export function streamRow({ streams }: OperationPart): StreamRow | undefined {
  if (streams === undefined) return undefined;
  const { counts, times } = streams;
  return {
    streams: counts.streams,
    chunks: counts.parts,
    tokens: counts.tokens,
    judged: counts.judged,
    good: counts.good,
    ttftMs: timeStats([times.ttft]),
    ttftSentMs: timeStats([times.ttftSent]),
    ttltMs: timeStats([times.ttlt]),
    gapMs: timeStats([times.gap]),
    longestGapMs: timeStats([times.longestGap]),
  };
}
