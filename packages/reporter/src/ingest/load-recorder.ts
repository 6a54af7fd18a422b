import { OUTCOMES, type Outcome } from '@jarvis-load/engine/outcome';
import type { Measures } from '@jarvis-load/engine/recorder';
import { ErrorGroups, type CompiledOperation } from '@jarvis-load/engine/result';
import type { FoundRun } from './found-run.ts';
import { TimeBins, type OnSecond } from './time-bins.ts';
import { recordTrail, responseMs, type Trail } from './trail.ts';
import type { FailureWords } from './untold-requests.ts';

/** Writes down what belongs to the load, second by second. Its clock starts with the first thing that is written. */
export class LoadRecorder {
  readonly errors = new ErrorGroups();
  /** HTTP requests of the load. */
  recordedRequests = 0;
  /** Iterations by scenario: those that began, where the script says so, and those with an exception. */
  readonly started = new Map<number, number>();
  readonly exceptions = new Map<number, number>();
  readonly #found: FoundRun;
  readonly #onSecond: OnSecond | undefined;
  #bins: TimeBins | undefined;
  #originMs = Number.NaN;

  constructor(found: FoundRun, onSecond: OnSecond | undefined) {
    this.#found = found;
    this.#onSecond = onSecond;
  }

  /** Start of the load, Unix time in milliseconds; NaN before its first sample. */
  get originMs(): number {
    return this.#originMs;
  }

  /** The seconds; nothing where there was no load. */
  get bins(): TimeBins | undefined {
    return this.#bins;
  }

  /** The second in which something ended; the first of all sets the clock. */
  at(endMs: number, beganMs = endMs): Measures {
    if (this.#bins === undefined) {
      this.#originMs = beganMs;
      this.#bins = new TimeBins(this.#found.run, beganMs, this.#onSecond);
    }
    return this.#bins.at(endMs);
  }

  request(operation: CompiledOperation, trail: Trail, outcome: Outcome, words: FailureWords): void {
    this.recordedRequests++;
    recordTrail(this.at(trail.endMs).operations[operation.index]!, trail, outcome);
    this.#bins!.intended(trail.endMs, responseMs(trail));
    if (outcome === 'ok') return;
    const { method, route } = operation.operation;
    const atMs = trail.endMs - this.#originMs;
    const message = words.message ?? trail.verdict.message;
    // k6's output has neither user nor answer.
    const unknown = { body: '', user: null, iteration: null };
    const sample = { atMs, status: trail.facts.status, message, request: `${method} ${route}`, ...unknown };
    const identity = { operation: operation.index, outcome: OUTCOMES.indexOf(outcome) };
    const code = words.code ?? trail.verdict.code;
    this.errors.add([{ ...identity, code, message, count: 1, firstMs: atMs, lastMs: atMs, sample }], [], 0);
  }

  start(scenario: number, count: number, timeMs: number): void {
    this.at(timeMs);
    this.started.set(scenario, (this.started.get(scenario) ?? 0) + count);
  }

  exception(scenario: number, message: string, count: number, timeMs: number): void {
    this.at(timeMs);
    this.exceptions.set(scenario, (this.exceptions.get(scenario) ?? 0) + count);
    const atMs = timeMs - this.#originMs;
    this.errors.add([], [{ scenario, message, traceback: '', count, firstMs: atMs, lastMs: atMs }], 0);
  }

  finish(): void {
    this.#bins?.finish();
  }
}
