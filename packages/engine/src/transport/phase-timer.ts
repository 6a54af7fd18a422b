import type { Clock, ClockTimer } from '../clock/clock.ts';
import { phaseTimeout } from './failure.ts';
import type { TransportFailure } from './flight.ts';

/** The limits on the time for the head of an answer, and between two parts of its body, where they are set. */
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

  /** Begins anew. @param limitMs 0: none */
  watch(phase: 'headers' | 'body', limitMs: number): void {
    this.clear();
    if (limitMs === 0) return;
    const timer = this.#clock.setTimer(limitMs, () => {
      // Timers come before what sockets have to say: where this thread itself was late, the answer may be there.
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
