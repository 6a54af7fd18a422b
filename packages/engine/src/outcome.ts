/*
 * How requests end. Without dependencies, because the same code runs in the native engine and inside k6 (entry
 * `@jarvis-load/engine/outcome`).
 *
 * Must hold: documents, journals and exported metrics hold the names, so none is renamed. Counters are indexed by the place in
 * `OUTCOMES`, within one process alone. A new outcome of streams is optional in documents (`document/statistics-schema.ts`).
 */

/** Classification of a request that is not a stream; with `failed_in_band`, see `Operation.inBandError`. */
export const PLAIN_OUTCOMES = [
  'ok',
  'rate_limited',
  'unauthorized',
  'client_error',
  'server_error',
  'timeout',
  'connection_error',
  'invalid_body',
] as const;

/** What else may become of a streamed response; the last one of any. */
export const STREAM_OUTCOMES = [
  /** It ended before the part that ends it. */
  'truncated',
  /** No further part came within the operation's `idleTimeout`. */
  'stalled',
  /** It ended without content. */
  'empty',
  /** Scenario code left it before its end; not a failure. */
  'hung_up',
  /** The response itself reports an error, with a status of success; of any operation, streamed or not. */
  'failed_in_band',
] as const;

/** Classification of a request. */
export const OUTCOMES = [...PLAIN_OUTCOMES, ...STREAM_OUTCOMES] as const;

export type PlainOutcome = (typeof PLAIN_OUTCOMES)[number];
export type StreamOutcome = (typeof STREAM_OUTCOMES)[number];

/** Classification of a request; see {@link isFailure}. */
export type Outcome = PlainOutcome | StreamOutcome;

const OUTCOMES_WITHOUT_STREAM: readonly Outcome[] = [...PLAIN_OUTCOMES, 'failed_in_band'];

/** Outcomes that count as failures. */
export type Failure = Exclude<Outcome, 'ok' | 'hung_up'>;

/** The outcomes that requests of an operation can have. @param streamed whether its responses are streamed */
export function outcomesOf(streamed: boolean): readonly Outcome[] {
  return streamed ? OUTCOMES : OUTCOMES_WITHOUT_STREAM;
}

/** Whether requests with this outcome count as failed: hanging up is what the user did, not the target. */
export function isFailure(outcome: Outcome): outcome is Failure {
  return outcome !== 'ok' && outcome !== 'hung_up';
}

/** By the place in `OUTCOMES`: whether requests with that outcome count as failed. */
export const FAILS: readonly boolean[] = OUTCOMES.map(isFailure);

/** Failed requests among counts by outcome; outcomes left out count 0. */
export function failuresIn(counts: Readonly<Partial<Record<Outcome, number>>>): number {
  return OUTCOMES.reduce((sum, outcome) => sum + (isFailure(outcome) ? (counts[outcome] ?? 0) : 0), 0);
}

/** The outcome by status alone: 2xx, 3xx and the change to a WebSocket (101) are `ok`, what is neither these nor 4xx is `server_error`. */
export function outcomeOfStatus(status: number): Outcome {
  if (status >= 200 && status < 400) return 'ok';
  if (status === 429) return 'rate_limited';
  if (status === 401) return 'unauthorized';
  if (status >= 400 && status < 500) return 'client_error';
  if (status === 101) return 'ok';
  return 'server_error';
}
