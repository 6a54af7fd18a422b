import { show } from '../show.ts';
import { GENERATOR_LIMIT_CODES } from '../transport/failure.ts';
import type { ErrorInterval, ErrorSample, ExceptionInterval } from './interval-data.ts';

/** Most error groups per thread between two hand-overs; further errors are counted without details. */
const MAX_GROUPS = 100;
const MAX_MESSAGE = 300;
/** Group of exceptions beyond the limit of groups. */
const OTHER_EXCEPTIONS = 'other exceptions, of more kinds than are kept apart';

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Errors and exceptions since the last hand-over, grouped, each with the first example. */
export class ErrorRecorder {
  readonly #errors = new Map<string, Mutable<ErrorInterval>>();
  readonly #exceptions = new Map<string, Mutable<ExceptionInterval>>();
  #notKept = 0;

  /** @param sample called only for the first error of a group, as building an example is costly */
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
    if (this.#errors.size >= mostGroups(code, MAX_GROUPS)) {
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
    const message = (error instanceof Error ? `${error.name}: ${error.message}` : show(error)).slice(
      0,
      MAX_MESSAGE,
    );
    const traceback = error instanceof Error ? (error.stack ?? message) : message;
    addException(
      this.#exceptions,
      { scenario, message, traceback, count: 1, firstMs: atMs, lastMs: atMs },
      MAX_GROUPS,
    );
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

/**
 * Allows extra groups for the generator's own limits: they decide the verdict and must be kept even if other errors
 * fill the normal limit.
 */
export function mostGroups(code: string, limit: number): number {
  return GENERATOR_LIMIT_CODES.has(code) ? limit * 2 : limit;
}

/**
 * Adds an exception to its group; beyond `limit` groups, to one group per scenario for all others, so that totals stay
 * exact.
 */
export function addException(
  groups: Map<string, Mutable<ExceptionInterval>>,
  exception: ExceptionInterval,
  limit: number,
): void {
  const { scenario } = exception;
  const own = `${scenario} ${exception.message}`;
  const full = groups.size >= limit && !groups.has(own);
  const key = full ? `${scenario} ${OTHER_EXCEPTIONS}` : own;
  const group = groups.get(key);
  if (group === undefined) {
    groups.set(key, full ? { ...exception, message: OTHER_EXCEPTIONS } : { ...exception });
    return;
  }
  group.count += exception.count;
  group.firstMs = Math.min(group.firstMs, exception.firstMs);
  group.lastMs = Math.max(group.lastMs, exception.lastMs);
}
