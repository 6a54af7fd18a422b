import type { Clock, ClockTimer } from '../model/clock.ts';
import { Interrupted } from './interrupted.ts';

/** A wait of scenario code. */
export interface Wait {
  readonly timer: ClockTimer;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  /** The promise that scenario code holds. */
  promise: Promise<unknown> | undefined;
}

/** Returned to code that continues after an interruption: another rejection would make a loop around a `catch` spin. */
export function forever(): Promise<never> {
  return new Promise(() => undefined);
}

/** The waits of one user. */
export class Waits {
  readonly #pending = new Set<Wait>();
  readonly #over: (wait: Wait) => void;
  #interrupted = false;

  /** @param over called for each wait that has passed or was ended early, but not for interrupted ones */
  constructor(over: (wait: Wait) => void) {
    this.#over = over;
  }

  get pending(): ReadonlySet<Wait> {
    return this.#pending;
  }

  /** @param goOn what follows the wait, as a part of it */
  add(clock: Clock, durationMs: number): Promise<void>;
  add<T>(clock: Clock, durationMs: number, goOn: () => T | Promise<T>): Promise<T>;
  add<T>(clock: Clock, durationMs: number, goOn?: () => T | Promise<T>): Promise<T | void> {
    if (this.#interrupted) return forever();
    let wait!: Wait;
    const waited = new Promise<void>((resolve, reject) => {
      const timer = clock.setTimer(Math.max(0, durationMs), () => {
        this.#pending.delete(wait);
        resolve();
        this.#over(wait);
      });
      wait = { timer, resolve, reject, promise: undefined };
    });
    const promise = goOn === undefined ? waited : waited.then(goOn);
    wait.promise = promise;
    this.#pending.add(wait);
    return promise;
  }

  /** Ends them early. */
  wake(clock: Clock): void {
    for (const wait of this.#pending) {
      clock.clearTimer(wait.timer);
      wait.resolve();
      this.#over(wait);
    }
    this.#pending.clear();
  }

  /** Rejects them; later ones never end. */
  interrupt(clock: Clock): void {
    this.#interrupted = true;
    for (const wait of this.#pending) {
      clock.clearTimer(wait.timer);
      // Mark the rejection as handled: scenario code may never await it.
      wait.promise?.catch(() => undefined);
      wait.reject(new Interrupted());
    }
    this.#pending.clear();
  }
}
