import { namedReasonOf, stackOf } from '../show.ts';
import { GENERATOR_LIMIT_CODES } from '../transport/failure.ts';
import type { Redactor, SecretsOwner } from '../secrets/redactor.ts';
import type { ErrorInterval, ErrorSample, ExceptionInterval } from '../model/thread-interval.ts';

/** Most groups, see `mostGroups`, per thread between two hand-overs; further errors are counted without details. */
const MAX_GROUPS = 100;
const MAX_MESSAGE = 300;
const MAX_TRACEBACK = 8000;
/** Most distinct texts whose group is remembered. */
const MAX_KNOWN = 1000;
/** Group of exceptions beyond the limit of groups. */
const OTHER_EXCEPTIONS = 'other exceptions: there are too many different ones to list';

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** An example of a group, but what the group and the trace say of it. */
export type ErrorFacts = Omit<ErrorSample, 'atMs' | 'message' | 'traceId'>;

/**
 * Errors and exceptions since the last hand-over, grouped, each with the first example, or the first that has a trace id.
 *
 * Must hold:
 * - Messages and stacks are redacted here, before they are grouped; `sample` redacts its own texts with what it is given.
 * - `flush` also forgets the texts before redaction: they are kept no longer than an interval, and never handed over.
 * - Totals stay exact beyond the limits: errors in `errorsNotKept`, exceptions in a group of their scenario.
 */
export class ErrorRecorder {
  readonly #errors = new Map<string, Mutable<ErrorInterval>>();
  readonly #exceptions = new Map<string, Mutable<ExceptionInterval>>();
  /** Groups by their text before redaction, so that each distinct text is redacted once between two hand-overs. */
  readonly #errorsHeard = new Map<string, Mutable<ErrorInterval>>();
  readonly #exceptionsHeard = new Map<string, Mutable<ExceptionInterval>>();
  #notKept = 0;

  /**
   * @param owner whose secrets are redacted
   * @param sample called only for an example that is kept, as building it is costly
   * @param traceId undefined: the request carried none
   */
  error(
    operation: number,
    outcome: number,
    code: string,
    message: string,
    atMs: number,
    owner: SecretsOwner,
    sample: (redactor: Redactor) => ErrorFacts,
    traceId: string | undefined,
  ): void {
    const kind = `${operation} ${outcome} ${code} `;
    const heard = kind + message.slice(0, MAX_MESSAGE);
    const known = this.#errorsHeard.get(heard);
    if (known !== undefined) {
      known.count++;
      known.lastMs = atMs;
      if (isFirstTraced(known, traceId)) {
        known.sample = exampleOf(sample(owner.redactor()), atMs, known.message, traceId);
      }
      return;
    }
    const redactor = owner.redactor();
    const text = redactor.excerpt(message, MAX_MESSAGE);
    const key = kind + text;
    const group = this.#errors.get(key);
    if (group !== undefined) {
      group.count++;
      group.lastMs = atMs;
      if (isFirstTraced(group, traceId)) group.sample = exampleOf(sample(redactor), atMs, text, traceId);
      if (this.#errorsHeard.size < MAX_KNOWN) this.#errorsHeard.set(heard, group);
      return;
    }
    if (this.#errors.size >= mostGroups(code, MAX_GROUPS)) {
      this.#notKept++;
      return;
    }
    const added = {
      operation,
      outcome,
      code,
      message: text,
      count: 1,
      firstMs: atMs,
      lastMs: atMs,
      sample: exampleOf(sample(redactor), atMs, text, traceId),
    };
    this.#errors.set(key, added);
    if (this.#errorsHeard.size < MAX_KNOWN) this.#errorsHeard.set(heard, added);
  }

  exception(scenario: number, error: unknown, atMs: number, owner: SecretsOwner): void {
    const said = messageOf(error);
    const heard = `${scenario} ${said.slice(0, MAX_MESSAGE)}`;
    const known = this.#exceptionsHeard.get(heard);
    if (known !== undefined) {
      known.count++;
      known.lastMs = atMs;
      return;
    }
    const redactor = owner.redactor();
    const message = redactor.excerpt(said, MAX_MESSAGE);
    const stack = stackOf(error);
    const traceback = stack === undefined ? message : redactor.excerpt(stack, MAX_TRACEBACK);
    const group = addException(
      this.#exceptions,
      { scenario, message, traceback, count: 1, firstMs: atMs, lastMs: atMs },
      MAX_GROUPS,
    );
    if (this.#exceptionsHeard.size < MAX_KNOWN) this.#exceptionsHeard.set(heard, group);
  }

  flush(): { errors: ErrorInterval[]; errorsNotKept: number; exceptions: ExceptionInterval[] } {
    const flushed = {
      errors: [...this.#errors.values()],
      errorsNotKept: this.#notKept,
      exceptions: [...this.#exceptions.values()],
    };
    this.#errors.clear();
    this.#exceptions.clear();
    this.#errorsHeard.clear();
    this.#exceptionsHeard.clear();
    this.#notKept = 0;
    return flushed;
  }
}

function isFirstTraced({ sample }: ErrorInterval, traceId: string | undefined): boolean {
  return traceId !== undefined && sample.traceId === undefined;
}

/** In the order in which a written record has its parts. */
function exampleOf(
  { status, request, body, user, iteration }: ErrorFacts,
  atMs: number,
  message: string,
  traceId: string | undefined,
): ErrorSample {
  const example = { atMs, status, request, body, user, iteration, message };
  return traceId === undefined ? example : { ...example, traceId };
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
): Mutable<ExceptionInterval> {
  const { scenario } = exception;
  const own = `${scenario} ${exception.message}`;
  const full = groups.size >= limit && !groups.has(own);
  const key = full ? `${scenario} ${OTHER_EXCEPTIONS}` : own;
  const group = groups.get(key);
  if (group === undefined) {
    const added = full ? { ...exception, message: OTHER_EXCEPTIONS } : { ...exception };
    groups.set(key, added);
    return added;
  }
  group.count += exception.count;
  group.firstMs = Math.min(group.firstMs, exception.firstMs);
  group.lastMs = Math.max(group.lastMs, exception.lastMs);
  return group;
}

const ENGINE_ERROR = 'EngineError: ';

/** An error of the engine says in its message what was expected; its class, which the traceback has, adds nothing. */
function messageOf(error: unknown): string {
  // In full: the redactor would not find a part of a secret that was cut.
  if (typeof error === 'string') return `'${error}'`;
  const named = namedReasonOf(error);
  return named.startsWith(ENGINE_ERROR) ? named.slice(ENGINE_ERROR.length) : named;
}
