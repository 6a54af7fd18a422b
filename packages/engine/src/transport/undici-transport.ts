import type { Socket } from 'node:net';
import { Client, buildConnector, type Dispatcher } from 'undici';
import type { Clock } from '../clock/clock.ts';
import { classifyFailure } from './failure.ts';
import type { Connection, Flight, Transport, TransportFailure } from './flight.ts';

export interface UndiciTransportOptions {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Connect to this address instead of resolving the host. */
  readonly address?: string | undefined;
  readonly connectTimeoutMs: number;
  readonly maxBodyBytes: number;
}

/** Idle connections stay open: a user who thinks must not pay for a new one, unless the server closes it. */
const KEEP_ALIVE_MS = 600_000;

interface Opened {
  readonly socket: Socket;
  readonly connectMs: number;
  readonly tlsMs: number;
}

/** HTTP/1.1 over undici's `Client`, one per connection: the cheapest of its layers, one request at a time. */
export class UndiciTransport implements Transport {
  opened = 0;
  readonly #options: UndiciTransportOptions;
  readonly #clock: Clock;
  readonly #connector: buildConnector.connector;

  constructor(options: UndiciTransportOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#connector = buildConnector({ timeout: options.connectTimeoutMs });
  }

  connection(): Connection {
    return new UndiciConnection(
      this.#options,
      (options, callback) => this.#connect(options, callback),
      this.#clock,
    );
  }

  #connect(options: buildConnector.Options, callback: (error: Error | null, opened?: Opened) => void): void {
    const { address } = this.#options;
    const startMs = this.#clock.now();
    let tcpMs = Number.NaN;
    const socket: unknown = this.#connector(
      address === undefined ? options : { ...options, hostname: address },
      (...[error, connected]) => {
        if (error !== null) return callback(error);
        const endMs = this.#clock.now();
        this.opened++;
        if (Number.isNaN(tcpMs)) tcpMs = endMs;
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
class UndiciConnection implements Connection, Dispatcher.DispatchHandler {
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

  constructor(options: UndiciTransportOptions, connect: Connect, clock: Clock) {
    this.#clock = clock;
    this.#connect = connect;
    this.#url = new URL(options.origin);
    this.#client = new Client(options.origin, {
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
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

  send(flight: Flight): void {
    this.#flight = flight;
    const { method, path, headers, body } = flight.wire;
    this.#client.dispatch(
      { method: method as Dispatcher.HttpMethod, path, headers: headers as string[], body },
      this,
    );
  }

  cancel(failure: TransportFailure): void {
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
      this.#flight.rawHeaders = rawHeaders;
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
    this.#finish(classifyFailure(error));
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
