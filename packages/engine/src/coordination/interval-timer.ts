import type { Clock, ClockTimer } from '../model/clock.ts';

const INTERVAL_MS = 1000;

/**
 * Waits for the end of an interval. Intervals end on whole seconds of the run; a late one is longer, and the next one
 * shorter, as are the two around a call of `endNow`.
 *
 * Must hold: the caller calls `clear` after each wait, also where it ended otherwise: `endNow` takes an interval that is not
 * cleared for the present one.
 */
export class IntervalTimer {
  readonly #clock: Clock;
  #timer: ClockTimer | undefined;
  #endsNow = false;
  #end: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param originMs clock time of the start of the run */
  next(originMs: number): Promise<void> {
    const elapsedMs = this.#clock.now() - originMs;
    const nextMs = (Math.floor(elapsedMs / INTERVAL_MS + 0.01) + 1) * INTERVAL_MS;
    return new Promise((resolve) => {
      this.#end = resolve;
      if (this.#endsNow) resolve();
      else this.#timer = this.#clock.setTimer(nextMs - elapsedMs, resolve);
      this.#endsNow = false;
    });
  }

  /** Ends the present interval; while one is being collected, the following one at its start. */
  endNow(): void {
    if (this.#end === undefined) this.#endsNow = true;
    else this.#end();
  }

  clear(): void {
    this.#end = undefined;
    if (this.#timer !== undefined) this.#clock.clearTimer(this.#timer);
  }
}
