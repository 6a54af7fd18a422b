import type { LoadError } from './scenario.ts';
import type { Outcome } from '../outcome.ts';

/** A request as it is sent. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  /** Header lines, each `name: value` and CR LF: what may be sent, without those that the transport adds itself. */
  readonly head: string;
  /** Host header in place of the target's; `undefined`: the target's. */
  readonly host: string | undefined;
  /** Whether to close the connection after this request. */
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
 * An in-flight request; the transport writes its timestamps and response into it. Times are clock milliseconds, NaN
 * until they happen. A
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
  /**
   * How long the transport held the request back to detect that the server closes a keep-alive connection; not caused
   * by the target.
   */
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

/** A connection to the target that carries one request at a time. */
export interface Connection {
  /** False after `cancel` or `close`: take another. */
  readonly usable: boolean;
  /** Opens the connection before its first request, which would open it otherwise; resolves to whether it worked. */
  open(): Promise<boolean>;
  /** Sends; `flight.ended` is called once, and never from inside `send`. */
  send(flight: Flight): void;
  /**
   * Whether an open connection would send a request immediately; after a response it is read first, to detect a close.
   */
  ready(): boolean;
  /**
   * Ends the in-flight request with this failure. Closes the connection if its protocol cannot cancel a single request.
   */
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
