import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { OpenSocket, SocketOwner } from '../http1/connector.ts';
import { FrameScan, type FrameListener } from './frame-scan.ts';

/**
 * A TLS socket for a session of `node:http2` whose frames are seen as they pass. Given the socket itself, the session reads it
 * in native code, and a reset that follows the end of a stream is never told.
 */
export class TappedSocket extends Duplex implements SocketOwner {
  readonly socket: Socket;
  readonly #buffer: Buffer;
  readonly #scan: FrameScan;

  /** Takes the open socket over. @param buffer what it reads into, and others do */
  constructor(opening: OpenSocket, buffer: Buffer, listener: FrameListener) {
    super();
    opening.owner = this;
    this.socket = opening.socket;
    this.#buffer = buffer;
    this.#scan = new FrameScan(listener);
  }

  onRead(length: number): void {
    if (this.destroyed) return;
    const part = this.#buffer.subarray(0, length);
    this.#scan.push(part);
    // The session takes what is emitted during the call; only what has to be kept is copied.
    if (this.readableFlowing === true && this.readableLength === 0) this.emit('data', part);
    else this.push(Buffer.from(part));
  }

  onLost(_opening: OpenSocket, error: unknown): void {
    this.destroy(error instanceof Error ? error : undefined);
  }

  onEnded(): void {
    this.destroy();
  }

  onOpened(): void {}

  // The window of the session bounds what comes.
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
