/** Names of the metrics that every test of ours has beside k6's own; `@jarvis-load/reporter/ingest` reads them. */
export const OWN_METRICS = {
  /** Counter: every request of the run by its outcome. Tags `name`, `outcome`, and of failures `code` and `reason`. */
  outcomes: 'jarvis_outcomes',
  /** Trend: from asking for a request to its last byte, the native engine's metric of that name. Tagged as outcomes. */
  responseTime: 'response_time',
  /** Counter: iterations that ended with an exception, by `message`. */
  exceptions: 'jarvis_exceptions',
  /** Counter: iterations that began. k6 counts those that ended; the difference was cut off by the end of the run. */
  started: 'jarvis_started_iterations',
} as const;
