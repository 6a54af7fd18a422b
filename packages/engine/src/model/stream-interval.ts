import type { HistogramSnapshot } from './histogram-snapshot.ts';

/** Counts of streams, summed over threads and intervals. */
export interface StreamCounts {
  /** Responses that ended or were interrupted, whatever became of them. */
  streams: number;
  /** Events received, those without content included. */
  events: number;
  /** Parts with content. */
  parts: number;
  /** Output tokens: as the server counted them where it did, else those of the parts. */
  tokens: number;
  /** Streams whose tokens the server counted. */
  streamsWithUsage: number;
  /** Input tokens, where the server counted them. */
  inputTokens: number;
  /** Ended streams of operations with objectives (`good`); those that the end of the run interrupted are not judged. */
  judged: number;
  /** Of `judged`: those that met every objective. */
  good: number;
}

/** Times of streams, by name. */
export type StreamTime = 'ttft' | 'ttftSent' | 'ttfo' | 'ttlt' | 'tpot' | 'gap' | 'longestGap';

/** Measurements of the streams of one operation: plain data. Histograms hold microseconds. */
export interface StreamInterval {
  readonly counts: Readonly<StreamCounts>;
  readonly times: Readonly<Record<StreamTime, HistogramSnapshot>>;
}
