import { createWriteStream, mkdirSync, openSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Loss } from '../delivery/delivery.ts';

/** Lines wait in memory while the disk is slow; beyond this they are lost. */
const MOST_BYTES_WAITING = 8 * 2 ** 20;

/**
 * A file that is written line by line without waiting for the disk; what was in it is lost when this object is made. Lines that
 * it did not take are counted, and not written again: a file with losses has gaps. The caller calls `close` once, then reads
 * `loss`.
 */
export class LineFile {
  readonly #stream: WriteStream;
  #lines = 0;
  #written = 0;
  #problem: string | undefined;

  /** Replaces the file. @throws if it cannot be opened */
  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#stream = createWriteStream(path, { fd: openSync(path, 'w') });
    this.#stream.on('error', (error: NodeJS.ErrnoException) => this.#fail(error));
  }

  /** Adds whole lines; returns at once. @param count how many lines the text holds, for the count of losses */
  write(text: string, count: number): void {
    this.#lines += count;
    if (this.#stream.destroyed) return;
    if (this.#stream.writableLength > MOST_BYTES_WAITING) {
      this.#problem ??= 'the disk was too slow';
      return;
    }
    this.#stream.write(text, (error) => {
      if (error) this.#fail(error);
      else this.#written += count;
    });
  }

  /** Closes the file and waits until everything is written. */
  async close(): Promise<void> {
    this.#stream.end();
    // Errors are counted already.
    await finished(this.#stream).catch(() => undefined);
  }

  /** After {@link close}: what is missing in the file; undefined if it is complete. */
  get loss(): Loss | undefined {
    const lost = this.#lines - this.#written;
    return lost === 0 ? undefined : { lost, total: this.#lines, reason: this.#problem ?? 'not written' };
  }

  #fail(error: NodeJS.ErrnoException): void {
    this.#problem ??= error.code ?? error.message;
  }
}
