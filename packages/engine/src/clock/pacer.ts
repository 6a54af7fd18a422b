import type { Clock, ClockTimer } from './clock.ts';

/**
 * How the pacer waits: `efficient` uses timers, whose grain is a millisecond; `precise` turns the event loop over
 * the last part of each wait, which costs most of a core.
 */
export type PacerMode = 'efficient' | 'precise';

/** How long before the goal `precise` leaves the timer: a timer may be late by its grain and a loop turn. */
const SPIN_MS = 1.5;

/** Instants to wait for, ascending, as offsets in milliseconds. */
export interface Instants {
  next(): number | undefined;
}

/** The only thing that waits for the schedule. Never early: after every wake-up it looks at the clock again. */
export class Pacer {
  readonly #clock: Clock;
  readonly #mode: PacerMode;

  constructor(clock: Clock, mode: PacerMode = 'efficient') {
    this.#clock = clock;
    this.#mode = mode;
  }

  /**
   * Calls `due(intendedMs, nowMs)` for every instant, in order, all that is due at each wake-up; then `finished`.
   * @param originMs clock time of offset 0
   * @returns a function that ends the pacing without calling `finished`
   */
  run(
    instants: Instants,
    originMs: number,
    due: (intendedMs: number, nowMs: number) => void,
    finished: () => void,
  ): () => void {
    const clock = this.#clock;
    let timer: ClockTimer | undefined;
    let stopped = false;
    let next = instants.next();

    const wake = (): void => {
      timer = undefined;
      let nowMs = clock.now();
      while (!stopped && next !== undefined && originMs + next <= nowMs) {
        due(originMs + next, nowMs);
        next = instants.next();
        nowMs = clock.now();
      }
      if (stopped) return;
      if (next === undefined) finished();
      else wait(originMs + next - nowMs);
    };
    const wait = (remainingMs: number): void => {
      if (this.#mode === 'precise') {
        if (remainingMs > SPIN_MS + 1) timer = clock.setTimer(Math.floor(remainingMs - SPIN_MS), wake);
        else clock.soon(wake);
      } else {
        timer = clock.setTimer(Math.max(1, Math.min(remainingMs, MAX_TIMER_MS)), wake);
      }
    };
    wake();
    return () => {
      stopped = true;
      if (timer !== undefined) clock.clearTimer(timer);
    };
  }
}

/** Timers hold 31 bits of milliseconds; a longer wait is made of several. */
const MAX_TIMER_MS = 2 ** 31 - 1;
