import type { Alarm, Clock } from '../clock/clock.ts';

/** The time limit of one request after the other: one alarm for all of them, as setting it again allocates nothing. */
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

  /** @param fromMs clock time that the limit counts from, which is about now */
  set(fromMs: number, limitMs: number): void {
    this.#atMs = fromMs + limitMs;
    this.#limitMs = limitMs;
    this.#alarm.set(limitMs);
  }

  /** The alarm is let ring: that is cheaper than to stop it. */
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
    // Timers come before what sockets have to say: where this thread itself was late, the answer may be there.
    this.#clock.soon(() => {
      if (this.#atMs <= this.#clock.now()) this.#passed(this.#limitMs);
    });
  }
}
