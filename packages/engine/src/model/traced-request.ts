import type { Outcome } from '../outcome.ts';

/**
 * A request that carried a `traceparent`. Times are milliseconds. Part of the written record and of the document: a new field is
 * read by `replay/parse-snapshot.ts`, too.
 */
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
