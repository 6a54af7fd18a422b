import type { Clock, ClockTimer } from '../model/clock.ts';

const INTERVAL_MS = 1000;

/** Waits for the end of an interval. Intervals end on whole seconds of the run; a late one is longer, and the next one shorter. */
export class IntervalTimer {
  readonly #clock: Clock;
  #timer: ClockTimer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param originMs clock time of the start of the run */
  next(originMs: number): Promise<void> {
    const elapsedMs = this.#clock.now() - originMs;
    const nextMs = (Math.floor(elapsedMs / INTERVAL_MS + 0.01) + 1) * INTERVAL_MS;
    return new Promise((resolve) => {
      this.#timer = this.#clock.setTimer(nextMs - elapsedMs, resolve);
    });
  }

  clear(): void {
    if (this.#timer !== undefined) this.#clock.clearTimer(this.#timer);
  }
}
