/** The promise for one operation; the verdict table of a report. Latencies judge answers with outcome `ok`. */
export interface Objective {
  readonly operation: string;
  /** Response time, in milliseconds, that 50 % of the answers stay under. */
  readonly p50Ms?: number;
  readonly p95Ms?: number;
  readonly p99Ms?: number;
  /** Highest share of failed requests, 0 to 1, 429 included. */
  readonly errorRate?: number;
  /** Lowest throughput, per 100 users. */
  readonly requestsPerSecondPer100Users?: number;
}
