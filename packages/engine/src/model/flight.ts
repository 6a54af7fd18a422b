import type { LoadError } from './load-response.ts';
import type { Outcome } from '../outcome.ts';

/*
 * A request in the form in which it is sent, and the interfaces of the transport that sends it.
 *
 * Must hold:
 * - A `Carrier` has one request at a time: the caller waits for `ended()` before the next `send`.
 * - `ended()` is called once for each `send`, never within it; not for a request that only opened a WebSocket. The transport
 *   drops its reference to the flight before the call: the user reuses the object for its next request.
 * - Bytes given to a `BodySink` are valid only during the call.
 */

/** Content that is read while it is sent: a file of the disk, or a `Blob`. */
export interface BodyFile {
  /** Bytes; what is read must have this length. */
  readonly size: number;
  /** Content type. @default application/octet-stream */
  readonly type?: string;
  /** File name in a multipart body. @default blob */
  readonly name?: string;
  /** Reads it from the beginning. */
  stream(): AsyncIterable<Uint8Array>;
}

/** A body in parts, some of which are read while it is sent. */
export interface StreamedBody {
  readonly parts: readonly (Uint8Array | BodyFile)[];
}

/** A request in the form in which it is sent. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  /** Header lines, each `name: value` and CR LF, without those that the transport adds itself. */
  readonly head: string;
  /** Overrides the Host header of the target. */
  readonly host: string | undefined;
  /** Whether to close the connection after this request. */
  readonly close: boolean;
  readonly body: string | Uint8Array | StreamedBody | null;
  /** Bytes of the body; of text, in UTF-8. */
  readonly bodyBytes: number;
}

/** A classified failure of the transport. */
export interface TransportFailure extends LoadError {
  readonly outcome: Outcome;
}

/** Takes the body of a streamed response while it arrives. */
export interface BodySink {
  /** @param bytes valid only during the call. @param atMs when they were read */
  push(bytes: Uint8Array, atMs: number): void;
}

/**
 * An in-flight request; the transport writes its timestamps and response into it. Times are clock milliseconds, NaN
 * until they are known. Users reuse their flights, to avoid allocations per request.
 */
export interface Flight {
  wire: WireRequest;
  /** First byte of the request sent. */
  sentMs: number;
  /** Last byte of the request sent. */
  requestSentMs: number;
  /** First byte of the response received. */
  firstByteMs: number;
  endMs: number;
  /** Duration of the TCP connect if a connection was opened for this request; else 0. */
  connectMs: number;
  /** That of the TLS handshake after it. */
  tlsMs: number;
  /**
   * How long the transport held the request back to detect that the server closes a keep-alive connection; not caused
   * by the target.
   */
  heldMs: number;
  status: number;
  /** Header lines of the response, each with its CR LF. */
  head: string;
  chunks: Uint8Array[];
  bytesReceived: number;
  /** Takes the body of a response with status 2xx instead of `chunks`; undefined: the body is kept. */
  readonly sink: BodySink | undefined;
  failure: TransportFailure | undefined;
  /** Called once, when the request has a response, has failed or is cancelled. */
  ended(): void;
}

/** What carries one request at a time to the target. */
export interface Carrier {
  /**
   * False: use another connection. After `close` always, after `cancel` where the protocol cannot cancel one request. It is set
   * before `ended` of the flight, which may call `send`.
   */
  readonly usable: boolean;
  /** Sends the request; `flight.ended` is called once, and never synchronously from `send`. */
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

/** A connection to the target that carries one request at a time. */
export interface Connection extends Carrier {
  /**
   * Opens the connection before its first request; otherwise the first request opens it. Resolves to true on success.
   */
  open(): Promise<boolean>;
}

/** Receives what a {@link MessageConnection} reads. */
export interface MessageListener {
  /**
   * The connection is open.
   * @returns whether the request that opened it was for the opening alone: it is given back, and does not end
   */
  opened(): boolean;
  /** @returns whether it completes the response of the request in flight. @param data kept by nobody else */
  message(data: Buffer, binary: boolean, atMs: number): boolean;
  /** It can send no more; called once. */
  closed(): void;
}

/**
 * A WebSocket. A request is a message and those that answer it; its first one opens the connection. After `cancel` of a
 * request the connection is still usable if it was open.
 */
export interface MessageConnection extends Carrier {
  /** Sends a message beside that of the request in flight. */
  add(data: string | Uint8Array): void;
  /** Ends the request in flight: its response is complete. */
  complete(atMs: number): void;
  /** Resolves to the round trip in milliseconds; NaN when the connection is closed before. */
  ping(): Promise<number>;
  /** Closes with the closing handshake; resolves when it is over. @param code of RFC 6455, 7.4 */
  leave(code: number): Promise<void>;
}

/** Protocol of an open connection. */
export type HttpProtocol = 'HTTP/1.1' | 'HTTP/2';

/** Makes connections to one target. */
export interface Transport {
  /** Protocol of the most recently opened connection; undefined before the first, and without sockets. */
  readonly protocol: HttpProtocol | undefined;
  connection(): Connection;
  /** Loads what WebSockets need, before the load: the first users would wait for it. */
  prepareMessages?(): Promise<void>;
  /** A WebSocket, always over HTTP/1.1. */
  messages(listener: MessageListener): MessageConnection;
  /** Connections opened so far. */
  readonly opened: number;
}
