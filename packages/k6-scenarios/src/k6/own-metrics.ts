/**
 * Names of the metrics that tests here add to k6's own; `@jarvis-load/reporter/ingest` reads them, also from files of
 * earlier runs, so they never change.
 */
export const OWN_METRICS = {
  /**
   * Counter: requests of the run by outcome. Tags: those of operation, request and group, `name`, `outcome`, for failures `code`,
   * and for `invalid_body` `reason`.
   */
  outcomes: 'jarvis_outcomes',
  /**
   * Trend: time from the user's request to the last byte, as the native engine's metric of that name. Same tags as
   * `outcomes`.
   */
  responseTime: 'response_time',
  /** Counter: iterations that ended with an exception, by `message`. */
  exceptions: 'jarvis_exceptions',
  /** Counter: started iterations. k6 counts only ended ones; the difference was interrupted by the end of the run. */
  started: 'jarvis_started_iterations',
  /**
   * Trend: turns on a WebSocket, from the user's request to the end of the answer, and openings that were refused. Same tags as
   * `outcomes`, but `reason` beside every `code`. Of tests that can open WebSockets.
   */
  turnTime: 'jarvis_turn_time',
} as const;

/** Trends of streams, with the names and meanings of the native engine's metrics; k6 knows no intended start. */
export const STREAM_METRICS = ['ttft', 'ttft_sent', 'ttlt', 'chunk_gap', 'longest_gap'] as const;

/** One of {@link STREAM_METRICS}. */
export type StreamMetric = (typeof STREAM_METRICS)[number];
