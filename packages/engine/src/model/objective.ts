/**
 * Limits for one operation, one row of the verdict table in reports. Latency limits apply to responses with outcome `ok`. A value
 * at its limit breaks the promise, but an `errorRate` of 0.
 */
export interface Objective {
  /** Name of an operation; one that no scenario declares is listed as not measurable. */
  readonly operation: string;
  /** Limit of the median response time, in milliseconds. @default not judged */
  readonly p50Ms?: number;
  /** Limit of the 95th percentile of the response time, in milliseconds. @default not judged */
  readonly p95Ms?: number;
  /** Limit of the 99th percentile of the response time, in milliseconds. @default not judged */
  readonly p99Ms?: number;
  /** Limit of the share of failed requests, 0 to 1, status 429 included; 0: no request may fail. @default not judged */
  readonly errorRate?: number;
  /**
   * Minimum throughput per 100 users; for a scenario of the open model, minimum throughput regardless of users.
   * @default not judged
   */
  readonly requestsPerSecondPer100Users?: number;
}
