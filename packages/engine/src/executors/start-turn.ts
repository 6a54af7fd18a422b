import type { Clock } from '../model/clock.ts';
import { TURN_MS } from '../clock/turn.ts';

/** Most users that start in one turn: most of the work of a start is done by promises, after the turn has begun it. */
const MOST_USERS = 200;

/** What one turn of the event loop starts of many users: it must not be blocked until all of them have. */
export class StartTurn {
  readonly #clock: Clock;
  readonly #endMs: number;
  #users = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#endMs = clock.now() + TURN_MS;
  }

  /** Asked before each user; true: the next turn goes on with this one. */
  isOver(): boolean {
    return this.#users++ >= MOST_USERS || this.#clock.now() > this.#endMs;
  }
}
