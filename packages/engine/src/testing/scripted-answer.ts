import type { TransportFailure } from '../model/flight.ts';

/**
 * The response of a {@link ScriptedTarget} to one request. Over HTTP, `pieces` replaces `body`, `failure` and, unless it is empty, a
 * finite `afterMs`; `cut` counts only with it. Over a WebSocket the answer to the first request refuses by `failure`, or by a `status`
 * that is not 101; of a later one `failure` replaces `body` and comes at `afterMs`, after which no piece comes, and `cut` follows the
 * last piece.
 */
export interface ScriptedAnswer {
  /** HTTP status; over a WebSocket that of its opening, by default 101. @default 200 */
  readonly status?: number;
  /** Response headers. @default {} */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, unless it is a string. @default {} */
  readonly body?: unknown;
  /** Delay in milliseconds; `Infinity`: never answers. @default 0 */
  readonly afterMs?: number;
  /** The body in pieces instead of `body`, in the order of time; the response ends with the last one. @default none */
  readonly pieces?: readonly ScriptedPiece[];
  /** Whether the connection ends after the pieces without the end of the body. @default false */
  readonly cut?: boolean;
  /**
   * A failure instead of a response, such as `{ outcome: 'connection_error', code: 'ECONNRESET', message: 'reset' }`.
   * @default none
   */
  readonly failure?: TransportFailure;
}

/** A piece of a streamed body, or a message of a WebSocket: text, or bytes. */
export interface ScriptedPiece {
  /** Milliseconds from the arrival of the request; `Infinity`: neither this piece nor a later one comes. */
  readonly atMs: number;
  readonly bytes: string | Uint8Array;
}
