import type { TransportFailure } from './flight.ts';
import { tlsMessage } from './tls-failure.ts';

/** Codes of the generator's own limits: a run that meets one was not the target's fault. */
export const GENERATOR_LIMIT_CODES: ReadonlySet<string> = new Set([
  'EMFILE',
  'ENFILE',
  'EADDRNOTAVAIL',
  'ENOBUFS',
]);

/** The request could not be formed: a fault of the scenario, not of the target. */
export const INVALID_REQUEST = 'invalid_request';

/** The time limit passed while the request waited for a connection: the target never saw it. */
export const NOT_SENT = 'not_sent';

const TIMEOUT_CODES: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
]);

/** HTTP/2: the server gave up this request, and the connection goes on. */
const STREAM_RESET = 'stream_reset';

/** Node's and undici's codes in the words of the result document. */
const CODE_NAMES: Readonly<Record<string, string>> = {
  UND_ERR_INVALID_ARG: INVALID_REQUEST,
  UND_ERR_NOT_SUPPORTED: INVALID_REQUEST,
  UND_ERR_CONNECT_TIMEOUT: 'connect_timeout',
  UND_ERR_SOCKET: 'connection_closed',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'truncated_body',
  UND_ERR_HEADERS_TIMEOUT: 'headers_timeout',
  UND_ERR_BODY_TIMEOUT: 'body_timeout',
  ERR_HTTP2_STREAM_ERROR: STREAM_RESET,
  UND_ERR_HEADERS_OVERFLOW: 'headers_too_large',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'body_too_large',
};

/** What undici says of an answer that is HTTP, but none to this request: an interim one, an upgrade. */
const BAD_ANSWER = /^bad (response|upgrade)$/;

/** Classifies what a socket, a TLS layer or the HTTP parser reports. */
export function classifyFailure(error: unknown): TransportFailure {
  const { code, message } = describe(error);
  if (code.startsWith('HPE_') || code === 'HTTPParserError' || BAD_ANSWER.test(message)) {
    return {
      outcome: 'connection_error',
      code: 'invalid_http',
      message: `the answer is not valid HTTP (${code.startsWith('HPE_') ? code : message})`,
    };
  }
  const name = CODE_NAMES[code] ?? code;
  return {
    outcome: TIMEOUT_CODES.has(code) ? 'timeout' : 'connection_error',
    code: name,
    message: tlsMessage(code, message) ?? message,
  };
}

function describe(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: 'unknown', message: String(error) };
  const first = error instanceof AggregateError ? error.errors[0] : undefined;
  const detail = first instanceof Error ? first : error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : (detail.name ?? 'unknown');
  return { code, message: detail.message || code };
}

const ENDS_OF_BODY: ReadonlySet<string> = new Set(['connection_closed', 'ECONNRESET', STREAM_RESET]);

/** The connection ended after the head of the answer: whatever ended it, what is there is a part. */
export function truncatedBody(failure: TransportFailure, bytesReceived: number): TransportFailure {
  if (!ENDS_OF_BODY.has(failure.code)) return failure;
  return {
    outcome: 'connection_error',
    code: 'truncated_body',
    message: `the connection ended after ${bytesReceived} bytes of the body (${failure.code})`,
  };
}

/** The server closed an idle connection as the request was on its way: no fault of its handling. */
export const STALE_CONNECTION = 'stale_connection';

export function staleConnection(failure: TransportFailure): TransportFailure {
  // A stream that is reset was there: the server had seen it.
  if (failure.outcome !== 'connection_error' || failure.code === STREAM_RESET) return failure;
  return {
    outcome: 'connection_error',
    code: STALE_CONNECTION,
    message: `the server closed the idle connection (${failure.code})`,
  };
}
