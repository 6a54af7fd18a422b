import type { Clock, ClockTimer } from '../clock/clock.ts';

/**
 * A limit on the time that a hook of a scenario may take. While it is on the process stays alive, so that a hook that
 * never ends ends the run and not the process.
 */
export class TimeLimit {
  readonly #clock: Clock;
  readonly #pacedMs: () => number;
  readonly #expired: () => void;
  #timer: ClockTimer;
  /** Time that was added so far. */
  #addedMs: number;

  /**
   * @param pacedMs how long the user has waited for turns of paced operations so far: that time is not the hook's, and is
   * added to the limit
   */
  constructor(clock: Clock, limitMs: number, pacedMs: () => number, expired: () => void) {
    this.#clock = clock;
    this.#pacedMs = pacedMs;
    this.#expired = expired;
    this.#addedMs = pacedMs();
    this.#timer = clock.setTimer(limitMs, this.#expire);
  }

  clear(): void {
    this.#clock.clearTimer(this.#timer);
  }

  readonly #expire = (): void => {
    const moreMs = this.#pacedMs() - this.#addedMs;
    if (moreMs <= 0) return this.#expired();
    this.#addedMs += moreMs;
    this.#timer = this.#clock.setTimer(moreMs, this.#expire);
  };
}
