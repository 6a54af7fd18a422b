import type { Outcome } from '../outcome.ts';
import type { AnswerSchema, ValueOf } from './answer-schema.ts';

/** Why a request failed. */
export interface LoadError {
  /** Stable code, such as `ECONNREFUSED`, `request_timeout`, `http_503`, `body`. */
  readonly code: string;
  readonly message: string;
}

/** Durations of one request in milliseconds: k6's phases and the engine's own lags. */
export interface Timings {
  /** End minus intended start. */
  readonly responseTimeMs: number;
  /** End minus first byte sent. */
  readonly serviceTimeMs: number;
  /** First byte sent minus handed out: wait for a connection, including opening it. */
  readonly queueWaitMs: number;
  /** DNS and TCP if the request opened a connection; else 0. */
  readonly connectMs: number;
  /** TLS handshake if the request opened a connection; else 0. */
  readonly tlsMs: number;
  /** First to last byte of the request. */
  readonly sendingMs: number;
  /** First byte of the response minus last byte of the request. */
  readonly waitingMs: number;
  /** First to last byte of the response. */
  readonly receivingMs: number;
}

/** The response to one request. Failures are not thrown: they are a response with an outcome other than `ok`. */
export interface LoadResponse {
  /** Name of the operation. */
  readonly operation: string;
  /** HTTP status; 0 without a response. */
  readonly status: number;
  /** Classification of the request. */
  readonly outcome: Outcome;
  /** Why the outcome is not `ok`; `undefined` when it is. */
  readonly error: LoadError | undefined;
  /** Header names in lower case; repeated headers joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Durations, in milliseconds. */
  readonly timings: Timings;
  /** The parsed body, cached; `undefined` when it is not JSON or cannot be decoded. */
  json(): unknown;
  /** The body as a schema describes it; `undefined` where it does not fit, and the outcome becomes `invalid_body`. */
  json<Schema extends AnswerSchema>(schema: Schema): ValueOf<Schema> | undefined;
  /** The body as UTF-8; empty where it cannot be decoded. */
  text(): string;
  /** The body; one with `content-encoding` gzip, deflate or br is decoded. Empty where it cannot be, and the outcome becomes `invalid_body`. */
  bytes(): Uint8Array;
}
