import {
  checkBeginning,
  COLON,
  CR,
  endOfHead,
  hexDigit,
  IN_NAME,
  isBlank,
  isField,
  KIND,
  LF,
  MAX_HEAD_BYTES,
  SEMICOLON,
  SPACE,
  statusOf,
  TAB,
  textOf,
  tooLarge,
} from './answer-bytes.ts';
import { invalidHttp } from '../failure.ts';
import { withoutBlanks } from '../head.ts';
import { KeepAlive } from './keep-alive.ts';

/*
 * `ResponseParser`: the responses of one HTTP/1.1 connection (RFC 9112), from reads of any size.
 *
 * Must hold:
 * - The caller calls `expect` before each request: bytes that arrive without it are an error of the server.
 * - After an error the connection is dropped; the next `expect` begins anew.
 * - `onResponseEnd` is called last, with the parser ready for `expect`: it may send the next request.
 * - The sink copies bytes that it keeps. An error that it throws passes through `push` and counts as one of the response.
 */

/**
 * Largest chunk size; below 2^53, so exact in a number. More digits are allowed than it needs: some servers pad with
 * zeros.
 */
const MAX_SIZE = 2 ** 48;
const MAX_SIZE_DIGITS = 16;
const MAX_LENGTH_DIGITS = 15;
/** Extension that each chunk may have, such as a signature; what is longer adds up over the response. */
const EXTENSION_BYTES = 256;

/** Receives the parts of a response. */
export interface ResponseSink {
  /** An interim answer (RFC 9110, 15.2) is over. @param more bytes arrived with it: the next response has begun */
  onInterim(more: boolean): void;
  /** @param fields the header lines */
  onHead(status: number, fields: string): void;
  onBody(bytes: Buffer, start: number, end: number): void;
  /** The response is complete. The callee may call `expect` for the next one. */
  onResponseEnd(): void;
}

// Parser states: what the next byte belongs to.
const IDLE = 0;
const HEAD = 1;
const LENGTH = 2;
const UNTIL_CLOSE = 3;
const CHUNK_SIZE = 4;
const CHUNK_EXTENSION = 5;
const CHUNK_SIZE_LF = 6;
const CHUNK_DATA = 7;
const CHUNK_DATA_CR = 8;
const CHUNK_DATA_LF = 9;
const TRAILER = 10;

/** Options of a {@link ResponseParser}. */
export interface ParserOptions {
  /**
   * Largest head, and largest sum of trailers and of the bytes of chunk extensions beyond {@link EXTENSION_BYTES} for each
   * chunk so far: chunks with shorter extensions make up for longer ones before them.
   * @default MAX_HEAD_BYTES
   */
  readonly maxHeaderBytes?: number;
  /**
   * Whether a change of protocol (status 101) is wanted: what follows it is handed over as a body without end. @default false
   */
  readonly upgrades?: boolean;
}

/** Parses the responses of one HTTP/1.1 connection, one at a time. */
export class ResponseParser {
  /** Whether the connection can carry another request after this answer. */
  keepAlive = true;
  /** Keep-alive limits that the server announced. */
  readonly limits = new KeepAlive();
  readonly #sink: ResponseSink;
  readonly #upgrades: boolean;
  readonly #mostHead: number;
  #state = IDLE;
  #noBody = false;
  /** Received part of an incomplete head. */
  #partial: Buffer | undefined;
  /** Remaining bytes of the body or chunk. */
  #left = 0;
  #digits = 0;
  /** Bytes of trailers and chunk extensions so far, without those that chunks may have; length of the current trailer line. */
  #extra = 0;
  #lineLength = 0;
  #lengthSeen = false;
  #chunked = false;
  #otherCoding = false;
  #closes = false;
  #interim = false;

  constructor(sink: ResponseSink, { maxHeaderBytes = MAX_HEAD_BYTES, upgrades = false }: ParserOptions = {}) {
    this.#sink = sink;
    this.#mostHead = maxHeaderBytes;
    this.#upgrades = upgrades;
  }

  /** Prepares for the next response. @param noBody whether to expect no body whatever the head says, as for HEAD */
  expect(noBody: boolean): void {
    this.#state = HEAD;
    this.#noBody = noBody;
    // Drop the rest of a response that ended within its head.
    this.#partial = undefined;
    this.#ended = false;
  }

  /**
   * Parses the bytes of one read.
   * @throws AnswerError after which the connection cannot be used
   */
  push(bytes: Buffer, length: number): void {
    let at = 0;
    while (at < length) {
      switch (this.#state) {
        case IDLE:
          // Bytes after the end of the response.
          throw invalidHttp('bytes that belong to no request');
        case HEAD:
          at = this.#head(bytes, at, length);
          if (this.#interim) {
            this.#interim = false;
            this.#sink.onInterim(at < length);
          }
          break;
        case LENGTH:
        case CHUNK_DATA:
          at = this.#counted(bytes, at, length);
          break;
        case UNTIL_CLOSE:
          this.#sink.onBody(bytes, at, length);
          return;
        default:
          at = this.#chunkFraming(bytes, at, length);
      }
      // Call `onResponseEnd` last: it may start the next request, whose read reuses this shared buffer.
      if (this.#ended) {
        this.#end(at < length);
        return;
      }
    }
  }

  /** The server closed the connection. Returns whether that completes the response (body without a length). */
  close(): boolean {
    if (this.#state !== UNTIL_CLOSE) return false;
    this.#ended = true;
    this.#end(false);
    return true;
  }

  #ended = false;

  #end(more: boolean): void {
    this.#ended = false;
    this.#state = IDLE;
    if (more) this.keepAlive = false;
    this.#sink.onResponseEnd();
  }

  /** @returns how far it has read */
  #head(bytes: Buffer, from: number, length: number): number {
    const partial = this.#partial;
    if (partial === undefined) {
      const end = endOfHead(bytes, from, length);
      if (end > 0) {
        this.#whole(bytes, from, end);
        return end;
      }
      if (length - from > this.#mostHead) throw tooLarge(this.#mostHead);
      checkBeginning(bytes, from, length);
      this.#partial = Buffer.from(bytes.subarray(from, length));
      return length;
    }
    const head = Buffer.concat([partial, bytes.subarray(from, length)]);
    const end = endOfHead(head, Math.max(0, partial.length - 3), head.length);
    if (end < 0) {
      if (head.length > this.#mostHead) throw tooLarge(this.#mostHead);
      checkBeginning(head, 0, head.length);
      this.#partial = head;
      return length;
    }
    this.#partial = undefined;
    this.#whole(head, 0, end);
    return from + end - partial.length;
  }

  #whole(bytes: Buffer, from: number, end: number): void {
    if (end - from > this.#mostHead) throw tooLarge(this.#mostHead);
    const status = statusOf(bytes, from);
    let at = from + 12;
    while (KIND[bytes[at]!] !== 0) at++;
    if (bytes[at] !== CR || bytes[at + 1] !== LF) throw invalidHttp('a status line with control characters');
    at += 2;
    // HTTP/1.0 closes by default; later versions keep the connection by default.
    this.keepAlive = bytes[from + 7] !== 48;
    this.#left = 0;
    this.#lengthSeen = false;
    this.#chunked = false;
    this.#otherCoding = false;
    this.#closes = false;
    this.#fields(bytes, at, end - 2);
    if (status < 200) {
      if (status !== 101) {
        this.#interim = true;
        return;
      }
      if (!this.#upgrades) throw invalidHttp('a change of protocol that was not requested');
      this.#state = UNTIL_CLOSE;
      this.#sink.onHead(status, bytes.toString('latin1', at, end - 2));
      return;
    }
    this.#sink.onHead(status, bytes.toString('latin1', at, end - 2));
    this.#frame(status);
  }

  /** Checks the header lines and reads those that define the body length. */
  #fields(bytes: Buffer, from: number, end: number): void {
    let at = from;
    while (at < end) {
      const start = at;
      while (KIND[bytes[at]!] === IN_NAME) at++;
      const nameLength = at - start;
      if (nameLength === 0 || bytes[at] !== COLON) throw invalidHttp('a header line without a name');
      const valueStart = ++at;
      do {
        while (KIND[bytes[at]!] !== 0) at++;
        if (bytes[at] !== CR || bytes[at + 1] !== LF) throw invalidHttp('a header with control characters');
        at += 2;
        // A line that starts with a blank continues the previous value.
      } while (at < end && (bytes[at] === SPACE || bytes[at] === TAB));
      if (isField(bytes, start, nameLength, 'content-length')) this.#length(bytes, valueStart, at - 2);
      else if (isField(bytes, start, nameLength, 'connection'))
        this.#connection(textOf(bytes, valueStart, at - 2));
      else if (isField(bytes, start, nameLength, 'transfer-encoding'))
        this.#coding(textOf(bytes, valueStart, at - 2));
      else if (isField(bytes, start, nameLength, 'keep-alive'))
        this.limits.read(textOf(bytes, valueStart, at - 2));
    }
  }

  #length(bytes: Buffer, from: number, to: number): void {
    let at = from;
    let end = to;
    while (isBlank(bytes[at]!)) at++;
    while (end > at && isBlank(bytes[end - 1]!)) end--;
    let length = 0;
    if (end === at || end - at > MAX_LENGTH_DIGITS)
      throw invalidHttp('a Content-Length that is not a number');
    for (; at < end; at++) {
      const digit = bytes[at]! - 48;
      if (digit < 0 || digit > 9) throw invalidHttp('a Content-Length that is not a number');
      length = length * 10 + digit;
    }
    if (this.#lengthSeen && length !== this.#left) throw invalidHttp('two Content-Lengths');
    this.#lengthSeen = true;
    this.#left = length;
  }

  /** The body marks its own end only if `chunked` is the last coding. */
  #coding(value: string): void {
    const codings = value.toLowerCase().split(',');
    this.#chunked = withoutBlanks(codings.at(-1)!) === 'chunked';
    this.#otherCoding = !this.#chunked;
  }

  #connection(value: string): void {
    for (const option of value.toLowerCase().split(',')) {
      const word = withoutBlanks(option);
      if (word === 'close') this.#closes = true;
      else if (word === 'keep-alive') this.keepAlive = true;
    }
    // `close` overrides `keep-alive` (RFC 9112, 9.3).
    if (this.#closes) this.keepAlive = false;
  }

  /** Determines the body length (RFC 9112, 6.3). */
  #frame(status: number): void {
    if (this.#lengthSeen && (this.#chunked || this.#otherCoding)) {
      throw invalidHttp('both Content-Length and Transfer-Encoding');
    }
    if (this.#noBody || status === 204 || status === 304) {
      this.#ended = true;
    } else if (this.#chunked) {
      this.#state = CHUNK_SIZE;
      this.#digits = 0;
      this.#left = 0;
      this.#extra = 0;
    } else if (this.#lengthSeen) {
      this.#state = LENGTH;
      this.#ended = this.#left === 0;
    } else {
      this.keepAlive = false;
      this.#state = UNTIL_CLOSE;
    }
  }

  #counted(bytes: Buffer, from: number, length: number): number {
    const end = Math.min(length, from + this.#left);
    this.#left -= end - from;
    this.#sink.onBody(bytes, from, end);
    if (this.#left === 0) {
      if (this.#state === LENGTH) this.#ended = true;
      else this.#state = CHUNK_DATA_CR;
    }
    return end;
  }

  /** Parses chunk size lines and line ends, byte by byte. */
  #chunkFraming(bytes: Buffer, from: number, length: number): number {
    let at = from;
    while (at < length) {
      const byte = bytes[at++]!;
      switch (this.#state) {
        case CHUNK_SIZE: {
          const digit = hexDigit(byte);
          if (digit >= 0) {
            if (++this.#digits > MAX_SIZE_DIGITS || this.#left >= MAX_SIZE / 16)
              throw invalidHttp('a chunk size that is too large');
            this.#left = this.#left * 16 + digit;
          } else if (this.#digits === 0) {
            throw invalidHttp('a chunk without a size');
          } else if (byte === CR) {
            this.#state = CHUNK_SIZE_LF;
          } else if (byte === SEMICOLON || byte === SPACE || byte === TAB) {
            this.#state = CHUNK_EXTENSION;
          } else {
            throw invalidHttp('a chunk size that is not a number');
          }
          break;
        }
        case CHUNK_EXTENSION:
          if (byte === CR) this.#state = CHUNK_SIZE_LF;
          else if (KIND[byte] === 0) throw invalidHttp('a chunk extension with control characters');
          else if (++this.#extra > this.#mostHead) throw tooLarge(this.#mostHead);
          break;
        case CHUNK_SIZE_LF:
          if (byte !== LF) throw invalidHttp('a chunk size without its line end');
          this.#lineLength = 0;
          this.#state = this.#left === 0 ? TRAILER : CHUNK_DATA;
          this.#extra = Math.max(0, this.#extra - EXTENSION_BYTES);
          if (this.#left > 0) return at;
          break;
        case CHUNK_DATA_CR:
          if (byte !== CR) throw invalidHttp('a chunk longer than its size');
          this.#state = CHUNK_DATA_LF;
          break;
        case CHUNK_DATA_LF:
          if (byte !== LF) throw invalidHttp('a chunk longer than its size');
          this.#state = CHUNK_SIZE;
          this.#digits = 0;
          break;
        default:
          if (this.#trailer(byte)) return at;
      }
    }
    return at;
  }

  /** Skips trailers. @returns whether the response ends at this byte */
  #trailer(byte: number): boolean {
    if (++this.#extra > this.#mostHead) throw tooLarge(this.#mostHead);
    if (byte === LF) {
      if (this.#lineLength === 0) this.#ended = true;
      this.#lineLength = 0;
      return this.#ended;
    }
    if (byte !== CR) {
      if (KIND[byte] === 0) throw invalidHttp('a trailer with control characters');
      this.#lineLength++;
    }
    return false;
  }
}
