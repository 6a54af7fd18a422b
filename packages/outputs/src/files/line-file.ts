import {
  constants,
  createWriteStream,
  fstatSync,
  mkdirSync,
  openSync,
  statSync,
  type WriteStream,
} from 'node:fs';
import { Socket } from 'node:net';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Loss } from '../delivery/delivery.ts';

/** Lines wait in memory while the disk is slow; beyond this they are lost. */
const MOST_BYTES_WAITING = 8 * 2 ** 20;
/** For `close` in a hurry. */
const HURRY_MS = 1000;

/**
 * A file that is written line by line without waiting for the disk; what was in it is lost when this object is made. Lines that
 * it did not take are counted, and not written again: a file with losses has gaps. The caller calls `close` once, then reads
 * `loss`. A pipe is written without blocking calls: one whose reader stands still could not be interrupted, and would keep the
 * process from ending.
 */
export class LineFile {
  readonly #stream: WriteStream | Socket;
  /** Of a file, as long as it is open: the stream closes it. */
  readonly #fd: number | undefined;
  #lines = 0;
  #written = 0;
  #problem: string | undefined;
  #isGone = false;
  #hurried = false;
  #limit: NodeJS.Timeout | undefined;

  /** Replaces the file. @throws if it cannot be opened, or is a pipe without a reader */
  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    if (statSync(path, { throwIfNoEntry: false })?.isFIFO() === true) {
      this.#stream = new Socket({ fd: openPipe(path), readable: false, writable: true });
    } else {
      this.#fd = openSync(path, 'w');
      this.#stream = createWriteStream(path, { fd: this.#fd });
    }
    this.#stream.on('error', (error: NodeJS.ErrnoException) => this.#fail(error));
  }

  /** Adds whole lines; returns at once. @param count how many lines the text holds, for the count of losses */
  write(text: string, count: number): void {
    this.#lines += count;
    if (this.#stream.destroyed) return;
    if (this.#stream.writableLength > MOST_BYTES_WAITING) {
      this.#problem ??= this.#tooSlow;
      return;
    }
    this.#stream.write(text, (error) => {
      if (error) this.#fail(error);
      else this.#written += count;
    });
  }

  /** Closes the file once everything is written, or this time is over. */
  async close(withinMs: number): Promise<void> {
    if (!this.#stream.destroyed && this.#fd !== undefined && isRemoved(this.#fd)) {
      this.#isGone = true;
      this.#problem = 'the file was removed during the run';
    }
    this.#endWithin(this.#hurried ? Math.min(withinMs, HURRY_MS) : withinMs);
    this.#stream.end();
    // Errors are counted already.
    await finished(this.#stream).catch(() => undefined);
    clearTimeout(this.#limit);
  }

  /** `close`, now or later, takes a second at most. */
  hurry(): void {
    this.#hurried = true;
    if (this.#limit !== undefined) this.#endWithin(HURRY_MS);
  }

  /** After {@link close}: what is missing in the file; undefined if it is complete. */
  get loss(): Loss | undefined {
    const lost = this.#lines - (this.#isGone ? 0 : this.#written);
    return lost === 0 ? undefined : { lost, total: this.#lines, reason: this.#problem ?? 'not written' };
  }

  get #tooSlow(): string {
    return this.#fd === undefined ? 'the reader of the pipe was too slow' : 'the disk was too slow';
  }

  #endWithin(ms: number): void {
    clearTimeout(this.#limit);
    this.#limit = setTimeout(() => this.#stream.destroy(new Error(this.#tooSlow)), ms);
  }

  #fail(error: NodeJS.ErrnoException): void {
    this.#problem ??= error.code ?? error.message;
  }
}

/** @throws without a reader: opening it in the usual way would wait for one, and nothing could end that */
function openPipe(path: string): number {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
    throw new Error(`${path} is a pipe that nothing reads`, { cause: error });
  }
}

/** Whether no folder holds the file any more: what is written then is lost with its last descriptor. */
function isRemoved(fd: number): boolean {
  const stats = fstatSync(fd);
  return stats.isFile() && stats.nlink === 0;
}
