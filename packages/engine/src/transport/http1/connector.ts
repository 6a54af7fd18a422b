import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import {
  checkServerIdentity,
  connect as connectTls,
  createSecureContext,
  type SecureContext,
} from 'node:tls';
import type { Clock } from '../../model/clock.ts';
import { guardedLookup } from '../../guard/guard.ts';
import type { ResolveHost } from '../../model/allowed-host.ts';
import type { TransportSettings } from '../../model/transport-settings.ts';
import { AnswerError, connectTimeout, GENERATOR_LIMIT_CODES } from '../failure.ts';
import type { Flight } from '../../model/flight.ts';

/*
 * `Connector`: sockets to one target, by name or addresses, plain or TLS, opened within a time limit.
 *
 * Must hold:
 * - `onRead` parses or copies the bytes before it returns: the next read of any socket overwrites the buffer.
 * - The owner gets `onOpened` once, and if that was without an error, later `onPeerEnd` or `onLost`, never both.
 * - After `onPeerEnd` the owner destroys the socket: until then it stays open for writing.
 * - Whoever opens a socket destroys it, also one whose `onOpened` has not come yet: then it comes with an error, to be ignored.
 * - Names are resolved by `guardedLookup`, which refuses addresses that may not be loaded; an IP address of the settings is not
 *   checked here, but by `admitTarget` before.
 */

/** Size of the read buffer; longer responses arrive in several reads. */
const READ_BYTES = 64 * 1024;
/** TCP keep-alive detects a dead peer during long think times, as in browsers and Go. */
const TCP_KEEP_ALIVE_MS = 60_000;
const HTTP1: readonly string[] = ['http/1.1'];

/** Receives the events of a socket. */
export interface SocketOwner {
  /** @param error why it did not open */
  onOpened(opening: OpenSocket, error: unknown): void;
  /** `length` bytes stand at the beginning of the connector's buffer, during the call only. */
  onRead(length: number): void;
  /** The other side sends no more. The socket is still open for writing: the owner destroys it. */
  onPeerEnd(opening: OpenSocket): void;
  /** The socket failed or closed and cannot be used any more. @param error absent: closed */
  onLost(opening: OpenSocket, error: unknown): void;
}

/** A socket being opened, or open. */
export class OpenSocket {
  readonly socket: Socket;
  /** Receives its events; `adopt` replaces it. */
  owner: SocketOwner;
  readonly #startMs: number;
  /** TCP, with the resolution of the name; NaN until it is connected. */
  connectMs = Number.NaN;
  tlsMs = 0;
  /** TLS session, resumed by the next connection of the same client. */
  session: Buffer | undefined;

  constructor(socket: Socket, owner: SocketOwner, startMs: number) {
    this.socket = socket;
    this.owner = owner;
    this.#startMs = startMs;
  }

  /** Call when a step of opening (TCP, then TLS) has ended or was cut off; records its duration. */
  mark(nowMs: number): void {
    if (Number.isNaN(this.connectMs)) this.connectMs = nowMs - this.#startMs;
    else this.tlsMs = nowMs - this.#startMs - this.connectMs;
  }

  /** Writes the TCP and TLS times into the request that waits for this socket. */
  tell(flight: Flight | undefined): void {
    if (flight === undefined) return;
    flight.connectMs = this.connectMs;
    flight.tlsMs = this.tlsMs;
  }
}

/** Opens sockets to one target, and owns the buffer that they all read into. */
export class Connector {
  readonly buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  readonly tls: boolean;
  readonly #settings: TransportSettings;
  readonly #clock: Clock;
  readonly #host: string;
  readonly #port: number;
  readonly #lookup: LookupFunction;
  #secureContext: SecureContext | undefined;
  #nextAddress = 0;
  opened = 0;

  constructor(settings: TransportSettings, clock: Clock, resolve?: ResolveHost) {
    this.#settings = settings;
    this.#lookup = guardedLookup(settings.loopbackOnly, resolve);
    this.#clock = clock;
    const { protocol, hostname, port } = new URL(settings.origin);
    this.tls = protocol === 'https:';
    this.#host = hostname.replace(/^\[|\]$/g, '');
    this.#port = port === '' ? (this.tls ? 443 : 80) : Number(port);
  }

  /** @param protocols of the application, the preferred one first; told to the server by TLS */
  open(owner: SocketOwner, session?: Buffer, protocols = HTTP1): OpenSocket {
    const { addresses, connectTimeoutMs } = this.#settings;
    // Round-robin over the addresses, like a resolver that rotates its answers.
    const host = addresses[this.#nextAddress++ % addresses.length] ?? this.#host;
    const startMs = this.#clock.now();
    const opening: OpenSocket = new OpenSocket(
      this.#socket(host, () => opening.owner, session, protocols),
      owner,
      startMs,
    );
    const { socket } = opening;
    let over = false;
    let ready = false;
    const timer = this.#clock.setTimer(connectTimeoutMs, () => {
      // Timers run before socket events. If this thread was late, the socket may already be open: give it one more loop
      // turn.
      this.#clock.soon(() => {
        if (over || ready) return;
        socket.destroy();
        lost(connectTimeout(`${host}:${this.#port}`, connectTimeoutMs));
      });
    });
    const lost = (error: unknown): void => {
      if (over) return;
      over = true;
      this.#clock.clearTimer(timer);
      if (ready) {
        opening.owner.onLost(opening, error);
        return;
      }
      // Without a socket there was no connection attempt: connecting took 0 ms.
      if (GENERATOR_LIMIT_CODES.has(codeOf(error))) opening.connectMs = 0;
      else opening.mark(this.#clock.now());
      socket.destroy();
      opening.owner.onOpened(
        opening,
        error ?? new AnswerError('the connection was closed before it was established', 'connection_closed'),
      );
    };
    const opened = (): void => {
      ready = true;
      this.#clock.clearTimer(timer);
      if (this.tls) opening.mark(this.#clock.now());
      this.opened++;
      opening.owner.onOpened(opening, undefined);
    };
    socket.once('connect', () => {
      opening.mark(this.#clock.now());
      if (!this.tls) opened();
    });
    if (this.tls) {
      socket.setNoDelay(true);
      socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS);
      socket.once('secureConnect', opened);
      socket.on('session', (ticket: Buffer) => {
        opening.session = ticket;
      });
    }
    socket.on('error', lost);
    socket.on('end', () => {
      if (over || !ready) {
        lost(undefined);
        return;
      }
      over = true;
      opening.owner.onPeerEnd(opening);
    });
    socket.on('close', () => lost(undefined));
    return opening;
  }

  #socket(
    host: string,
    owner: () => SocketOwner,
    session: Buffer | undefined,
    protocols: readonly string[],
  ): Socket {
    const options = {
      host,
      port: this.#port,
      // The owner ends the writing side: after the server's end, it writes to see whether a reset comes
      // (`#lookForReset` of `socket-connection.ts`).
      allowHalfOpen: true,
      lookup: this.#lookup,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: TCP_KEEP_ALIVE_MS,
      onread: {
        buffer: this.buffer,
        callback: (length: number): boolean => {
          owner().onRead(length);
          return true;
        },
      },
    };
    if (!this.tls) return connectTcp(options);
    // Create once: loading the system's certificate authorities takes milliseconds.
    const { ca, cert, key, passphrase, rejectUnauthorized = true } = this.#settings.tls;
    this.#secureContext ??= createSecureContext({ ca, cert, key, passphrase });
    return connectTls({
      ...options,
      secureContext: this.#secureContext,
      rejectUnauthorized,
      ALPNProtocols: [...protocols],
      ...(isIP(this.#host) === 0 ? { servername: this.#host } : {}),
      // Check against the host in the URL, even when the socket connects to another address.
      checkServerIdentity: (_host, certificate) => checkServerIdentity(this.#host, certificate),
      ...(session === undefined ? {} : { session }),
    });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
