import { reasonOf } from '../show.ts';
import type { TransportFailure } from '../model/flight.ts';
import { tlsMessage } from './tls-failure.ts';

/*
 * Failures of the transport, each an outcome, a code and a message. Codes are in result documents, where errors are grouped by
 * them: none is renamed. Messages may quote the server; who shows them redacts them.
 */

/** Codes of the generator's own limits: a run that meets one was not the target's fault. */
export const GENERATOR_LIMIT_CODES: ReadonlySet<string> = new Set([
  'EMFILE',
  'ENFILE',
  'EADDRNOTAVAIL',
  'ENOBUFS',
]);

/** The time limit passed while the request waited for a free connection, or for one to open: the target never saw it. */
export const NOT_SENT = 'not_sent';

export const HEADERS_TOO_LARGE = 'headers_too_large';
const BODY_TOO_LARGE = 'body_too_large';
const CONNECT_TIMEOUT = 'connect_timeout';
const INVALID_HTTP = 'invalid_http';
const CONNECTION_CLOSED = 'connection_closed';

/** A failed response, connection or request body, with the error code that the result document uses. */
export class AnswerError extends Error {
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.name = 'AnswerError';
    this.code = code;
  }
}

export function invalidHttp(problem: string): AnswerError {
  return new AnswerError(`the response is not valid HTTP (${problem})`, INVALID_HTTP);
}

export function bodyTooLarge(limitBytes: number): AnswerError {
  return new AnswerError(`the response body is larger than ${limitBytes} bytes`, BODY_TOO_LARGE);
}

export function connectTimeout(address: string, limitMs: number): AnswerError {
  return new AnswerError(`no connection to ${address} within ${limitMs} ms`, CONNECT_TIMEOUT);
}

export function connectionClosed(by: string): TransportFailure {
  return { outcome: 'connection_error', code: CONNECTION_CLOSED, message: `closed ${by}` };
}

/** The limit on the wait for the response head, or between two parts of the body, has passed. */
export function phaseTimeout(phase: 'headers' | 'body', limitMs: number): TransportFailure {
  const what = phase === 'headers' ? 'no response headers' : 'no further part of the body';
  return { outcome: 'timeout', code: `${phase}_timeout`, message: `${what} within ${limitMs} ms` };
}

const TIMEOUT_CODES: ReadonlySet<string> = new Set([CONNECT_TIMEOUT, 'ETIMEDOUT']);

/** HTTP/2: the server reset the stream of this request; the connection stays usable. */
const STREAM_RESET = 'stream_reset';

/** @param errorCode of RST_STREAM (RFC 9113, 7) */
export function streamReset(errorCode: number): TransportFailure {
  return {
    outcome: 'connection_error',
    code: STREAM_RESET,
    message: `the server reset the stream (${ERROR_CODES[errorCode] ?? errorCode})`,
  };
}

/** By number. */
const ERROR_CODES: readonly string[] = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];

/** Classifies what a socket, a TLS layer or our parser reports. */
export function classifyFailure(error: unknown): TransportFailure {
  const { code, message } = describe(error);
  return {
    outcome: TIMEOUT_CODES.has(code) ? 'timeout' : 'connection_error',
    code,
    message: tlsMessage(code, message) ?? message,
  };
}

function describe(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: 'unknown', message: reasonOf(error) };
  const first = error instanceof AggregateError ? error.errors[0] : undefined;
  const detail = first instanceof Error ? first : error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : (detail.name ?? 'unknown');
  return { code, message: detail.message || code };
}

const ENDS_OF_BODY: ReadonlySet<string> = new Set([CONNECTION_CLOSED, 'ECONNRESET', STREAM_RESET]);

/** A failure after the response head: an end of the connection or the stream is `truncated_body`, any other stays as it is. */
export function truncatedBody(failure: TransportFailure, bytesReceived: number): TransportFailure {
  if (!ENDS_OF_BODY.has(failure.code)) return failure;
  return {
    outcome: 'connection_error',
    code: 'truncated_body',
    message: `the connection ended after ${bytesReceived} bytes of the body (${failure.code})`,
  };
}

/** A WebSocket was closed with a code that means a failure (RFC 6455, 7.4). */
export function closedWithCode(code: number): TransportFailure {
  return {
    outcome: 'connection_error',
    code: 'truncated_body',
    message: `the server closed the WebSocket with code ${code}`,
  };
}

/** The server closed a keep-alive connection before it received the request. */
export const STALE_CONNECTION = 'stale_connection';

/** There is evidence that the server never read the request: it can be sent again. */
export function neverRead(): TransportFailure {
  return {
    outcome: 'connection_error',
    code: STALE_CONNECTION,
    message: 'the server closed the kept-alive connection before it read the request',
  };
}
