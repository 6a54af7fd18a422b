import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { ClockTimer } from '../../model/clock.ts';
import {
  bodyTooLarge,
  classifyFailure,
  connectionClosed,
  neverRead,
  streamReset,
  truncatedBody,
} from '../failure.ts';
import type { Connection, Flight, HttpProtocol, TransportFailure } from '../../model/flight.ts';
import type { OpenSocket, SocketOwner } from '../http1/connector.ts';
import { tooLarge } from '../http1/answer-bytes.ts';
import { SocketConnection, type SharedBySockets } from '../http1/socket-connection.ts';
import { valuesOf } from '../head.ts';
import { PhaseTimer, type LimitedConnection } from '../phase-timer.ts';
import { writeBody } from '../write-body.ts';
import { headOf, http2Fields } from './http2-fields.ts';
import { TappedSocket } from './tapped-socket.ts';

/** ALPN protocols by preference; HTTP/1.1 for servers without HTTP/2. */
const PROTOCOLS: readonly string[] = ['h2', 'http/1.1'];
/** Receive window: bytes that the server may send before they are read. */
const WINDOW_BYTES = 1024 * 1024;
/** Wait for a reset after the end of a stream: a server sends it in its next loop turns; timers have a resolution of 1 ms. */
const RESET_MS = 3;
const CANCEL = constants.NGHTTP2_CANCEL;

/** What the HTTP/2 connections to one target have in common. */
export interface SharedByHttp2 {
  readonly sockets: SharedBySockets;
  readonly authority: string;
  /** Of the connection opened last. */
  protocol: HttpProtocol | undefined;
}

/**
 * One connection: opens with its first request or before it, and again after the server retired it.
 *
 * Must hold:
 * - The connection source sends one request at a time; each ends with one `ended`, never within `send` (`Carrier`).
 * - `#usable` is false before `#finish` of a connection that cannot carry another request.
 * - Events of an earlier stream or tap are ignored: their handlers compare with the current one.
 *
 * | state    | `#opening` | `#session` | `#stream` | `#grace` | event                                                | next                     |
 * | -------- | ---------- | ---------- | --------- | -------- | ---------------------------------------------------- | ------------------------ |
 * | closed   | none       | none       | none      | none     | `send`, `open`                                       | opening                  |
 * | opening  | set        | none       | none      | none     | `onOpened`, ALPN h2                                  | busy, idle without one   |
 * | opening  |            |            |           |          | `onOpened`, ALPN HTTP/1.1                            | plain                    |
 * | opening  |            |            |           |          | `onOpened` with an error                             | closed, request failed   |
 * | idle     | none       | set        | none      | none     | `send`                                               | busy                     |
 * | idle     |            |            |           |          | GOAWAY, session error or close                       | closed                   |
 * | busy     | none       | set        | set       | none     | stream closed, answer whole                          | idle                     |
 * | busy     |            |            |           |          | stream closed, answer whole by an empty frame        | grace                    |
 * | busy     |            |            |           |          | stream closed, answer not whole                      | idle, request failed     |
 * | busy     |            |            |           |          | GOAWAY: `#session` none, the stream goes on          | busy, then closed        |
 * | busy     |            |            |           |          | time limit: stream cancelled, ping                   | idle, `#silent`          |
 * | busy     |            |            |           |          | time limit while `#silent`                           | closed                   |
 * | grace    | none       | set        | set       | set      | 3 ms and a loop turn, or the request's time limit    | idle, answer whole       |
 * | grace    |            |            |           |          | RST_STREAM                                           | idle, answer truncated   |
 * | plain    | none       | none       | none      | none     | everything goes to `#plain`                          | plain                    |
 * | not plain |           |            |           |          | `close`, `cancel` without a stream                   | closed, not usable       |
 *
 * A stream above the last one of a GOAWAY was never read: its request is sent again. Grace: only without `content-length`.
 */
export class Http2Connection implements Connection, SocketOwner, LimitedConnection {
  readonly #shared: SharedByHttp2;
  readonly #timer: PhaseTimer;
  #usable = true;
  /** Set if the server speaks HTTP/1.1: all requests go through it. */
  #plain: SocketConnection | undefined;
  #opening: OpenSocket | undefined;
  #preopened: ((opened: boolean) => void) | undefined;
  #session: ClientHttp2Session | undefined;
  #tap: TappedSocket | undefined;
  /** Of the request under way. */
  #flight: Flight | undefined;
  #stream: ClientHttp2Stream | undefined;
  #error: unknown;
  /** Last stream that an empty DATA frame ended, and last stream that was reset. */
  #emptyEndId = 0;
  #resetId = 0;
  #resetCode = 0;
  #endedMs = Number.NaN;
  /** Timer of the wait for a reset after the end of a response. */
  #grace: ClockTimer | undefined;
  /** Last stream ID of GOAWAY: higher ones were not processed (RFC 9113, 6.8). */
  #lastStreamId = Number.POSITIVE_INFINITY;
  /** Whether a stream was cancelled and the server has not answered a ping since. */
  #silent = false;

  constructor(shared: SharedByHttp2) {
    this.#shared = shared;
    this.#timer = new PhaseTimer(shared.sockets.clock, this);
  }

  get usable(): boolean {
    return this.#plain?.usable ?? this.#usable;
  }

  open(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#preopened = resolve;
      this.#connect();
    });
  }

  ready(): boolean {
    return this.#plain?.ready() ?? true;
  }

  send(flight: Flight): void {
    if (this.#plain !== undefined) {
      this.#plain.send(flight);
      return;
    }
    this.#flight = flight;
    if (this.#session !== undefined) this.#request(flight, this.#session);
    else if (this.#opening === undefined) this.#connect();
  }

  cancel(failure: TransportFailure): void {
    if (this.#plain !== undefined) this.#plain.cancel(failure);
    // The answer came within the limit.
    else if (this.#grace !== undefined && failure.outcome === 'timeout')
      this.#finish(undefined, this.#endedMs);
    else if (this.#stream === undefined) this.#drop(failure);
    else this.giveUp(failure);
  }

  close(): void {
    if (this.#plain !== undefined) this.#plain.close();
    else this.#drop(connectionClosed('by the engine'));
  }

  onOpened(opening: OpenSocket, error: unknown): void {
    if (opening !== this.#opening) return;
    const flight = this.#flight;
    const preopened = this.#preopened;
    this.#preopened = undefined;
    this.#opening = undefined;
    if (error !== undefined) {
      preopened?.(false);
      opening.tell(flight);
      this.#finish(classifyFailure(error));
      return;
    }
    const { sockets } = this.#shared;
    // Only TLS sockets are opened for HTTP/2.
    if ((opening.socket as TLSSocket).alpnProtocol === 'h2') {
      this.#shared.protocol = 'HTTP/2';
      this.#session = this.#begin(opening);
      opening.tell(flight);
      if (flight !== undefined) this.#request(flight, this.#session);
    } else {
      this.#shared.protocol = 'HTTP/1.1';
      this.#flight = undefined;
      this.#plain = new SocketConnection(sockets);
      this.#plain.adopt(opening, flight, preopened !== undefined);
    }
    preopened?.(true);
  }

  // Not called: once open, the owner of the socket is its tap or the HTTP/1.1 connection.
  onRead(): void {}
  onLost(): void {}
  onPeerEnd(): void {}

  #connect(): void {
    // A second socket or session would leak, and its events would be taken for those of the first.
    if (this.#opening !== undefined || this.#session !== undefined)
      throw new Error('a connection that has a socket opens no other');
    this.#opening = this.#shared.sockets.connector.open(this, undefined, PROTOCOLS);
  }

  #begin(opening: OpenSocket): ClientHttp2Session {
    const tap = new TappedSocket(opening, this.#shared.sockets, {
      onEmptyEnd: (streamId) => {
        if (this.#tap !== tap) return;
        this.#emptyEndId = streamId;
        this.#endedMs = tap.readMs;
      },
      onReset: (streamId, code) => {
        // Late frames of a retired connection: its stream IDs repeat on this one.
        if (this.#tap !== tap) return;
        this.#resetId = streamId;
        this.#resetCode = code;
        if (this.#grace !== undefined && this.#stream?.id === streamId) this.#endedAndReset(this.#flight!);
      },
    });
    this.#tap = tap;
    const session = connect(this.#shared.sockets.settings.origin, {
      createConnection: () => tap,
      settings: { enablePush: false, initialWindowSize: WINDOW_BYTES },
    });
    const retire = (): void => {
      if (this.#session === session) this.#session = undefined;
    };
    this.#lastStreamId = Number.POSITIVE_INFINITY;
    this.#silent = false;
    this.#emptyEndId = 0;
    this.#resetId = 0;
    session.once('connect', () => session.setLocalWindowSize(WINDOW_BYTES));
    session.on('goaway', (_code, lastStreamId: number) => {
      if (this.#tap === tap) this.#lastStreamId = Math.min(this.#lastStreamId, lastStreamId);
      retire();
    });
    session.on('error', (error) => {
      if (this.#tap === tap) this.#error ??= error;
      retire();
    });
    session.on('close', retire);
    tap.socket.unref();
    return session;
  }

  #request(flight: Flight, session: ClientHttp2Session): void {
    const { clock, settings } = this.#shared.sockets;
    const { wire } = flight;
    // Only an in-flight request keeps the process alive.
    this.#tap!.socket.ref();
    let stream: ClientHttp2Stream;
    try {
      stream = session.request(http2Fields(wire, this.#shared.authority), {
        endStream: wire.body === null,
      });
    } catch (error) {
      // `send` must not call `ended` synchronously.
      queueMicrotask(() => {
        if (this.#flight === flight) this.#drop(classifyFailure(error));
      });
      return;
    }
    this.#stream = stream;
    this.#error = undefined;
    let whole = false;
    const push = stream.push.bind(stream);
    // Detects the server's end of stream. On a reset Node also pushes null, but after closing the stream.
    stream.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
      if (chunk === null && !stream.closed) whole = true;
      return push(chunk, encoding);
    };
    const sent = (): void => {
      if (this.#stream !== stream) return;
      flight.requestSentMs = clock.now();
      if (flight.status === 0) this.#timer.watch('headers', settings.headersTimeoutMs);
    };
    stream.on(
      'response',
      (fields: { readonly ':status'?: number }, _flags: number, raw: readonly string[]) => {
        if (this.#stream !== stream) return;
        flight.firstByteMs = this.#tap!.readMs;
        flight.status = Number(fields[':status']);
        flight.head = headOf(raw);
        const isTooLarge = flight.head.length > settings.maxHeaderBytes;
        if (isTooLarge) this.giveUp(classifyFailure(tooLarge(settings.maxHeaderBytes)));
        else this.#timer.watch('body', settings.bodyTimeoutMs);
      },
    );
    stream.on('data', (chunk: Buffer) => {
      if (this.#stream !== stream) return;
      flight.bytesReceived += chunk.length;
      const streamed = flight.sink !== undefined && flight.status < 300;
      if (streamed) flight.sink.push(chunk, this.#tap!.readMs);
      else flight.chunks.push(chunk);
      if (!streamed && flight.bytesReceived > settings.maxBodyBytes)
        this.giveUp(classifyFailure(bodyTooLarge(settings.maxBodyBytes)));
      else if (this.#timer.running) this.#timer.watch('body', settings.bodyTimeoutMs);
    });
    stream.on('error', (error) => {
      if (this.#stream === stream) this.#error ??= error;
    });
    stream.on('close', () => {
      if (this.#stream === stream) this.#ended(stream, session, flight, whole);
    });
    flight.sentMs = clock.now();
    const { body } = wire;
    if (body === null) sent();
    else if (typeof body === 'string' || body instanceof Uint8Array) stream.end(body, sent);
    else {
      const wanted = (): boolean => this.#stream === stream;
      writeBody(body, stream, wanted, (error) => {
        if (!wanted()) return;
        if (error === undefined) stream.end(sent);
        else this.giveUp(classifyFailure(error));
      });
    }
  }

  /** The stream of the request under way is closed. @param whole the server has ended the answer */
  #ended(stream: ClientHttp2Stream, session: ClientHttp2Session, flight: Flight, whole: boolean): void {
    if (flight.wire.close) this.#retire();
    if (whole && flight.status > 0) {
      this.#silent = false;
      if (stream.id === this.#emptyEndId && valuesOf(flight.head, 'content-length').length === 0)
        this.#lookForReset(stream, flight);
      else this.#finish(undefined);
    } else if (flight.status === 0 && (stream.id ?? 0) > this.#lastStreamId) {
      this.#finish(neverRead());
    } else {
      const failure = this.#failureOf(stream, session);
      this.#finish(flight.status > 0 ? truncatedBody(failure, flight.bytesReceived) : failure);
    }
  }

  /**
   * A server that aborts a response may end the stream before it resets it, as Node's does. The only other reason for a reset
   * after the end is a request body that it does not read, and that has NO_ERROR (RFC 9113, 8.1).
   */
  #lookForReset(stream: ClientHttp2Stream, flight: Flight): void {
    if (stream.id === this.#resetId) {
      this.#endedAndReset(flight);
      return;
    }
    const { clock } = this.#shared.sockets;
    this.#timer.clear();
    const grace = clock.setTimer(RESET_MS, () => {
      // Timers run before socket events: a reset may already have arrived.
      clock.soon(() => {
        if (this.#grace === grace) this.#finish(undefined, this.#endedMs);
      });
    });
    this.#grace = grace;
  }

  #endedAndReset(flight: Flight): void {
    const code = this.#resetCode;
    const whole = code === constants.NGHTTP2_NO_ERROR && flight.wire.body !== null;
    this.#finish(whole ? undefined : truncatedBody(streamReset(code), flight.bytesReceived), this.#endedMs);
  }

  #failureOf(stream: ClientHttp2Stream, session: ClientHttp2Session): TransportFailure {
    const error = this.#error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (error !== undefined && !code.startsWith('ERR_HTTP2_')) return classifyFailure(error);
    if (session.destroyed) {
      return connectionClosed(
        code === 'ERR_HTTP2_SESSION_ERROR' ? `by the server (${(error as Error).message})` : 'by the server',
      );
    }
    return streamReset(stream.rstCode ?? 0);
  }

  /** Cancels only the in-flight request; keeps the connection unless the server answers nothing at all. */
  giveUp(failure: TransportFailure): void {
    const stream = this.#stream;
    this.#stream = undefined;
    stream?.close(CANCEL);
    const session = this.#session;
    if (this.#silent) {
      this.#retire();
      session?.destroy();
    } else if (session !== undefined && !session.destroyed) {
      this.#silent = true;
      session.ping(() => {
        if (this.#session === session) this.#silent = false;
      });
    }
    this.#finish(failure);
  }

  /** Retires the connection: the next request opens another, the session closes after its in-flight stream. */
  #retire(): void {
    this.#session?.close();
    this.#session = undefined;
  }

  #drop(failure: TransportFailure): void {
    // Mark unusable before `#finish`: `ended()` releases this connection synchronously, and a queued request would be
    // sent on it.
    this.#usable = false;
    const opening = this.#opening;
    this.#opening = undefined;
    if (opening !== undefined) {
      opening.mark(this.#shared.sockets.clock.now());
      opening.tell(this.#flight);
      opening.socket.destroy();
    }
    this.#stream = undefined;
    this.#session?.destroy();
    this.#session = undefined;
    this.#preopened?.(false);
    this.#finish(failure);
  }

  #finish(failure: TransportFailure | undefined, nowMs = this.#shared.sockets.clock.now()): void {
    this.#stream = undefined;
    if (this.#grace !== undefined) this.#shared.sockets.clock.clearTimer(this.#grace);
    this.#grace = undefined;
    const flight = this.#flight;
    if (flight === undefined) return;
    this.#flight = undefined;
    this.#tap?.socket.unref();
    this.#timer.clear();
    flight.endMs = nowMs;
    flight.failure = failure;
    flight.ended();
  }
}
