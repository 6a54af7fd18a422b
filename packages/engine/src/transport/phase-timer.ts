import type { Clock, ClockTimer } from '../model/clock.ts';
import { phaseTimeout } from './failure.ts';
import type { TransportFailure } from '../model/flight.ts';

/** A connection whose requests have such limits. */
export interface LimitedConnection {
  /** Ends the request under way: a limit has passed. */
  giveUp(failure: TransportFailure): void;
}

/**
 * The limits on the time for the head of an answer, and between two parts of its body, where they are set.
 *
 * Must hold: one limit runs at a time, as `watch` replaces it. The connection calls `clear` when its request ends: a timer that
 * is left would fail the next one.
 */
export class PhaseTimer {
  readonly #clock: Clock;
  /** Not a function: every user has a connection, and a closure of each takes 0.1 kB. */
  readonly #connection: LimitedConnection;
  #timer: ClockTimer | undefined;

  constructor(clock: Clock, connection: LimitedConnection) {
    this.#clock = clock;
    this.#connection = connection;
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
        if (this.#timer === timer) this.#connection.giveUp(phaseTimeout(phase, limitMs));
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
