const HEADER_BYTES = 9;
const DATA = 0x0;
const RST_STREAM = 0x3;
/** Payload of RST_STREAM: the error code. Of any other size the frame ends the connection (RFC 9113, 6.4). */
const CODE_BYTES = 4;
const END_STREAM = 0x1;

/** Receives the events of a {@link FrameScan}. */
export interface FrameListener {
  /** A DATA frame without content has ended the stream. */
  onEmptyEnd(streamId: number): void;
  /** RST_STREAM, also for a stream that has ended: nghttp2 does not report those. @param code RFC 9113, 7 */
  onReset(streamId: number, code: number): void;
}

/**
 * Reads the headers of HTTP/2 frames (RFC 9113, 4.1) and the codes of resets as they pass, in pieces of any size; copies nothing. One for each
 * connection: it must get every byte that the server sends, from the first on, or it takes content for headers.
 */
export class FrameScan {
  readonly #listener: FrameListener;
  /** Bytes of the current frame header read so far. */
  #headerBytes = 0;
  #payloadBytes = 0;
  #type = 0;
  #flags = 0;
  #streamId = 0;
  /** Remaining bytes of the current payload. */
  #leftBytes = 0;
  /** Whether the payload is the code of a reset, and what was read of it. */
  #inCode = false;
  #code = 0;

  constructor(listener: FrameListener) {
    this.#listener = listener;
  }

  push(bytes: Uint8Array): void {
    const { length } = bytes;
    let at = 0;
    while (at < length) {
      if (this.#inCode) {
        this.#codeByte(bytes[at++]!);
      } else if (this.#leftBytes > 0) {
        const skipped = Math.min(this.#leftBytes, length - at);
        this.#leftBytes -= skipped;
        at += skipped;
      } else {
        this.#headerByte(bytes[at++]!);
      }
    }
  }

  #headerByte(byte: number): void {
    const position = this.#headerBytes++;
    if (position < 3) this.#payloadBytes = (this.#payloadBytes << 8) | byte;
    else if (position === 3) this.#type = byte;
    else if (position === 4) this.#flags = byte;
    // The highest bit of the stream identifier is reserved.
    else this.#streamId = (this.#streamId << 8) | (position === 5 ? byte & 0x7f : byte);
    if (this.#headerBytes < HEADER_BYTES) return;
    this.#inCode = this.#type === RST_STREAM && this.#payloadBytes === CODE_BYTES;
    if (this.#type === DATA && this.#payloadBytes === 0 && (this.#flags & END_STREAM) !== 0)
      this.#listener.onEmptyEnd(this.#streamId);
    this.#leftBytes = this.#payloadBytes;
    this.#code = 0;
    this.#headerBytes = 0;
    this.#payloadBytes = 0;
    // The code of a reset is still to come.
    if (!this.#inCode) this.#streamId = 0;
  }

  #codeByte(byte: number): void {
    this.#code = ((this.#code << 8) | byte) >>> 0;
    if (--this.#leftBytes > 0) return;
    this.#inCode = false;
    const streamId = this.#streamId;
    this.#streamId = 0;
    this.#listener.onReset(streamId, this.#code);
  }
}
