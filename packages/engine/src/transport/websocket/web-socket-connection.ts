import type { Flight, MessageConnection, MessageListener, TransportFailure } from '../../model/flight.ts';
import {
  bodyTooLarge,
  classifyFailure,
  closedWithCode,
  connectionClosed,
  truncatedBody,
} from '../failure.ts';
import type { OpenSocket, SocketOwner } from '../http1/connector.ts';
import { ResponseParser, type ResponseSink } from '../http1/response-parser.ts';
import type { SharedBySockets } from '../http1/socket-connection.ts';
import { PhaseTimer, type LimitedConnection } from '../phase-timer.ts';
import { createFrames, framesLoaded, loadFrames, type FrameOwner, type Frames } from './frames.ts';
import { checkAccepted, handshakeText, newKey } from './handshake.ts';

const SWITCHING = 101;
/** Sent when the engine closes the connection itself (RFC 6455, 7.4.1: going away). */
const GOING_AWAY = 1001;
const PROTOCOL_ERROR = 1002;
/** Close codes after which a response without a marked end is complete: normal, going away, none given. */
const ORDERLY: ReadonlySet<number> = new Set([1000, GOING_AWAY, 1005]);
/** Longest wait for the other side's part of the closing handshake. */
const CLOSING_MS = 2000;
/** A message up to this size counts as sent when it is written. */
const SMALL_BYTES = 16 * 1024;

interface Pinged {
  readonly atMs: number;
  readonly resolve: (roundTripMs: number) => void;
}

/**
 * A WebSocket over a socket of the connector: the guard, time limits, TLS and classified failures are those of HTTP/1.1.
 * The handshake is a request to the response parser; what follows it goes to the frames.
 *
 * Must hold:
 * - `cancel` on an open connection leaves it open. The listener knows what remains of that response (`NativeChannel`).
 * - `#drop` makes it unusable for good; the listener gets `closed` once, if there was a socket.
 * - A request ends with one `ended`, never within `send` (`Carrier`).
 *
 * | state       | held as                    | event                                  | next                                   |
 * | ----------- | -------------------------- | -------------------------------------- | -------------------------------------- |
 * | new         | `usable`, no `#opening`    | `send`                                 | opening                                |
 * | opening     | `#opening`, no `#frames`   | `onOpened`                             | shaking hands: the handshake is sent   |
 * | opening     |                            | `onOpened` with an error, `cancel`     | closed, request ended                  |
 * | shaking     | `#opening`, no `#frames`   | `onHead` 101                           | open                                   |
 * | shaking     |                            | another status, an error, `cancel`     | closed, request ended                  |
 * | open        | `#frames`                  | `send`                                 | open, in flight                        |
 * | open        | `#flight`                  | a message that completes it, `complete`, `cancel` | open, request ended         |
 * | open        |                            | `onClose`, `onLost`, `onBadFrame`      | closed, a request in flight ended      |
 * | open        | `#left` set                | `onClose`, `onLost`, `CLOSING_MS`      | closed                                 |
 */
export class WebSocketConnection
  implements MessageConnection, SocketOwner, ResponseSink, FrameOwner, LimitedConnection
{
  usable = true;
  readonly #shared: SharedBySockets;
  readonly #listener: MessageListener;
  readonly #parser: ResponseParser;
  readonly #timer: PhaseTimer;
  readonly #key = newKey();
  #opening: OpenSocket | undefined;
  #frames: Frames | undefined;
  #flight: Flight | undefined;
  /** Header lines of the handshake's response. */
  #head = '';
  /** Whether the next request is the first, which carries the times of the opening. */
  #first = true;
  #readMs = Number.NaN;
  /** Bytes of messages that came without a request in flight: the next one counts them. */
  #unclaimedBytes = 0;
  readonly #pings: Pinged[] = [];
  /** Called when the closing handshake is over. */
  #left: (() => void) | undefined;

  constructor(shared: SharedBySockets, listener: MessageListener) {
    this.#shared = shared;
    this.#parser = new ResponseParser(this, { ...shared.settings, upgrades: true });
    this.#listener = listener;
    this.#timer = new PhaseTimer(shared.clock, this);
  }

  ready(): boolean {
    return true;
  }

  send(flight: Flight): void {
    this.#flight = flight;
    if (!this.usable) {
      this.#shared.clock.soon(() => {
        if (this.#flight === flight)
          this.#finish(connectionClosed('before the message was sent'), this.#now());
      });
    } else if (this.#frames !== undefined) {
      this.#opening!.socket.ref();
      this.#begin(flight);
    } else if (this.#opening === undefined) {
      void this.#connect(flight);
    }
  }

  async #connect(flight: Flight): Promise<void> {
    if (!framesLoaded()) await loadFrames();
    if (this.usable && this.#flight === flight) this.#opening = this.#shared.connector.open(this);
  }

  add(data: string | Uint8Array): void {
    this.#frames?.send(data, () => undefined);
  }

  complete(atMs: number): void {
    this.#finish(undefined, atMs);
  }

  cancel(failure: TransportFailure): void {
    const nowMs = this.#now();
    if (this.#frames === undefined) {
      // Once the handshake is sent, the steps of opening are over.
      if (this.#flight !== undefined && Number.isNaN(this.#flight.sentMs)) {
        this.#opening?.mark(nowMs);
        this.#opening?.tell(this.#flight);
      }
      this.#drop();
    }
    this.#finish(failure, nowMs);
  }

  close(): void {
    this.#frames?.close(GOING_AWAY);
    this.#drop();
    this.#finish(connectionClosed('by the engine'), this.#now());
  }

  ping(): Promise<number> {
    const frames = this.#frames;
    if (frames === undefined) return Promise.resolve(Number.NaN);
    return new Promise((resolve) => {
      this.#pings.push({ atMs: this.#now(), resolve });
      frames.ping(Buffer.alloc(0));
    });
  }

  leave(code: number): Promise<void> {
    if (this.#frames === undefined) {
      this.#drop();
      return Promise.resolve();
    }
    this.#frames.close(code);
    this.usable = false;
    return new Promise((resolve) => {
      const timer = this.#shared.clock.setTimer(CLOSING_MS, () => this.#drop());
      this.#left = () => {
        this.#shared.clock.clearTimer(timer);
        resolve();
      };
    });
  }

  onOpened(opening: OpenSocket, error: unknown): void {
    if (opening !== this.#opening) return;
    const flight = this.#flight!;
    opening.tell(flight);
    if (error !== undefined) {
      this.#drop();
      this.#finish(classifyFailure(error), this.#now());
      return;
    }
    this.#parser.expect(false);
    flight.sentMs = this.#now();
    opening.socket.write(handshakeText(flight.wire, this.#shared.hostLine, this.#key), 'latin1');
    flight.requestSentMs = this.#now();
    this.#timer.watch('headers', this.#shared.settings.headersTimeoutMs);
  }

  onRead(length: number): void {
    this.#readMs = this.#now();
    try {
      this.#parser.push(this.#shared.connector.buffer, length);
    } catch (error) {
      this.#end(classifyFailure(error));
    }
  }

  onInterim(): void {}

  onHead(status: number, fields: string): void {
    const flight = this.#flight!;
    this.#timer.clear();
    if (status !== SWITCHING) {
      flight.firstByteMs = this.#readMs;
      flight.status = status;
      flight.head = fields;
      this.#timer.watch('body', this.#shared.settings.bodyTimeoutMs);
      return;
    }
    checkAccepted(fields, this.#key);
    this.#head = fields;
    this.#frames = createFrames(this.#opening!.socket, this.#shared.settings.maxBodyBytes, this);
    if (this.#listener.opened()) {
      this.#flight = undefined;
      this.#opening!.socket.unref();
    } else {
      this.#begin(flight);
    }
  }

  onBody(bytes: Buffer, start: number, end: number): void {
    // A copy: the buffer is the connector's, and a message may come in several reads.
    const copy = Buffer.from(bytes.subarray(start, end));
    if (this.#frames !== undefined) {
      this.#frames.read(copy);
      return;
    }
    const flight = this.#flight!;
    const { maxBodyBytes } = this.#shared.settings;
    flight.bytesReceived += copy.length;
    if (flight.bytesReceived > maxBodyBytes) throw bodyTooLarge(maxBodyBytes);
    flight.chunks.push(copy);
  }

  /** The response that refuses the handshake is complete. */
  onResponseEnd(): void {
    this.#drop();
    this.#finish(undefined, this.#readMs);
  }

  onMessage(data: Buffer, binary: boolean): void {
    const flight = this.#flight;
    if (flight === undefined) {
      this.#unclaimedBytes += data.length;
    } else {
      flight.bytesReceived += data.length;
      if (Number.isNaN(flight.firstByteMs)) flight.firstByteMs = this.#readMs;
    }
    if (this.#listener.message(data, binary, this.#readMs)) this.#finish(undefined, this.#readMs);
  }

  onPing(data: Buffer): void {
    this.#frames?.pong(data);
  }

  onPong(): void {
    const ping = this.#pings.shift();
    ping?.resolve(this.#readMs - ping.atMs);
  }

  onClose(code: number): void {
    if (this.usable) this.#frames?.close(ORDERLY.has(code) ? 1000 : code);
    this.#end(ORDERLY.has(code) ? undefined : closedWithCode(code));
  }

  onBadFrame(error: Error): void {
    this.#frames?.close(PROTOCOL_ERROR);
    this.#end({ outcome: 'connection_error', code: 'invalid_websocket', message: error.message });
  }

  onPeerEnd(opening: OpenSocket): void {
    this.onLost(opening, undefined);
  }

  onLost(opening: OpenSocket, error: unknown): void {
    if (opening !== this.#opening) return;
    this.#readMs = this.#now();
    if (this.#frames === undefined && error === undefined && this.#parser.close()) return;
    this.#end(error === undefined ? connectionClosed('by the server') : classifyFailure(error));
  }

  /** Sends the message of a request, if it has one. */
  #begin(flight: Flight): void {
    const { wire } = flight;
    const { body } = wire;
    if (this.#first) {
      this.#first = false;
      this.#opening?.tell(flight);
    }
    flight.status = SWITCHING;
    flight.head = this.#head;
    flight.bytesReceived = this.#unclaimedBytes;
    this.#unclaimedBytes = 0;
    if (body === null && !Number.isNaN(flight.sentMs)) return;
    flight.sentMs = this.#now();
    flight.requestSentMs = flight.sentMs;
    if (typeof body !== 'string' && !(body instanceof Uint8Array)) return;
    const large = wire.bodyBytes > SMALL_BYTES;
    if (large) flight.requestSentMs = Number.NaN;
    this.#frames!.send(body, () => {
      if (large && this.#flight === flight && flight.wire === wire) flight.requestSentMs = this.#now();
    });
  }

  giveUp(failure: TransportFailure): void {
    this.#end(failure, this.#now());
  }

  /** The connection is over. @param failure undefined: closed in order */
  #end(failure: TransportFailure | undefined, nowMs = this.#readMs): void {
    const { status = 0, bytesReceived = 0 } = this.#flight ?? {};
    this.#drop();
    this.#finish(
      failure !== undefined && status > 0 ? truncatedBody(failure, bytesReceived) : failure,
      nowMs,
    );
  }

  #drop(): void {
    const opening = this.#opening;
    this.usable = false;
    // What was written, such as a close frame, is still sent.
    if (this.#frames === undefined) opening?.socket.destroy();
    else opening?.socket.unref().destroySoon();
    this.#frames = undefined;
    this.#opening = undefined;
    for (const { resolve } of this.#pings.splice(0)) resolve(Number.NaN);
    this.#left?.();
    this.#left = undefined;
    if (opening !== undefined) this.#listener.closed();
  }

  #finish(failure: TransportFailure | undefined, nowMs: number): void {
    const flight = this.#flight;
    if (flight === undefined) return;
    this.#flight = undefined;
    this.#timer.clear();
    this.#opening?.socket.unref();
    flight.endMs = nowMs;
    flight.failure = failure;
    flight.ended();
  }

  #now(): number {
    return this.#shared.clock.now();
  }
}
