import { outcomeOfStatus, type Outcome } from '@jarvis-load/engine/outcome';

/** Names of k6's error codes (lib/netext/httpext/error_codes.go) as in the native engine; others are `k6_<code>`. */
const NAMES: Readonly<Record<number, string>> = {
  1050: 'request_timeout',
  1101: 'ENOTFOUND',
  1201: 'EPIPE',
  1211: 'connect_timeout',
  1212: 'ECONNREFUSED',
  1220: 'ECONNRESET',
  1701: 'invalid_http',
};
const TIMEOUTS: ReadonlySet<number> = new Set([1050, 1211]);

/** k6's code for an invalid URL: an error in the scenario. */
export const INVALID_URL = 1020;

/** Codes 1400 to 1599 stand for the status of an answer, 0 for no error; all others mean that there was no answer. */
export function isTransportError(errorCode: number): boolean {
  return errorCode !== 0 && !(errorCode >= 1400 && errorCode < 1600);
}

/** The outcome before the body is judged. */
export function outcomeOfK6(status: number, errorCode: number): Outcome {
  if (isTransportError(errorCode)) return TIMEOUTS.has(errorCode) ? 'timeout' : 'connection_error';
  return outcomeOfStatus(status);
}

/** Errors without a k6 code of their own, recognised by Go's message. */
const NAMES_BY_MESSAGE: readonly (readonly [RegExp, string])[] = [
  [/unexpected EOF/, 'truncated_body'],
  [/malformed HTTP|malformed MIME|bad Content-Length/i, 'invalid_http'],
  [/\bEOF\b|server closed|connection closed/, 'connection_closed'],
];

/** The name of a transport error, the same as in the native engine if it has one. */
export function nameOfK6Error(errorCode: number, message: string): string {
  return (
    NAMES[errorCode] ?? NAMES_BY_MESSAGE.find(([pattern]) => pattern.test(message))?.[1] ?? `k6_${errorCode}`
  );
}
