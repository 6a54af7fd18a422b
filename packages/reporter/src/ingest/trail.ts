/**
 * The samples of one request of k6, and what they say of it. Times in milliseconds.
 *
 * Must hold:
 * - Parts of a trail are NaN until read; `responseMs` and `requestSampleOf` are called only once `isComplete` is true.
 * - `responseMs` is `blocked + duration`, unrounded, as `k6-response.ts` of `packages/k6-scenarios` does: `UntoldRequests`
 *   finds the request of a script's sample by exact equality.
 */
import type { RequestSample } from '@jarvis-load/engine/ingest';
import { outcomeOfStatus, type Outcome } from '@jarvis-load/engine/outcome';
import type { K6Tags } from './k6-line.ts';

/** Outcome of a request as far as k6 knows it, which excludes the body. */
export interface TrailVerdict {
  readonly outcome: Outcome;
  /** Code and message of a failure. */
  readonly code: string;
  readonly message: string;
}

/** Facts from the tags of a request, the same for all requests of a series. */
export interface TrailFacts {
  /** 0: no answer; null: not in the output. */
  readonly status: number | null;
  /**
   * Selected by the sample of `http_req_failed` that ends the request; k6 writes none if the script disabled it
   * (`responseCallback` null).
   */
  readonly passed: TrailVerdict;
  readonly failed: TrailVerdict;
  readonly unjudged: TrailVerdict;
  /** Tags that the script gave to the request, and the group, without those of its operation; undefined: none. */
  readonly tags: Readonly<Record<string, string>> | undefined;
}

/** The samples of one request, which are consecutive in k6's output. */
export interface Trail {
  readonly endMs: number;
  readonly facts: TrailFacts;
  verdict: TrailVerdict;
  duration: number;
  blocked: number;
  connecting: number;
  tls_handshaking: number;
  sending: number;
  waiting: number;
  receiving: number;
}

/** The samples of a complete trail, named by metric without `http_req_`. */
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

/** k6's error codes for timeouts (lib/netext/httpext/error_codes.go): of a request, of a connect. */
const TIMEOUT_CODES: ReadonlySet<string> = new Set(['1050', '1211']);

const OK: TrailVerdict = { outcome: 'ok', code: '', message: '' };

/**
 * Reads `status`, `error_code`, `error` and `expected_response`. The script's `systemTags` decide which of them exist;
 * k6's own verdict `http_req_failed` does not depend on them and takes expected statuses into account.
 * @param ofOperation tags of the operation: those names are left out of `tags`
 */
export function factsOf(k6Tags: K6Tags, ofOperation: K6Tags = {}): TrailFacts {
  return { ...verdictsOf(k6Tags), tags: ownTags(k6Tags, ofOperation) };
}

/** Tags that k6 itself gives (metrics/system_tag.go), but for the group. */
const SYSTEM_TAGS: ReadonlySet<string> = new Set([
  'proto',
  'subproto',
  'status',
  'method',
  'url',
  'name',
  'check',
  'error',
  'error_code',
  'tls_version',
  'scenario',
  'service',
  'expected_response',
  'iter',
  'vu',
  'ocsp_status',
  'ip',
]);

function ownTags(tags: K6Tags, ofOperation: K6Tags): TrailFacts['tags'] {
  const own = Object.entries(tags).filter(
    ([tag, value]) => value !== '' && !SYSTEM_TAGS.has(tag) && !Object.hasOwn(ofOperation, tag),
  );
  return own.length === 0 ? undefined : Object.fromEntries(own);
}

function verdictsOf(tags: K6Tags): Omit<TrailFacts, 'tags'> {
  const status = statusOf(tags);
  if (tags['expected_response'] === 'true') return { status, passed: OK, failed: OK, unjudged: OK };
  const failed = failureOf(status, tags);
  const unexpected = tags['expected_response'] === 'false';
  const bad = status === null ? unexpected : unexpected || outcomeOfStatus(status) !== 'ok';
  return { status, passed: OK, failed, unjudged: bad ? failed : OK };
}

function statusOf(tags: K6Tags): number | null {
  const errorCode = Number(tags['error_code'] ?? '0');
  const ofAnswer = errorCode >= 1400 && errorCode < 1600;
  if (errorCode !== 0 && !ofAnswer) return 0;
  const status = tags['status'];
  if (status !== undefined && status !== '') return Number(status) || 0;
  return ofAnswer ? errorCode - 1000 : null;
}

function failureOf(status: number | null, tags: K6Tags): TrailVerdict {
  const errorCode = tags['error_code'];
  if (status === 0) {
    return {
      outcome: TIMEOUT_CODES.has(errorCode ?? '') ? 'timeout' : 'connection_error',
      code: errorCode === undefined ? 'unknown' : `k6_${errorCode}`,
      message: tags['error'] ?? 'no response',
    };
  }
  if (status === null) {
    const message = 'k6 counted it as failed; its output does not contain the status';
    return { outcome: 'invalid_body', code: 'unknown', message };
  }
  const outcome = outcomeOfStatus(status);
  if (outcome !== 'ok') return { outcome, code: `http_${status}`, message: `HTTP ${status}` };
  const message = `HTTP ${status}, which the script does not expect`;
  return { outcome: 'invalid_body', code: 'unexpected_status', message };
}

/** A trail whose parts are still to be read. */
export function beginTrail(facts: TrailFacts, endMs: number): Trail {
  const missing = Number.NaN;
  return {
    endMs,
    facts,
    verdict: facts.unjudged,
    duration: missing,
    blocked: missing,
    connecting: missing,
    tls_handshaking: missing,
    sending: missing,
    waiting: missing,
    receiving: missing,
  };
}

/** Whether all parts were read; a truncated file may end within a trail. */
export function isComplete(trail: Trail): boolean {
  for (const part of TRAIL_PARTS) if (Number.isNaN(trail[part])) return false;
  return true;
}

/**
 * Time from the user's request to the end of the answer: k6's `blocked` contains waiting for a connection, DNS, connect
 * and TLS.
 */
export function responseMs(trail: Trail): number {
  return trail.blocked + trail.duration;
}

/** The script's code and message of a failure. */
export interface FailureWords {
  readonly code: string | undefined;
  readonly message: string | undefined;
}

/** The request of a trail, with the outcome and message of the script or else of k6. */
export function requestSampleOf(trail: Trail, outcome: Outcome, words: FailureWords): RequestSample {
  return {
    endMs: trail.endMs,
    outcome,
    status: trail.facts.status,
    code: words.code ?? trail.verdict.code,
    message: words.message ?? trail.verdict.message,
    tags: trail.facts.tags,
    responseMs: responseMs(trail),
    serviceMs: trail.duration,
    queueMs: trail.blocked,
    phasesMs: [
      Math.max(0, trail.blocked - trail.connecting - trail.tls_handshaking),
      trail.connecting,
      trail.tls_handshaking,
      trail.sending,
      trail.waiting,
      trail.receiving,
    ],
  };
}

/** A turn on a WebSocket, of which the script tells only when it ended and how long it took. */
export function turnSampleOf(
  endMs: number,
  durationMs: number,
  outcome: Outcome,
  { code = '', message = '' }: FailureWords,
): RequestSample {
  return {
    endMs,
    outcome,
    status: outcome === 'connection_error' ? 0 : 101,
    code,
    message,
    responseMs: durationMs,
    serviceMs: durationMs,
    queueMs: 0,
    phasesMs: [0, 0, 0, 0, durationMs, 0],
  };
}
