import type { Clock, ClockTimer } from '../model/clock.ts';
import { errorOf } from '../show.ts';
import { Interrupted } from './interrupted.ts';

/** A wait of scenario code. */
export interface Wait {
  readonly timer: ClockTimer;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  /** What follows it; its promise has the result. */
  readonly goOn: ((wait: Wait) => unknown) | undefined;
  /** The promise that scenario code holds. */
  promise: Promise<unknown> | undefined;
  /** Neighbours among the pending waits of its user. */
  previous: Wait | undefined;
  next: Wait | undefined;
}

/** Whose waits they are. */
export interface WaitingUser {
  /** Called for each wait that has passed or was ended early, but not for interrupted ones. */
  waitOver(wait: Wait): void;
}

/** Returned to code that continues after an interruption: another rejection would make a loop around a `catch` spin. */
export function forever(): Promise<never> {
  return new Promise(() => undefined);
}

/** The waits of one user: a linked list, oldest first. Most users have one at a time; a set of one would take 200 bytes. */
export class Waits {
  #first: Wait | undefined;
  #last: Wait | undefined;
  readonly #user: WaitingUser;
  #interrupted = false;

  constructor(user: WaitingUser) {
    this.#user = user;
  }

  /** Whether some are pending. */
  get any(): boolean {
    return this.#first !== undefined;
  }

  /** Those that are pending. */
  *[Symbol.iterator](): Generator<Wait, void> {
    for (let wait = this.#first; wait !== undefined; wait = wait.next) yield wait;
  }

  /**
   * @param goOn called when the wait has passed, before `waitOver`: what it begins belongs to the same iteration; the promise has its
   *   result
   */
  add(clock: Clock, durationMs: number): Promise<void>;
  add<T>(clock: Clock, durationMs: number, goOn: (wait: Wait) => T | Promise<T>): Promise<T>;
  add<T>(clock: Clock, durationMs: number, goOn?: (wait: Wait) => T | Promise<T>): Promise<T | void> {
    if (this.#interrupted) return forever();
    let wait!: Wait;
    const promise = new Promise<T | void>((resolve, reject) => {
      const timer = clock.setTimer(Math.max(0, durationMs), () => {
        this.#remove(wait);
        this.#pass(wait);
      });
      wait = {
        timer,
        resolve: resolve as (value: unknown) => void,
        reject,
        goOn,
        promise: undefined,
        previous: this.#last,
        next: undefined,
      };
    });
    wait.promise = promise;
    if (this.#last === undefined) this.#first = wait;
    else this.#last.next = wait;
    this.#last = wait;
    return promise;
  }

  /** Ends the wait of a promise early, if it is pending. */
  wake(clock: Clock, promise: Promise<void>): void {
    for (const wait of this) {
      if (wait.promise !== promise) continue;
      clock.clearTimer(wait.timer);
      this.#remove(wait);
      this.#pass(wait);
      return;
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

  /** Ends a wait, whether or not its time has passed; it is no longer pending. */
  #pass(wait: Wait): void {
    try {
      wait.resolve(wait.goOn?.(wait));
    } catch (error) {
      wait.reject(errorOf(error));
    }
    this.#user.waitOver(wait);
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
