import type { Clock, ClockTimer } from '../model/clock.ts';
import { Interrupted } from './interrupted.ts';

/** A wait of scenario code. */
export interface Wait {
  readonly timer: ClockTimer;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  /** The promise that scenario code holds. */
  promise: Promise<unknown> | undefined;
  /** Neighbours among the pending waits of its user. */
  previous: Wait | undefined;
  next: Wait | undefined;
}

/** Returned to code that continues after an interruption: another rejection would make a loop around a `catch` spin. */
export function forever(): Promise<never> {
  return new Promise(() => undefined);
}

/** The waits of one user: a linked list, oldest first. Most users have one at a time; a set of one would take 200 bytes. */
export class Waits {
  #first: Wait | undefined;
  #last: Wait | undefined;
  readonly #over: (wait: Wait) => void;
  #interrupted = false;

  /** @param over called for each wait that has passed or was ended early, but not for interrupted ones */
  constructor(over: (wait: Wait) => void) {
    this.#over = over;
  }

  /** Whether some are pending. */
  get any(): boolean {
    return this.#first !== undefined;
  }

  /** Those that are pending. */
  *[Symbol.iterator](): Generator<Wait, void> {
    for (let wait = this.#first; wait !== undefined; wait = wait.next) yield wait;
  }

  /** @param goOn called after the wait, which is over by then; the promise has its result */
  add(clock: Clock, durationMs: number): Promise<void>;
  add<T>(clock: Clock, durationMs: number, goOn: () => T | Promise<T>): Promise<T>;
  add<T>(clock: Clock, durationMs: number, goOn?: () => T | Promise<T>): Promise<T | void> {
    if (this.#interrupted) return forever();
    let wait!: Wait;
    const waited = new Promise<void>((resolve, reject) => {
      const timer = clock.setTimer(Math.max(0, durationMs), () => {
        this.#remove(wait);
        resolve();
        this.#over(wait);
      });
      wait = { timer, resolve, reject, promise: undefined, previous: this.#last, next: undefined };
    });
    const promise = goOn === undefined ? waited : waited.then(goOn);
    wait.promise = promise;
    if (this.#last === undefined) this.#first = wait;
    else this.#last.next = wait;
    this.#last = wait;
    return promise;
  }

  /** Ends them early. */
  wake(clock: Clock): void {
    for (const wait of this.#takeAll()) {
      clock.clearTimer(wait.timer);
      wait.resolve();
      this.#over(wait);
    }
  }

  /** Rejects them; later ones never end. */
  interrupt(clock: Clock): void {
    this.#interrupted = true;
    for (const wait of this.#takeAll()) {
      clock.clearTimer(wait.timer);
      // Mark the rejection as handled: scenario code may never await it.
      wait.promise?.catch(() => undefined);
      wait.reject(new Interrupted());
    }
  }

  #takeAll(): readonly Wait[] {
    const all = [...this];
    this.#first = undefined;
    this.#last = undefined;
    return all;
  }

  #remove({ previous, next }: Wait): void {
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
  }
}
