import type { Clock } from '../../model/clock.ts';
import type { TransportSettings } from '../../model/transport-settings.ts';
import { bodyTooLarge, classifyFailure, connectionClosed, neverRead, truncatedBody } from '../failure.ts';
import type { Connection, Flight, TransportFailure } from '../../model/flight.ts';
import { PhaseTimer, type LimitedConnection } from '../phase-timer.ts';
import type { Connector, OpenSocket, SocketOwner } from './connector.ts';
import type { LoopTurns } from './loop-turns.ts';
import { writeBody } from '../write-body.ts';
import { inOneSegment, requestHead } from './request-text.ts';
import { ResponseParser, type ResponseSink } from './response-parser.ts';

/** A body up to this size is sent with its head in one write. */
const SMALL_BODY_BYTES = 16 * 1024;
/** Join this many body parts into one: each part costs about a hundred bytes of overhead. */
const MOST_PARTS = 1024;
/** Minimum wait for a reset; on loopback it arrives sooner, however short the measured round trip is. */
const RESET_MS = 2;

/** What the connections to one target have in common. */
export interface SharedBySockets {
  readonly settings: TransportSettings;
  readonly clock: Clock;
  readonly connector: Connector;
  readonly hostLine: string;
  readonly turns: LoopTurns<SocketConnection>;
}

/**
 * A slot for one HTTP/1.1 connection: at most one socket and one request at a time. It opens a socket with its first
 * request or before it, and a new one after the server closed the last. Each request ends with exactly one `ended`,
 * which is never called within `send` (`model/flight.ts`).
 *
 * Must hold:
 * - A connection that cannot carry another request is not `usable`, or has no socket, before `#finish`: it is released there.
 * - `onOpened`, `onPeerEnd` and `onLost` compare their socket with the current one: a dropped one still reports its end.
 * - `onRead` and `onBody` see a buffer that all sockets share: copy what outlasts the call.
 *
 * | state   | `#socket` | `#isOpen` | `#flight` | `#heldSinceMs` | event                                               | next                      |
 * | ------- | --------- | --------- | --------- | -------------- | --------------------------------------------------- | ------------------------- |
 * | closed  | none      | no        | none      | NaN            | `send`, `open`                                      | opening                   |
 * | opening | set       | no        | set, none | NaN            | `onOpened`                                          | sending, idle without one |
 * | opening |           |           |           |                | `onOpened` with an error                            | closed, request failed    |
 * | idle    | set       | yes       | none      | NaN            | `send`                                              | sending                   |
 * | idle    |           |           |           |                | `send` within two loop turns of an answer           | resting                   |
 * | idle    |           |           |           |                | `send` after the server's keep-alive time           | opening                   |
 * | idle    |           |           |           |                | `onPeerEnd`, `onLost`                               | closed                    |
 * | resting | set       | yes       | set       | a time         | `rested`                                            | sending                   |
 * | resting |           |           |           |                | `onPeerEnd`, `onLost`, `onRead`: the socket is dropped | resting, then opening  |
 * | sending | set       | yes       | set       | NaN            | `onResponseEnd`, kept alive                         | idle                      |
 * | sending |           |           |           |                | `onResponseEnd`, not kept alive                     | closed                    |
 * | sending |           |           |           |                | `onPeerEnd` without a byte, kept, one small request | looking for a reset       |
 * | sending |           |           |           |                | `onPeerEnd`, `onLost`, parser error, time limit     | closed, request failed    |
 * | any     |           |           |           |                | `cancel`, `close`                                   | closed, not `usable`      |
 *
 * "Looking for a reset" is part of sending: a timer or a test write is pending. The request then fails, as "never read"
 * (it may be sent again) or as a closed connection.
 */
export class SocketConnection implements Connection, SocketOwner, ResponseSink, LimitedConnection {
  usable = true;
  readonly #shared: SharedBySockets;
  readonly #parser: ResponseParser;
  #socket: OpenSocket | undefined;
  /** Whether it is open and can send. */
  #isOpen = false;
  #preopened: ((opened: boolean) => void) | undefined;
  #flight: Flight | undefined;
  /** Upper bound of the round trip: the connect time or the fastest response, whichever is less. */
  #roundTripMs = Number.NaN;
  /** When the last response ended, or when it was opened without a request. */
  #idleSinceMs = Number.NaN;
  /** Turn of the event loop in which the last answer came. */
  #answerTurn = Number.NEGATIVE_INFINITY;
  #readMs = Number.NaN;
  /** When a request began to wait for two loop turns; NaN: none waits. */
  #heldSinceMs = Number.NaN;
  /** Whether the in-flight request was sent on a connection that had been idle. */
  #kept = false;
  /** Whether bytes have arrived since the request was sent. */
  #heard = false;
  /** TLS session of the last socket, offered with the next. */
  #session: Buffer | undefined;
  readonly #timer: PhaseTimer;
  /** `bytesWritten` of the socket once a body that is read while it is sent is all written; 0: the request has none. */
  #dueBytes = 0;
  /** Number of leading body parts that are already joined. */
  #joined = 0;

  constructor(shared: SharedBySockets) {
    this.#shared = shared;
    this.#parser = new ResponseParser(this, shared.settings);
    this.#timer = new PhaseTimer(shared.clock, this);
  }

  open(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#preopened = resolve;
      this.#connect();
    });
  }

  send(flight: Flight): void {
    this.#flight = flight;
    if (!this.#isOpen) {
      if (this.#socket === undefined) this.#connect();
      return;
    }
    const nowMs = this.#shared.clock.now();
    if (!this.ready()) {
      this.#heldSinceMs = nowMs;
      this.#shared.turns.wait(this);
    } else if (this.#parser.limits.outlived(nowMs - this.#idleSinceMs)) {
      this.#drop();
      this.#connect();
    } else {
      this.#write(flight, nowMs);
    }
  }

  ready(): boolean {
    return this.#shared.turns.passedSince(this.#answerTurn);
  }

  /** Called when the waiting request has waited for two loop turns: sends it, or opens a new socket if this one was closed. */
  rested(): void {
    const flight = this.#flight;
    if (flight === undefined || Number.isNaN(this.#heldSinceMs)) return;
    const nowMs = this.#shared.clock.now();
    flight.heldMs = nowMs - this.#heldSinceMs;
    this.#heldSinceMs = Number.NaN;
    if (this.#isOpen) this.#write(flight, nowMs);
    else this.#connect();
  }

  /** Takes over an open socket and the request that it was opened for: HTTP/2 was asked for, and the server chose HTTP/1.1. */
  adopt(opening: OpenSocket, flight: Flight | undefined, preopened: boolean): void {
    opening.owner = this;
    this.#socket = opening;
    this.#flight = flight;
    this.#opened(opening, preopened);
  }

  cancel(failure: TransportFailure): void {
    // Mark unusable before `#finish`: `ended()` releases this connection synchronously, and a queued request would be
    // sent on it.
    this.usable = false;
    const nowMs = this.#shared.clock.now();
    if (!this.#isOpen && this.#socket !== undefined) {
      this.#socket.mark(nowMs);
      this.#socket.tell(this.#flight);
    }
    this.#drop();
    this.#preopened?.(false);
    this.#finish(failure, nowMs);
  }

  close(): void {
    this.cancel(connectionClosed('by the engine'));
  }

  onOpened(opening: OpenSocket, error: unknown): void {
    if (opening !== this.#socket) return;
    const flight = this.#flight;
    const preopened = this.#preopened;
    this.#preopened = undefined;
    if (error !== undefined) {
      this.#socket = undefined;
      preopened?.(false);
      opening.tell(flight);
      this.#finish(classifyFailure(error), this.#shared.clock.now());
      return;
    }
    this.#opened(opening, preopened !== undefined);
    preopened?.(true);
  }

  #opened(opening: OpenSocket, preopened: boolean): void {
    const flight = this.#flight;
    const nowMs = this.#shared.clock.now();
    this.#isOpen = true;
    this.#parser.limits.reset();
    this.#roundTripMs = opening.connectMs;
    this.#answerTurn = Number.NEGATIVE_INFINITY;
    this.#idleSinceMs = preopened ? nowMs : Number.NaN;
    opening.tell(flight);
    if (flight === undefined) opening.socket.unref();
    else this.#write(flight, nowMs);
  }

  onRead(length: number): void {
    // Bytes after the last answer, such as a body to HEAD: the waiting request is not written yet.
    if (!Number.isNaN(this.#heldSinceMs)) {
      this.#drop();
      return;
    }
    const flight = this.#flight;
    const nowMs = this.#shared.clock.now();
    this.#readMs = nowMs;
    this.#heard = true;
    if (flight !== undefined && Number.isNaN(flight.firstByteMs)) flight.firstByteMs = nowMs;
    try {
      this.#parser.push(this.#shared.connector.buffer, length);
    } catch (error) {
      this.#fail(classifyFailure(error), nowMs);
    }
  }

  onInterim(more: boolean): void {
    // An interim response is not part of the response: its first byte has arrived only if more bytes follow.
    this.#flight!.firstByteMs = more ? this.#readMs : Number.NaN;
  }

  onHead(status: number, fields: string): void {
    const flight = this.#flight!;
    flight.status = status;
    flight.head = fields;
    this.#timer.watch('body', this.#shared.settings.bodyTimeoutMs);
  }

  onBody(bytes: Buffer, start: number, end: number): void {
    const flight = this.#flight!;
    flight.bytesReceived += end - start;
    if (flight.sink !== undefined && flight.status < 300) {
      flight.sink.push(bytes.subarray(start, end), this.#readMs);
      if (this.#timer.running) this.#timer.watch('body', this.#shared.settings.bodyTimeoutMs);
      return;
    }
    const { maxBodyBytes } = this.#shared.settings;
    if (flight.bytesReceived > maxBodyBytes) throw bodyTooLarge(maxBodyBytes);
    const copy = Buffer.allocUnsafe(end - start);
    bytes.copy(copy, 0, start, end);
    const { chunks } = flight;
    chunks.push(copy);
    if (chunks.length - this.#joined === MOST_PARTS)
      chunks.push(Buffer.concat(chunks.splice(this.#joined++)));
    if (this.#timer.running) this.#timer.watch('body', this.#shared.settings.bodyTimeoutMs);
  }

  onResponseEnd(): void {
    const flight = this.#flight!;
    const { keepAlive, limits } = this.#parser;
    const tookMs = flight.firstByteMs - flight.sentMs;
    if (tookMs < this.#roundTripMs) this.#roundTripMs = tookMs;
    // If the response came before the whole request was sent, the unsent rest would precede the next request: drop the
    // connection.
    const { socket } = this.#socket!;
    const unsent = socket.writableLength > 0 || (this.#dueBytes > 0 && socket.bytesWritten < this.#dueBytes);
    if (!keepAlive || limits.spent || flight.wire.close || unsent) this.#drop();
    this.#finish(undefined, this.#readMs);
  }

  onPeerEnd(opening: OpenSocket): void {
    if (opening !== this.#socket) return;
    const flight = this.#flight;
    this.#readMs = this.#shared.clock.now();
    if (flight === undefined || !Number.isNaN(this.#heldSinceMs)) {
      this.#drop();
    } else if (!this.#parser.close()) {
      const failure = connectionClosed('by the server');
      if (this.#kept && !this.#heard && inOneSegment(flight.wire, this.#shared.hostLine))
        this.#lookForReset(opening, flight, failure);
      else this.#fail(failure, this.#readMs);
    }
  }

  onLost(opening: OpenSocket, error: unknown): void {
    if (opening !== this.#socket) return;
    this.#readMs = this.#shared.clock.now();
    if (this.#flight === undefined || !Number.isNaN(this.#heldSinceMs)) {
      this.#drop();
    } else if (error !== undefined || !this.#parser.close()) {
      this.#fail(
        error === undefined ? connectionClosed('by the server') : classifyFailure(error),
        this.#readMs,
      );
    }
  }

  /**
   * The server ended the connection without a byte of a response. Finds out whether it had read the request: if the socket
   * was closed before the data arrived, the server's kernel replies with a reset, and the next write fails; if the data was
   * read, there is no reset. So a test write follows: zero bytes without TLS; CRLF with TLS, because Node's TLS ignores the
   * error of an empty write (RFC 9112, 2.2 allows CRLF between requests). With TLS it is written once: a second CRLF could
   * be reset because of the first. A reset within one round trip means that no process read the request. This holds only
   * for a request of one segment: with several, the reset may concern the later ones only.
   */
  #lookForReset(opening: OpenSocket, flight: Flight, failure: TransportFailure): void {
    const { clock, connector } = this.#shared;
    const endedMs = this.#readMs;
    const leftMs = flight.sentMs + Math.max(RESET_MS, 2 * this.#roundTripMs) - endedMs;
    const look = (last: boolean): void => {
      if (this.#socket !== opening) return;
      opening.socket.write(connector.tls ? '\r\n' : '', (error) => {
        // The connection may have been dropped meanwhile, such as by a timeout.
        if (this.#socket !== opening) return;
        if (error) this.#fail(neverRead(), endedMs);
        else if (last) this.#fail(failure, endedMs);
        else clock.setTimer(leftMs, () => look(true));
      });
    };
    if (connector.tls && leftMs > 0) clock.setTimer(leftMs, () => look(true));
    else look(!(leftMs > 0));
  }

  #connect(): void {
    // A second socket would leak, and its events would be taken for those of the first.
    if (this.#socket !== undefined) throw new Error('a connection that has a socket opens no other');
    this.#socket = this.#shared.connector.open(this, this.#session);
  }

  #write(flight: Flight, nowMs: number): void {
    const { hostLine } = this.#shared;
    const opening = this.#socket!;
    const { socket } = opening;
    // Only an in-flight request keeps the process alive, not an idle connection.
    socket.ref();
    const { wire } = flight;
    const { body, bodyBytes } = wire;
    const head = requestHead(wire, hostLine);
    this.#parser.expect(wire.method === 'HEAD');
    this.#joined = 0;
    this.#dueBytes = 0;
    this.#heard = false;
    this.#kept = !Number.isNaN(this.#idleSinceMs);
    flight.sentMs = nowMs;
    const flushed = bodyBytes > SMALL_BODY_BYTES ? (): void => this.#requestSent(flight, opening) : undefined;
    if (body === null) {
      socket.write(head, 'latin1');
    } else if (typeof body === 'string' && body.length === bodyBytes) {
      // As many bytes as characters means ASCII only.
      socket.write(head + body, 'latin1', flushed);
    } else if (typeof body === 'string' || body instanceof Uint8Array) {
      socket.cork();
      socket.write(head, 'latin1');
      socket.write(typeof body === 'string' ? Buffer.from(body) : body, flushed);
      socket.uncork();
    } else {
      this.#dueBytes = socket.bytesWritten + head.length + bodyBytes;
      socket.write(head, 'latin1');
      const wanted = (): boolean => this.#socket === opening && this.#flight === flight;
      writeBody(body, socket, wanted, (error) => {
        if (!wanted()) return;
        if (error === undefined) this.#requestSent(flight, opening);
        else this.#fail(classifyFailure(error), this.#shared.clock.now());
      });
      return;
    }
    if (flushed === undefined) this.#requestSent(flight, opening);
  }

  #requestSent(flight: Flight, opening: OpenSocket): void {
    // A dropped socket also calls this, when its flight may already be reused for another request.
    if (this.#socket !== opening || this.#flight !== flight) return;
    flight.requestSentMs = this.#shared.clock.now();
    // The response may have started before the request was fully sent.
    if (flight.status === 0) this.#timer.watch('headers', this.#shared.settings.headersTimeoutMs);
  }

  /** Called when a phase takes longer than its limit. */
  giveUp(failure: TransportFailure): void {
    this.#fail(failure, this.#shared.clock.now());
  }

  /** Fails the in-flight request and drops the socket. */
  #fail(failure: TransportFailure, nowMs: number): void {
    const flight = this.#flight;
    this.#drop();
    if (flight === undefined) return;
    this.#finish(flight.status > 0 ? truncatedBody(failure, flight.bytesReceived) : failure, nowMs);
  }

  /** Releases the socket; the next request opens a new one. */
  #drop(): void {
    const opening = this.#socket;
    if (opening === undefined) return;
    this.#socket = undefined;
    this.#isOpen = false;
    this.#session = opening.session ?? this.#session;
    opening.socket.destroy();
  }

  #finish(failure: TransportFailure | undefined, nowMs: number): void {
    const flight = this.#flight;
    if (flight === undefined) return;
    this.#flight = undefined;
    this.#heldSinceMs = Number.NaN;
    this.#socket?.socket.unref();
    this.#timer.clear();
    flight.endMs = nowMs;
    this.#idleSinceMs = nowMs;
    this.#answerTurn = this.#shared.turns.answered();
    flight.failure = failure;
    flight.ended();
  }
}
