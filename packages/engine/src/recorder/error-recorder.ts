import type { ErrorInterval, ErrorSample, ExceptionInterval } from './interval-data.ts';

/** Groups of errors that a thread keeps between two hand-overs; what goes beyond is counted, not kept. */
const MAX_GROUPS = 100;
const MAX_MESSAGE = 300;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Errors and exceptions since the last hand-over, grouped, each with the first example. */
export class ErrorRecorder {
  readonly #errors = new Map<string, Mutable<ErrorInterval>>();
  readonly #exceptions = new Map<string, Mutable<ExceptionInterval>>();
  #notKept = 0;

  /** @param sample called only for the first of a group: making an example costs */
  error(
    operation: number,
    outcome: number,
    code: string,
    message: string,
    atMs: number,
    sample: () => ErrorSample,
  ): void {
    const text = message.slice(0, MAX_MESSAGE);
    const key = `${operation} ${outcome} ${code} ${text}`;
    const group = this.#errors.get(key);
    if (group !== undefined) {
      group.count++;
      group.lastMs = atMs;
      return;
    }
    if (this.#errors.size >= MAX_GROUPS) {
      this.#notKept++;
      return;
    }
    this.#errors.set(key, {
      operation,
      outcome,
      code,
      message: text,
      count: 1,
      firstMs: atMs,
      lastMs: atMs,
      sample: sample(),
    });
  }

  exception(scenario: number, error: unknown, atMs: number): void {
    const message = (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(
      0,
      MAX_MESSAGE,
    );
    const key = `${scenario} ${message}`;
    const group = this.#exceptions.get(key);
    if (group !== undefined) {
      group.count++;
      group.lastMs = atMs;
    } else if (this.#exceptions.size < MAX_GROUPS) {
      const traceback = error instanceof Error ? (error.stack ?? message) : message;
      this.#exceptions.set(key, { scenario, message, traceback, count: 1, firstMs: atMs, lastMs: atMs });
    }
  }

  flush(): { errors: ErrorInterval[]; errorsNotKept: number; exceptions: ExceptionInterval[] } {
    const flushed = {
      errors: [...this.#errors.values()],
      errorsNotKept: this.#notKept,
      exceptions: [...this.#exceptions.values()],
    };
    this.#errors.clear();
    this.#exceptions.clear();
    this.#notKept = 0;
    return flushed;
  }
}
