import type { StreamPart } from '../../model/stream.ts';

interface Taker {
  resolve(result: IteratorResult<StreamPart>): void;
  reject(error: unknown): void;
}

/** Parts of one stream that its loop has not yet taken. */
export class PartQueue implements AsyncIterator<StreamPart> {
  readonly #parts: StreamPart[] = [];
  /** Number of leading parts that are taken. */
  #taken = 0;
  readonly #takers: Taker[] = [];
  readonly #left: () => void;
  #ended = false;
  #error: Error | undefined;

  /** @param left called when the loop is left before the end of the stream */
  constructor(left: () => void) {
    this.#left = left;
  }

  add(part: StreamPart): void {
    const taker = this.#takers.shift();
    if (taker === undefined) this.#parts.push(part);
    else taker.resolve({ done: false, value: part });
  }

  /** Parts that nobody has taken yet. */
  get waiting(): readonly StreamPart[] {
    return this.#parts.slice(this.#taken);
  }

  /** @param error that the loop fails with once it has taken every part; undefined: the loop ends */
  end(error: Error | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    for (const taker of this.#takers.splice(0)) {
      if (error === undefined) taker.resolve({ done: true, value: undefined });
      else taker.reject(error);
    }
  }

  next(): Promise<IteratorResult<StreamPart>> {
    const part = this.#parts[this.#taken];
    if (part !== undefined) {
      this.#taken++;
      if (this.#taken === this.#parts.length) {
        this.#parts.length = 0;
        this.#taken = 0;
      }
      return Promise.resolve({ done: false, value: part });
    }
    if (!this.#ended) return new Promise((resolve, reject) => this.#takers.push({ resolve, reject }));
    if (this.#error === undefined) return Promise.resolve({ done: true, value: undefined });
    return Promise.reject(this.#error);
  }

  return(): Promise<IteratorResult<StreamPart>> {
    this.#left();
    this.end(undefined);
    return Promise.resolve({ done: true, value: undefined });
  }
}
