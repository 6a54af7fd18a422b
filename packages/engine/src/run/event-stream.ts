import type { RunEvent } from '../events.ts';

/** Hands events to a callback and to any number of async iterators, in order. */
export class EventStream {
  readonly #listener: ((event: RunEvent) => void) | undefined;
  readonly #readers = new Set<(event: RunEvent | undefined) => void>();
  /** The first error of the listener: reported in the result, never lost, never in the way of the run. */
  listenerError: string | undefined;
  #ended = false;

  constructor(listener: ((event: RunEvent) => void) | undefined) {
    this.#listener = listener;
  }

  emit(event: RunEvent): void {
    try {
      this.#listener?.(event);
    } catch (error) {
      this.listenerError ??= error instanceof Error ? error.message : String(error);
    }
    for (const reader of this.#readers) reader(event);
  }

  end(): void {
    this.#ended = true;
    for (const reader of this.#readers) reader(undefined);
  }

  /** Events from this call on, whenever they are looked at. */
  read(): AsyncGenerator<RunEvent> {
    const queue: (RunEvent | undefined)[] = this.#ended ? [undefined] : [];
    let wake: (() => void) | undefined;
    const reader = (event: RunEvent | undefined): void => {
      queue.push(event);
      wake?.();
    };
    this.#readers.add(reader);
    return this.#drain(queue, reader, (resume) => (wake = resume));
  }

  async *#drain(
    queue: (RunEvent | undefined)[],
    reader: (event: RunEvent | undefined) => void,
    onEvent: (resume: () => void) => void,
  ): AsyncGenerator<RunEvent> {
    try {
      for (;;) {
        if (queue.length === 0) await new Promise<void>(onEvent);
        const event = queue.shift();
        if (event === undefined) return;
        yield event;
      }
    } finally {
      this.#readers.delete(reader);
    }
  }
}
