import type { Clock, ClockTimer } from '../model/clock.ts';

/**
 * A limit on the time that a hook of a scenario may take. It runs from its creation until `clear`, which its owner calls when the
 * hook has ended in any way. While it runs, the process stays alive: a hook that never ends then ends the run with an error, not
 * the process silently.
 */
export class TimeLimit {
  readonly #clock: Clock;
  readonly #pacedMs: () => number;
  readonly #expired: () => void;
  #timer: ClockTimer;
  /** Milliseconds added to the limit so far. */
  #addedMs: number;

  /**
   * @param pacedMs how long the user has waited so far for operations with a `maxPerSecond`; this time is added to the
   * limit
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
