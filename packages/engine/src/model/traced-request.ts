import type { Outcome } from '../outcome.ts';

/** A request that carried a `traceparent`. Times are milliseconds. */
export interface TracedRequest {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** Intended start, since the start of the run. */
  readonly atMs: number;
  /** From the intended start to the end. */
  readonly responseTimeMs: number;
  /** 0: no response. */
  readonly status: number;
  readonly outcome: Outcome;
}

/** The requests of one operation that carried a `traceparent`. */
export interface TracedRequests {
  readonly requests: number;
  /** Only those that are slower than what was known before, slowest first. */
  readonly slowest: readonly TracedRequest[];
}
