import type { Clock } from '../model/clock.ts';

/** The number of active users and its integral over time, from which their mean is computed. */
export class ActiveUsers {
  readonly #clock: Clock;
  #count = 0;
  #most = 0;
  #sinceMs = 0;
  #userMs = 0;
  #paused = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get count(): number {
    return this.#count;
  }

  /** Most at once. */
  get most(): number {
    return this.#most;
  }

  /** Users times milliseconds up to now. */
  get userMs(): number {
    return this.#userMs + (this.#paused ? 0 : this.#count * (this.#clock.now() - this.#sinceMs));
  }

  enter(): void {
    this.#move(1);
    if (this.#count > this.#most) this.#most = this.#count;
  }

  leave(): void {
    this.#move(-1);
  }

  /** Paused time does not count. */
  set paused(paused: boolean) {
    this.#move(0);
    this.#paused = paused;
  }

  #move(step: 1 | 0 | -1): void {
    this.#userMs = this.userMs;
    this.#sinceMs = this.#clock.now();
    this.#count += step;
  }
}
