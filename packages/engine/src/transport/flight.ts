import type { LoadError } from '../scenario.ts';
import type { Outcome } from '../outcome.ts';

/** What goes over the wire. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  /** Header lines, each `name: value` and CR LF: what may be sent, without those that the transport adds itself. */
  readonly head: string;
  /** In place of the target's own. */
  readonly host: string | undefined;
  /** Whether the connection is to end with this request. */
  readonly close: boolean;
  readonly body: string | Uint8Array | null;
  /** In UTF-8, where the body is a text. */
  readonly bodyBytes: number;
}

/** A failure of the transport, classified. */
export interface TransportFailure extends LoadError {
  readonly outcome: Outcome;
}

/**
 * One request on its way: what the transport fills in. Times are clock milliseconds, NaN until they happen. A
 * user reuses its flights, so that a request allocates little.
 */
export interface Flight {
  wire: WireRequest;
  /** First byte sent. */
  sentMs: number;
  /** Last byte of the request sent. */
  requestSentMs: number;
  /** First byte of the answer. */
  firstByteMs: number;
  endMs: number;
  /** Time that TCP and TLS took, where a connection was opened for this request; else 0. */
  connectMs: number;
  tlsMs: number;
  /** How long the transport held it back so that the end of a kept connection is noticed: no time of the target's. */
  heldMs: number;
  status: number;
  /** The header lines of the answer, each with its CR LF. */
  head: string;
  chunks: Uint8Array[];
  bytesReceived: number;
  failure: TransportFailure | undefined;
  /** Called once: answered, failed, or cancelled. */
  ended(): void;
}

/** A way to the target that carries one request at a time. */
export interface Connection {
  /** False after `cancel` or `close`: take another. */
  readonly usable: boolean;
  /** Opens beforehand; resolves to whether it worked. A connection also opens with its first request. */
  open(): Promise<boolean>;
  /** Sends; `flight.ended` is called once, and never from inside `send`. */
  send(flight: Flight): void;
  /** Whether a request would go out at once, where it is open: one that has just carried another is read first. */
  ready(): boolean;
  /** Ends the request under way with this failure, and the connection with it where its protocol has no other way. */
  cancel(failure: TransportFailure): void;
  close(): void;
}

/** What an open connection speaks. */
export type HttpProtocol = 'HTTP/1.1' | 'HTTP/2';

/** Makes connections to one target. */
export interface Transport {
  /** Of the connection opened last; undefined before the first, and where there are no sockets. */
  readonly protocol: HttpProtocol | undefined;
  connection(): Connection;
  /** Connections opened so far. */
  readonly opened: number;
}
