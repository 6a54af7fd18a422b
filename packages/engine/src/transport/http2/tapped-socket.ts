import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Clock } from '../../model/clock.ts';
import type { OpenSocket, SocketOwner } from '../http1/connector.ts';
import type { SharedBySockets } from '../http1/socket-connection.ts';
import { FrameScan, type FrameListener } from './frame-scan.ts';

/**
 * A TLS socket for a session of `node:http2` that passes every frame to a {@link FrameScan}. With a plain socket the
 * session reads in native code and never reports a reset after the end of a stream. The session owns it, and it owns the socket:
 * whoever destroys the session ends both.
 */
export class TappedSocket extends Duplex implements SocketOwner {
  readonly socket: Socket;
  /**
   * When the latest bytes were read, in clock milliseconds: the session hands them over while `onRead` runs, so it is the stamp of
   * what arrives in them, not the later moment at which an event tells of it. It holds until the
   * next read, also for events of later ticks.
   */
  readMs = Number.NaN;
  readonly #clock: Clock;
  readonly #buffer: Buffer;
  readonly #scan: FrameScan;

  /** Takes over the open socket, and the read buffer that it shares with other sockets. */
  constructor(
    opening: OpenSocket,
    { clock, connector: { buffer } }: Pick<SharedBySockets, 'clock' | 'connector'>,
    listener: FrameListener,
  ) {
    super();
    this.#clock = clock;
    opening.owner = this;
    this.socket = opening.socket;
    this.#buffer = buffer;
    this.#scan = new FrameScan(listener);
  }

  onRead(length: number): void {
    if (this.destroyed) return;
    this.readMs = this.#clock.now();
    const part = this.#buffer.subarray(0, length);
    this.#scan.push(part);
    // A flowing session consumes the bytes during `emit`; otherwise copy them, as the buffer is reused.
    if (this.readableFlowing === true && this.readableLength === 0) this.emit('data', part);
    else this.push(Buffer.from(part));
  }

  onLost(_opening: OpenSocket, error: unknown): void {
    this.destroy(error instanceof Error ? error : undefined);
  }

  onPeerEnd(): void {
    this.destroy();
  }

  onOpened(): void {}

  // No back-pressure needed: the session's receive window limits the buffered bytes.
  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.socket.write(chunk, done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.socket.cork();
    const last = chunks.length - 1;
    chunks.forEach(({ chunk }, at) => this.socket.write(chunk, at === last ? done : undefined));
    this.socket.uncork();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.socket.destroy();
    done(error);
  }
}
