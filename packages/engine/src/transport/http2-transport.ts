import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { Client, buildConnector, type Dispatcher } from 'undici';
import type { Clock } from '../clock/clock.ts';
import { guardedLookup, type ResolveHost } from '../guard/guard.ts';
import type { TransportSettings } from '../run/transport-settings.ts';
import { classifyFailure, truncatedBody } from './failure.ts';
import { forEachField, headLine } from './head.ts';
import type { Connection, Flight, HttpProtocol, Transport, TransportFailure } from './flight.ts';

/** Idle connections stay open: a user who thinks must not pay for a new one, unless the server closes it. */
const KEEP_ALIVE_MS = 600_000;

interface Opened {
  readonly socket: Socket;
  readonly connectMs: number;
  readonly tlsMs: number;
}

/** HTTP/2 over undici's `Client`, one per connection, one request at a time; HTTP/1.1 where the server speaks nothing newer. */
export class Http2Transport implements Transport {
  opened = 0;
  protocol: HttpProtocol | undefined;
  readonly #options: TransportSettings;
  readonly #clock: Clock;
  readonly #connector: buildConnector.connector;
  #nextAddress = 0;

  constructor(options: TransportSettings, clock: Clock, resolve?: ResolveHost) {
    this.#options = options;
    this.#clock = clock;
    this.#connector = buildConnector({
      timeout: options.connectTimeoutMs,
      allowH2: true,
      lookup: guardedLookup(options.loopbackOnly, resolve),
      ...(options.ca === undefined ? {} : { ca: options.ca }),
      rejectUnauthorized: options.rejectUnauthorized,
    });
  }

  connection(): Connection {
    return new Http2Connection(
      this.#options,
      (options, callback) => this.#connect(options, callback),
      this.#clock,
    );
  }

  #connect(options: buildConnector.Options, callback: (error: Error | null, opened?: Opened) => void): void {
    const { addresses } = this.#options;
    // In turn, as a resolver that rotates its answers would have it.
    const address = addresses[this.#nextAddress++ % addresses.length];
    const startMs = this.#clock.now();
    let tcpMs = Number.NaN;
    const socket: unknown = this.#connector(
      address === undefined ? options : { ...options, hostname: address },
      (...[error, connected]) => {
        if (error !== null) return callback(error);
        const endMs = this.#clock.now();
        this.opened++;
        this.protocol = (connected as Partial<TLSSocket>).alpnProtocol === 'h2' ? 'HTTP/2' : 'HTTP/1.1';
        if (Number.isNaN(tcpMs) || options.protocol !== 'https:') tcpMs = endMs;
        callback(null, { socket: connected, connectMs: tcpMs - startMs, tlsMs: endMs - tcpMs });
      },
    );
    // undici returns the socket, though its types say nothing of it: what follows 'connect' is TLS.
    (socket as Socket).prependOnceListener('connect', () => {
      tcpMs = this.#clock.now();
    });
  }
}

type Connect = (
  options: buildConnector.Options,
  callback: (error: Error | null, opened?: Opened) => void,
) => void;

/**
 * One connection, and the handler of its requests: undici's older list of callbacks, which it calls without a
 * wrapper per request. Usable until `cancel` or `close`.
 */
class Http2Connection implements Connection, Dispatcher.DispatchHandler {
  usable = true;
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #connect: Connect;
  readonly #url: URL;
  #flight: Flight | undefined;
  #connectMs = 0;
  #tlsMs = 0;
  /** Opened beforehand, not yet handed to the client. */
  #ready: Socket | undefined;

  constructor(options: TransportSettings, connect: Connect, clock: Clock) {
    this.#clock = clock;
    this.#connect = connect;
    this.#url = new URL(options.origin);
    this.#client = new Client(options.origin, {
      pipelining: 1,
      headersTimeout: options.headersTimeoutMs,
      bodyTimeout: options.bodyTimeoutMs,
      allowH2: true,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      maxResponseSize: options.maxBodyBytes,
      connect: (connectOptions, callback) => {
        const ready = this.#ready;
        this.#ready = undefined;
        if (ready !== undefined && !ready.destroyed) {
          ready.removeAllListeners('error');
          // Not from inside the call: undici's resume loop would overlook a connection that is there at once.
          queueMicrotask(() => callback(null, ready));
          return;
        }
        this.#connect(connectOptions, (error, opened) => {
          if (opened === undefined) return callback(error ?? new Error('no connection'), null);
          this.#connectMs = opened.connectMs;
          this.#tlsMs = opened.tlsMs;
          callback(null, opened.socket);
        });
      },
    });
  }

  open(): Promise<boolean> {
    const { protocol, hostname, host, port } = this.#url;
    return new Promise((resolve) => {
      this.#connect({ protocol, hostname, host, port }, (_error, opened) => {
        if (opened !== undefined) {
          this.#ready = opened.socket;
          opened.socket.on('error', () => undefined);
        }
        resolve(opened !== undefined);
      });
    });
  }

  ready(): boolean {
    return true;
  }

  send(flight: Flight): void {
    this.#flight = flight;
    const { method, path, head, host, close, body } = flight.wire;
    const headers: string[] = host === undefined ? [] : ['host', host];
    forEachField(head, (name, value) => headers.push(name, value));
    // Not blocking: nothing is ever queued behind a request, and undici would look for it once more per answer.
    this.#client.dispatch({ method, path, headers, body, reset: close, blocking: false }, this);
  }

  cancel(failure: TransportFailure): void {
    // First of all: the end of the flight gives the connection back, and the next request must not take it.
    this.usable = false;
    this.#finish(failure);
    this.close();
  }

  close(): void {
    this.usable = false;
    this.#ready?.destroy();
    void this.#client.destroy().catch(() => undefined);
  }

  onConnect(): void {
    const flight = this.#flight;
    if (flight === undefined) return;
    flight.sentMs = this.#clock.now();
    flight.connectMs = this.#connectMs;
    flight.tlsMs = this.#tlsMs;
    this.#connectMs = 0;
    this.#tlsMs = 0;
  }

  onRequestSent(): void {
    if (this.#flight !== undefined) this.#flight.requestSentMs = this.#clock.now();
  }

  onResponseStarted(): void {
    if (this.#flight !== undefined) this.#flight.firstByteMs = this.#clock.now();
  }

  onHeaders(status: number, rawHeaders: Buffer[]): boolean {
    if (this.#flight !== undefined && status >= 200) {
      this.#flight.status = status;
      this.#flight.head = headOf(rawHeaders);
    }
    return true;
  }

  onData(chunk: Buffer): boolean {
    const flight = this.#flight;
    if (flight !== undefined) {
      flight.bytesReceived += chunk.length;
      flight.chunks.push(chunk);
    }
    return true;
  }

  onComplete(): void {
    this.#finish(undefined);
  }

  onError(error: Error): void {
    const failure = classifyFailure(error);
    const flight = this.#flight;
    if (flight === undefined) return;
    const judged = flight.status > 0 ? truncatedBody(failure, flight.bytesReceived) : failure;
    // Not from inside the call: undici is taking down what it has, and a next request in the middle of that trips its assertions.
    queueMicrotask(() => {
      if (this.#flight === flight) this.#finish(judged);
    });
  }

  #finish(failure: TransportFailure | undefined): void {
    const flight = this.#flight;
    if (flight === undefined) return;
    this.#flight = undefined;
    flight.endMs = this.#clock.now();
    flight.failure = failure;
    flight.ended();
  }
}

/** @param raw names and values in turn */
function headOf(raw: readonly Buffer[]): string {
  let head = '';
  for (let i = 0; i + 1 < raw.length; i += 2) {
    head += headLine(raw[i]!.toString('latin1'), raw[i + 1]!.toString('latin1'));
  }
  return head;
}
