import { OUTCOMES, outcomeOfStatus, type Outcome } from '@jarvis-load/engine/outcome';
import { Histogram, type OperationMeasures } from '@jarvis-load/engine/recorder';
import type { K6Tags } from './k6-line.ts';

/** The samples of one request, which k6 writes one after another. Times are milliseconds. */
export interface Trail {
  readonly endMs: number;
  readonly status: number;
  /** The outcome that k6 itself knows: nothing about the body. */
  readonly outcome: Outcome;
  /** Class and words of a failure. */
  readonly code: string;
  readonly message: string;
  duration: number;
  blocked: number;
  connecting: number;
  tls_handshaking: number;
  sending: number;
  waiting: number;
  receiving: number;
}

/** The samples that make a trail complete, by the metric's name without `http_req_`. */
export const TRAIL_PARTS = [
  'duration',
  'blocked',
  'connecting',
  'tls_handshaking',
  'sending',
  'waiting',
  'receiving',
] as const;

/** One of {@link TRAIL_PARTS}. */
export type TrailPart = (typeof TRAIL_PARTS)[number];

/** What the tags of a request say about it, the same for all requests of a series. */
export type TrailFacts = Pick<Trail, 'status' | 'outcome' | 'code' | 'message'>;

/** k6's error codes for time that ran out (lib/netext/httpext/error_codes.go): of a request, of a connect. */
const TIMEOUT_CODES: ReadonlySet<string> = new Set(['1050', '1211']);

/** Reads `status`, `error_code` and `error`. */
export function factsOf(tags: K6Tags): TrailFacts {
  const status = Number(tags['status'] ?? '0') || 0;
  const errorCode = tags['error_code'];
  const numeric = Number(errorCode ?? '0');
  const answered = numeric === 0 || (numeric >= 1400 && numeric < 1600);
  if (status === 0 || !answered) {
    return {
      status: 0,
      outcome: TIMEOUT_CODES.has(errorCode ?? '') ? 'timeout' : 'connection_error',
      code: errorCode === undefined ? 'unknown' : `k6_${errorCode}`,
      message: tags['error'] ?? 'no answer',
    };
  }
  return {
    status,
    outcome: outcomeOfStatus(status),
    code: `http_${status}`,
    message: `HTTP ${status}`,
  };
}

/** A trail whose parts are still to come. */
export function beginTrail(facts: TrailFacts, endMs: number): Trail {
  const missing = Number.NaN;
  return {
    ...facts,
    endMs,
    duration: missing,
    blocked: missing,
    connecting: missing,
    tls_handshaking: missing,
    sending: missing,
    waiting: missing,
    receiving: missing,
  };
}

/** Whether each part was there; a file that was cut off may end within a trail. */
export function isComplete(trail: Trail): boolean {
  for (const part of TRAIL_PARTS) if (Number.isNaN(trail[part])) return false;
  return true;
}

/**
 * From the moment a user asked for the request: k6's `blocked` holds waiting for a connection, DNS, connect and TLS.
 * Added in this order, because the script's own sample of it is found by being equal.
 */
export function responseMs(trail: Trail): number {
  return trail.blocked + trail.duration;
}

/** Counts a request under the outcome that the script, or else k6, gave it. */
export function recordTrail(measures: OperationMeasures, trail: Trail, outcome: Outcome): void {
  const index = OUTCOMES.indexOf(outcome);
  measures.outcomes[index]!++;
  measures.statuses.set(trail.status, (measures.statuses.get(trail.status) ?? 0) + 1);
  (measures.response[index] ??= new Histogram()).record(responseMs(trail) * 1000);
  (measures.service[index] ??= new Histogram()).record(trail.duration * 1000);
  measures.queueWait.record(trail.blocked * 1000);
  const [blocked, connecting, tls, sending, waiting, receiving] = measures.phases;
  blocked!.record(Math.max(0, trail.blocked - trail.connecting - trail.tls_handshaking) * 1000);
  connecting!.record(trail.connecting * 1000);
  tls!.record(trail.tls_handshaking * 1000);
  sending!.record(trail.sending * 1000);
  waiting!.record(trail.waiting * 1000);
  receiving!.record(trail.receiving * 1000);
}
