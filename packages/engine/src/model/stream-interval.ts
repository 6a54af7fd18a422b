import type { HistogramSnapshot, TrendSnapshot } from './histogram-snapshot.ts';

/*
 * Measurements of streams; part of `SnapshotPart`, hence of the written record. A new count goes into `STREAM_COUNTS`, a new time
 * into `STREAM_TIMES` (`recorder/stream-measures.ts`): what is missing there is neither added up nor written. A new field of an
 * example is read by `replay/parse-snapshot.ts`, too.
 */

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
  /** Streams without content that their user hung up on, or that were interrupted: their time to it is at least their age. */
  leftWaiting: number;
  /**
   * Ended streams of operations with objectives (`good`); of those that were interrupted the ones that had missed an objective by
   * then, as the others could have met them.
   */
  judged: number;
  /** Of `judged`: those that met every objective. */
  good: number;
}

/** Times of streams, by name. */
export type StreamTime = 'ttft' | 'ttftSent' | 'ttfo' | 'ttlt' | 'tpot' | 'gap' | 'longestGap';

/** One complete stream with the arrival of its parts. Times are milliseconds. */
export interface StreamExample {
  /** Intended start, since the start of the run. */
  readonly startMs: number;
  /** First byte sent, after the intended start. */
  readonly sentMs: number;
  /** Last content, after the intended start. */
  readonly ttltMs: number;
  /** Parts with content. */
  readonly parts: number;
  readonly tokens: number;
  /** Arrival of the first parts with content, at most 2,000, after the intended start. */
  readonly arrivalsMs: readonly number[];
  /** Of its `traceparent`; absent: it carried none. */
  readonly traceId?: string;
}

/** Streams of one operation that are shown as examples. */
export interface StreamExamples {
  /** One whose time to the last content is near the median. */
  readonly median?: StreamExample;
  /** The one with the longest time to the last content. */
  readonly slowest?: StreamExample;
}

/** Tokens of single streams, as the server counted them. */
export interface StreamUsage {
  readonly input: TrendSnapshot;
  readonly output: TrendSnapshot;
}

/** Measurements of the streams of one operation: plain data. Histograms hold microseconds. */
export interface StreamInterval {
  readonly counts: Readonly<StreamCounts>;
  readonly times: Readonly<Record<StreamTime, HistogramSnapshot>>;
  /**
   * For outputs alone: in a `delta` only, absent in `total` and in what was read from a journal, as no document has it. Absent, too:
   * the server counted none.
   */
  readonly usage?: StreamUsage;
  /** Only those that are nearer to the median, or slower, than what was known before; absent: none. */
  readonly examples?: StreamExamples;
}
