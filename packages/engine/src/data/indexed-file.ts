import { closeSync, openSync, readSync } from 'node:fs';

const CHUNK_BYTES = 1024 * 1024;
const BLOCK_BYTES = 64 * 1024;
const HEAD_BYTES = 1024;
const LF = 10;
const QUOTE = 34;
const BOM = '\ufeff';

/** Closes the files of rows that nothing refers to any more: who reads rows last is not known. */
const unused = new FinalizationRegistry<number>((file) => closeSync(file));

/**
 * The rows of a text file by number, read from the disk when they are asked for. Memory holds the ends of each row, 16
 * bytes, and one block of text.
 *
 * Must hold: the file does not change, as rows are found by their place in it. It stays open as long as
 * this object is referred to: there is no `close`. Blank rows are not counted, so the number of a row is not that of its line (`lineOf`).
 */
export class IndexedFile {
  readonly #file: number;
  /** Where each row starts and ends, in turn. */
  #offsets = new Float64Array(1024);
  #rows = 0;
  #block = Buffer.alloc(0);
  #blockStart = 0;

  /** @param quoted whether a line break between double quotes is part of a row, as in CSV */
  constructor(path: string, quoted: boolean) {
    this.#file = openSync(path, 'r');
    try {
      this.#index(quoted);
    } catch (error) {
      closeSync(this.#file);
      throw error;
    }
    unused.register(this, this.#file);
  }

  /** Rows that are not blank. */
  get length(): number {
    return this.#rows;
  }

  /** Text of a row, without its line feed; a carriage return before that stays. */
  text(row: number): string {
    const start = this.#offsets[2 * row]!;
    const bytes = this.#bytes(start, this.#offsets[2 * row + 1]! - start);
    const text = bytes.toString();
    return start === 0 && text.startsWith(BOM) ? text.slice(1) : text;
  }

  /** The line on which a row begins, from 1. */
  lineOf(row: number): number {
    let line = 1;
    let left = this.#offsets[2 * row]!;
    for (const chunk of this.chunks()) {
      const before = chunk.subarray(0, left);
      for (const byte of before) if (byte === LF) line++;
      left -= before.length;
      if (left === 0) break;
    }
    return line;
  }

  /** The bytes of the file, in order; a chunk is valid until the next one. */
  *chunks(): Generator<Buffer> {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let start = 0;
    for (;;) {
      const length = readSync(this.#file, chunk, 0, CHUNK_BYTES, start);
      if (length === 0) return;
      yield chunk.subarray(0, length);
      start += length;
    }
  }

  /** The first characters of a file, without a byte order mark. */
  static head(path: string): string {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(HEAD_BYTES);
      const text = bytes.subarray(0, readSync(file, bytes, 0, HEAD_BYTES, 0)).toString();
      return text.startsWith(BOM) ? text.slice(1) : text;
    } finally {
      closeSync(file);
    }
  }

  #bytes(start: number, length: number): Buffer {
    const from = start - this.#blockStart;
    if (from < 0 || from + length > this.#block.length) {
      const block = Buffer.allocUnsafe(Math.max(BLOCK_BYTES, length));
      this.#block = block.subarray(0, readSync(this.#file, block, 0, block.length, start));
      this.#blockStart = start;
      return this.#block.subarray(0, length);
    }
    return this.#block.subarray(from, from + length);
  }

  #index(quoted: boolean): void {
    let chunkStart = 0;
    let rowStart = 0;
    let inside = false;
    for (const chunk of this.chunks()) {
      const { length } = chunk;
      for (let at = 0; at < length; at++) {
        const byte = chunk[at];
        if (byte === QUOTE) inside = quoted && !inside;
        else if (byte === LF && !inside) {
          this.#add(rowStart, chunkStart + at);
          rowStart = chunkStart + at + 1;
        }
      }
      chunkStart += length;
    }
    this.#add(rowStart, chunkStart);
  }

  /** Adds a row unless it is blank: at most a carriage return long. */
  #add(start: number, end: number): void {
    if (end - start < 2 && (end === start || this.#bytes(start, 1)[0] === 13)) return;
    if (2 * this.#rows + 2 > this.#offsets.length) {
      const grown = new Float64Array(this.#offsets.length * 2);
      grown.set(this.#offsets);
      this.#offsets = grown;
    }
    this.#offsets[2 * this.#rows] = start;
    this.#offsets[2 * this.#rows + 1] = end;
    this.#rows++;
  }
}
