import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { FrameScan, type FrameListener } from './frame-scan.ts';

/**
 * A TLS socket for a session of `node:http2` whose frames are seen as they pass. Given the socket itself, the session reads it
 * in native code, and a reset that follows the end of a stream is never told.
 */
export class TappedSocket extends Duplex {
  readonly socket: Socket;
  readonly #scan: FrameScan;

  constructor(socket: Socket, listener: FrameListener) {
    super({ autoDestroy: true });
    this.socket = socket;
    this.#scan = new FrameScan(listener);
  }

  /** The first `length` bytes of a buffer that is used again have been read. */
  received(buffer: Buffer, length: number): void {
    if (this.destroyed) return;
    this.#scan.push(buffer, length);
    const part = buffer.subarray(0, length);
    // The session takes what is emitted during the call; only what has to be kept is copied.
    if (this.readableFlowing === true && this.readableLength === 0) this.emit('data', part);
    else this.push(Buffer.from(part));
  }

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
