import type { Clock, ClockTimer } from '../../clock/clock.ts';
import type { TransportSettings } from '../../run/transport-settings.ts';
import {
  bodyTooLarge,
  classifyFailure,
  connectionClosed,
  phaseTimeout,
  staleConnection,
  truncatedBody,
} from '../failure.ts';
import type { Connection, Flight, HttpProtocol, Transport, TransportFailure } from '../flight.ts';
import { Connector, type OpenSocket, type SocketOwner } from './connector.ts';
import { requestHead } from './request-text.ts';
import { StaleWatch } from '../stale-watch.ts';
import { ResponseParser, type ResponseSink } from './response-parser.ts';

/** A body up to this goes out with its head in one system call, and the kernel takes it at once. */
const SMALL_BODY_BYTES = 16 * 1024;
/** A connection is given up so long before the server does, by what it says: a request on its way then would be lost. */
const KEEP_ALIVE_MARGIN_MS = 1000;
/** At most this part of the time. */
const KEEP_ALIVE_MARGIN = 0.5;
/** Each part of a body weighs a hundred bytes more than it holds: as many as this become one. */
const MOST_PARTS = 1024;

/** What the connections to one target have in common. */
interface Shared {
  readonly settings: TransportSettings;
  readonly clock: Clock;
  readonly connector: Connector;
  readonly hostLine: string;
}

/**
 * HTTP/1.1 straight over sockets: one write and one read per request as a rule, one buffer that all connections read into,
 * and no object per request but the body of its answer. A general client costs as much again as all the rest of a request.
 */
export class SocketTransport implements Transport {
  readonly #shared: Shared;

  constructor(settings: TransportSettings, clock: Clock) {
    const connector = new Connector(settings, clock);
    this.#shared = { settings, clock, connector, hostLine: `host: ${new URL(settings.origin).host}\r\n` };
  }

  get opened(): number {
    return this.#shared.connector.opened;
  }

  get protocol(): HttpProtocol | undefined {
    return this.opened > 0 ? 'HTTP/1.1' : undefined;
  }

  connection(): Connection {
    return new SocketConnection(this.#shared);
  }
}

/** One connection: opened with its first request or beforehand, and again where the server has closed it. */
class SocketConnection implements Connection, SocketOwner, ResponseSink {
  usable = true;
  readonly #shared: Shared;
  readonly #parser: ResponseParser;
  readonly #stale: StaleWatch;
  #opening: OpenSocket | undefined;
  /** Open, and fit for a request. */
  #ready = false;
  #preopened: ((opened: boolean) => void) | undefined;
  #flight: Flight | undefined;
  #roundTripMs = Number.NaN;
  /** End of the last answer, or opened beforehand. */
  #idleSinceMs = Number.NaN;
  #readMs = Number.NaN;
  #session: Buffer | undefined;
  #phaseTimer: ClockTimer | undefined;
  /** So many of the parts of the body are made of others. */
  #joined = 0;

  constructor(shared: Shared) {
    this.#shared = shared;
    this.#parser = new ResponseParser(this);
    this.#stale = new StaleWatch(shared.clock);
  }

  open(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#preopened = resolve;
      this.#connect();
    });
  }

  send(flight: Flight): void {
    this.#flight = flight;
    if (this.#ready && this.#outlived()) this.#drop();
    if (this.#ready) this.#write(flight);
    else if (this.#opening === undefined) this.#connect();
  }

  cancel(failure: TransportFailure): void {
    // First of all: the end of the flight gives the connection back, and the next request must not take it.
    this.usable = false;
    this.#drop();
    this.#preopened?.(false);
    this.#finish(failure, this.#shared.clock.now());
  }

  close(): void {
    this.cancel(connectionClosed('by the engine'));
  }

  onOpened(opening: OpenSocket, error: unknown): void {
    if (opening !== this.#opening) return;
    const flight = this.#flight;
    const preopened = this.#preopened;
    this.#preopened = undefined;
    if (error !== undefined) {
      this.#opening = undefined;
      preopened?.(false);
      if (flight !== undefined) this.#finish(classifyFailure(error), this.#shared.clock.now());
      return;
    }
    this.#ready = true;
    this.#roundTripMs = opening.connectMs;
    this.#idleSinceMs = preopened === undefined ? Number.NaN : this.#shared.clock.now();
    if (flight === undefined) opening.socket.unref();
    preopened?.(true);
    if (flight === undefined) return;
    flight.connectMs = opening.connectMs;
    flight.tlsMs = opening.tlsMs;
    this.#write(flight);
  }

  onRead(length: number): void {
    const flight = this.#flight;
    const nowMs = this.#shared.clock.now();
    this.#readMs = nowMs;
    if (flight !== undefined && Number.isNaN(flight.firstByteMs)) flight.firstByteMs = nowMs;
    try {
      this.#parser.push(this.#shared.connector.buffer, length);
    } catch (error) {
      this.#fail(classifyFailure(error));
    }
  }

  onHead(status: number, fields: string): void {
    const flight = this.#flight!;
    flight.status = status;
    flight.head = fields;
    this.#watch('body', this.#shared.settings.bodyTimeoutMs);
  }

  onBody(bytes: Buffer, start: number, end: number): void {
    const flight = this.#flight!;
    flight.bytesReceived += end - start;
    const { maxBodyBytes } = this.#shared.settings;
    if (flight.bytesReceived > maxBodyBytes) throw bodyTooLarge(maxBodyBytes);
    const copy = Buffer.allocUnsafe(end - start);
    bytes.copy(copy, 0, start, end);
    const { chunks } = flight;
    chunks.push(copy);
    if (chunks.length - this.#joined === MOST_PARTS)
      chunks.push(Buffer.concat(chunks.splice(this.#joined++)));
    if (this.#phaseTimer !== undefined) this.#watch('body', this.#shared.settings.bodyTimeoutMs);
  }

  onEnd(): void {
    const flight = this.#flight!;
    const { keepAlive } = this.#parser;
    // An answer before the request was all there: what is left of that would come before the next one.
    if (!keepAlive || flight.wire.close || this.#opening!.socket.writableLength > 0) this.#drop();
    this.#finish(undefined, this.#readMs);
  }

  onLost(opening: OpenSocket, error: unknown): void {
    if (opening !== this.#opening) return;
    this.#readMs = this.#shared.clock.now();
    if (this.#flight === undefined) this.#drop();
    // The end of an answer lets go of the socket itself, and another may be on its way by now.
    else if (error !== undefined || !this.#parser.close())
      this.#fail(error === undefined ? connectionClosed('by the other side') : classifyFailure(error));
  }

  #connect(): void {
    this.#opening = this.#shared.connector.open(this, this.#session);
  }

  /** The server said how long it keeps an idle connection, and that is about over. */
  #outlived(): boolean {
    const { keepAliveMs } = this.#parser;
    if (Number.isNaN(keepAliveMs)) return false;
    const keptMs = keepAliveMs - Math.min(KEEP_ALIVE_MARGIN_MS, keepAliveMs * KEEP_ALIVE_MARGIN);
    return this.#shared.clock.now() - this.#idleSinceMs > keptMs;
  }

  #write(flight: Flight): void {
    const { clock, hostLine } = this.#shared;
    const opening = this.#opening!;
    const { socket } = opening;
    // Only a request under way keeps a process going, not a connection that waits for one.
    socket.ref();
    const { wire } = flight;
    const { body, bodyBytes } = wire;
    const head = requestHead(wire, hostLine);
    this.#parser.expect(wire.method === 'HEAD');
    this.#joined = 0;
    flight.sentMs = clock.now();
    flight.idleMs = flight.sentMs - this.#idleSinceMs;
    this.#stale.sent(flight, this.#roundTripMs);
    const flushed = bodyBytes > SMALL_BODY_BYTES ? (): void => this.#requestSent(flight, opening) : undefined;
    if (body === null) {
      socket.write(head, 'latin1');
    } else if (typeof body === 'string' && body.length === bodyBytes) {
      // As many bytes as characters: all of it is ASCII.
      socket.write(head + body, 'latin1', flushed);
    } else {
      socket.cork();
      socket.write(head, 'latin1');
      socket.write(typeof body === 'string' ? Buffer.from(body) : body, flushed);
      socket.uncork();
    }
    if (flushed === undefined) this.#requestSent(flight, opening);
  }

  #requestSent(flight: Flight, opening: OpenSocket): void {
    // Also told by a socket that was let go of, when the flight may be on its way as another request.
    if (this.#opening !== opening || this.#flight !== flight) return;
    flight.requestSentMs = this.#shared.clock.now();
    // The answer may have begun before the request was all there.
    if (flight.status === 0) this.#watch('headers', this.#shared.settings.headersTimeoutMs);
  }

  /** A limit on the time for a part of the answer, where one is set. */
  #watch(phase: 'headers' | 'body', limitMs: number): void {
    const { clock } = this.#shared;
    if (this.#phaseTimer !== undefined) clock.clearTimer(this.#phaseTimer);
    if (limitMs === 0) {
      this.#phaseTimer = undefined;
      return;
    }
    const timer = clock.setTimer(limitMs, () => {
      // Timers come before what sockets have to say: where this thread itself was late, the answer may be there.
      clock.soon(() => {
        if (this.#phaseTimer === timer) this.#fail(phaseTimeout(phase, limitMs));
      });
    });
    this.#phaseTimer = timer;
  }

  /** The request under way fails, and the connection is of no use after it. */
  #fail(failure: TransportFailure): void {
    const flight = this.#flight;
    this.#drop();
    if (flight === undefined) return;
    const nowMs = this.#shared.clock.now();
    if (this.#stale.refused(flight, nowMs)) this.#finish(staleConnection(failure), nowMs);
    else if (flight.status > 0) this.#finish(truncatedBody(failure, flight.bytesReceived), nowMs);
    else this.#finish(failure, nowMs);
  }

  /** Lets go of the socket; the next request opens another. */
  #drop(): void {
    const opening = this.#opening;
    if (opening === undefined) return;
    this.#opening = undefined;
    this.#ready = false;
    this.#session = opening.session ?? this.#session;
    opening.socket.destroy();
  }

  #finish(failure: TransportFailure | undefined, nowMs: number): void {
    const flight = this.#flight;
    if (flight === undefined) return;
    this.#flight = undefined;
    this.#opening?.socket.unref();
    if (this.#phaseTimer !== undefined) this.#watch('body', 0);
    flight.endMs = nowMs;
    this.#idleSinceMs = nowMs;
    flight.failure = failure;
    flight.ended();
  }
}
