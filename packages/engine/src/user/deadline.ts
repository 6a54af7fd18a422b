import type { Alarm, Clock } from '../model/clock.ts';

/**
 * The time limit of successive requests. All use one alarm, as setting it again allocates nothing.
 *
 * Must hold:
 * - Limits are at most `MAX_TIMER_MS`, which the alarm does not check.
 * - `extend` follows `set` and only moves the limit later: the alarm would ring too late for an earlier one.
 * - `passed` comes up to one loop turn late, and never after `clear` or another `set`.
 */
export class Deadline {
  readonly #clock: Clock;
  readonly #passed: (limitMs: number) => void;
  readonly #alarm: Alarm;
  #atMs = Number.POSITIVE_INFINITY;
  #limitMs = 0;

  /** @param passed called once for each limit that passes */
  constructor(clock: Clock, passed: (limitMs: number) => void) {
    this.#clock = clock;
    this.#passed = passed;
    this.#alarm = clock.alarm(() => this.#ring());
  }

  /** @param fromMs clock time that the limit counts from. @param agoMs how long ago that is; without: just now */
  set(fromMs: number, limitMs: number, agoMs = 0): void {
    this.#atMs = fromMs + limitMs;
    this.#limitMs = limitMs;
    this.#alarm.set(agoMs === 0 ? limitMs : Math.max(0, Math.ceil(limitMs - agoMs)));
  }

  /** Moves the limit that is set to count from another time, without touching the alarm. */
  extend(fromMs: number): void {
    this.#atMs = fromMs + this.#limitMs;
  }

  /** Does not stop the alarm: ignoring it when it fires is cheaper. */
  clear(): void {
    this.#atMs = Number.POSITIVE_INFINITY;
  }

  #ring(): void {
    const leftMs = this.#atMs - this.#clock.now();
    if (leftMs === Number.POSITIVE_INFINITY) return;
    if (leftMs > 0) {
      this.#alarm.set(Math.ceil(leftMs));
      return;
    }
    // Timers run before socket events. If this thread was late, the response may already have arrived: give it one more
    // loop turn.
    this.#clock.soon(() => {
      if (this.#atMs <= this.#clock.now()) this.#passed(this.#limitMs);
    });
  }
}
