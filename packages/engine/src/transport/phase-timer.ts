import type { Clock, ClockTimer } from '../model/clock.ts';
import { phaseTimeout } from './failure.ts';
import type { TransportFailure } from '../model/flight.ts';

/**
 * The limits on the time for the head of an answer, and between two parts of its body, where they are set.
 *
 * Must hold: one limit runs at a time, as `watch` replaces it. The connection calls `clear` when its request ends: a timer that
 * is left would fail the next one.
 */
export class PhaseTimer {
  readonly #clock: Clock;
  readonly #passed: (failure: TransportFailure) => void;
  #timer: ClockTimer | undefined;

  constructor(clock: Clock, passed: (failure: TransportFailure) => void) {
    this.#clock = clock;
    this.#passed = passed;
  }

  get running(): boolean {
    return this.#timer !== undefined;
  }

  /** Restarts the timer. @param limitMs 0: no limit */
  watch(phase: 'headers' | 'body', limitMs: number): void {
    this.clear();
    if (limitMs === 0) return;
    const timer = this.#clock.setTimer(limitMs, () => {
      // Timers run before socket events. If this thread was late, the response may already have arrived: give it one
      // more loop turn.
      this.#clock.soon(() => {
        if (this.#timer === timer) this.#passed(phaseTimeout(phase, limitMs));
      });
    });
    this.#timer = timer;
  }

  clear(): void {
    if (this.#timer === undefined) return;
    this.#clock.clearTimer(this.#timer);
    this.#timer = undefined;
  }
}
