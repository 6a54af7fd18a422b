/** The promise for one operation; the verdict table of a report. Latencies judge answers with outcome `ok`. */
export interface Objective {
  /** Name of an operation; one that no scenario has is listed as not measurable. */
  readonly operation: string;
  /** Response time, in milliseconds, that 50 % of the answers stay under. @default not judged */
  readonly p50Ms?: number;
  /** The same of 95 %. @default not judged */
  readonly p95Ms?: number;
  /** The same of 99 %. @default not judged */
  readonly p99Ms?: number;
  /** Share of failed requests, 0 to 1, 429 included, that they stay under; 0: no request may fail. @default not judged */
  readonly errorRate?: number;
  /** Lowest throughput, per 100 users; of an open scenario it is taken as it is. @default not judged */
  readonly requestsPerSecondPer100Users?: number;
}
