import { isPromise } from '../user/is-promise.ts';
import type { RunEvent } from '../model/events.ts';
import type { ResultNote } from '../document/schema.ts';
import { reasonOf } from '../show.ts';

/** Most unread events per reader, about a quarter of an hour of a run; older ones are dropped and counted. */
const MAX_UNREAD = 1000;

/**
 * Hands events to a callback and to any number of async iterators, in order. The callback runs within `emit`, in the thread of
 * the coordinator. The owner calls `end` on every path: iterators wait for it.
 */
export class EventStream {
  readonly #listener: ((event: RunEvent) => void) | undefined;
  readonly #readers = new Set<Reader>();
  /** The first error of the listener: a note of the result, does not stop the run. */
  #listenerError: string | undefined;
  #noted = false;
  #ended = false;

  constructor(listener: ((event: RunEvent) => void) | undefined) {
    this.#listener = listener;
  }

  /** Whether anybody gets the events. */
  get heard(): boolean {
    return this.#listener !== undefined || this.#readers.size > 0;
  }

  emit(event: RunEvent): void {
    try {
      const made: unknown = this.#listener?.(event);
      if (isPromise(made)) made.then(undefined, (error: unknown) => this.#failed(error));
    } catch (error) {
      this.#failed(error);
    }
    for (const reader of this.#readers) reader.push(event);
  }

  #failed(error: unknown): void {
    this.#listenerError ??= reasonOf(error);
  }

  /** The note on the listener, once, if it has failed by now. @param redact removes secrets from the text */
  takeNotes(redact: (text: string) => string): readonly ResultNote[] {
    if (this.#listenerError === undefined || this.#noted) return [];
    this.#noted = true;
    const text = redact(`the event listener threw: ${this.#listenerError}`);
    return [{ level: 'warning', code: 'listener-failed', text }];
  }

  end(): void {
    this.#ended = true;
    for (const reader of this.#readers) reader.end();
    this.#readers.clear();
  }

  /** Events from this call on, whenever they are looked at; at most {@link MAX_UNREAD} are kept. */
  read(): AsyncGenerator<RunEvent> {
    const reader = new Reader();
    if (this.#ended) reader.end();
    else this.#readers.add(reader);
    return this.#drain(reader);
  }

  async *#drain(reader: Reader): AsyncGenerator<RunEvent> {
    try {
      for (;;) {
        const event = await reader.next();
        if (event === undefined) return;
        yield event;
      }
    } finally {
      this.#readers.delete(reader);
    }
  }
}

/** The unread events of one iterator. */
class Reader {
  readonly #unread: RunEvent[] = [];
  #cut = 0;
  #ended = false;
  #wake: (() => void) | undefined;

  push(event: RunEvent): void {
    if (this.#unread.length >= MAX_UNREAD) {
      this.#unread.shift();
      this.#cut++;
    }
    this.#unread.push(event);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** `undefined` at the end. */
  async next(): Promise<RunEvent | undefined> {
    while (this.#unread.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#cut === 0) return this.#unread.shift();
    const text = `${this.#cut} events were not read in time and are missing here; at most ${MAX_UNREAD} unread events are kept.`;
    this.#cut = 0;
    return { type: 'notice', level: 'warning', code: 'events-cut', text };
  }
}
