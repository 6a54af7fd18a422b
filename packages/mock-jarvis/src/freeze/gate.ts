import type { Clock, Timer } from '../clock.ts';
import type { MockConfig } from '../config/schema.ts';

/**
 * Holds back answers while the mock is frozen and releases them in order at the end of the freeze. It delays answers
 * without blocking the event loop: requests are still read, and service times continue.
 *
 * Must hold: every answer passes the gate when it is sent, a streamed one piece by piece (`BodyStream`), upgrades to WebSocket too;
 * only `/__mock` and requests that are no HTTP do not. `answer` may run later: it checks itself whether its client is still there, and
 * does not throw, as the answers after it would be lost.
 */
export class FreezeGate {
  readonly #clock: Clock;
  #schedule: MockConfig['freeze'];
  #epochMs: number;
  #manualUntilMs = 0;
  #waiting: (() => void)[] = [];
  #timer: Timer | undefined;

  constructor(clock: Clock, schedule: MockConfig['freeze']) {
    this.#clock = clock;
    this.#schedule = schedule;
    this.#epochMs = clock.elapsedMs();
  }

  configure(schedule: MockConfig['freeze']): void {
    this.#schedule = schedule;
    this.#rearm();
  }

  /** Restarts the schedule at the current time and ends a manual freeze. */
  restart(): void {
    this.#epochMs = this.#clock.elapsedMs();
    this.#manualUntilMs = 0;
    this.#rearm();
  }

  /** Freezes from now on, in addition to the schedule. */
  freezeFor(durationMs: number): void {
    this.#manualUntilMs = Math.max(this.#manualUntilMs, this.#clock.elapsedMs() + durationMs);
  }

  /** Calls `answer` now, or at the end of the freeze. */
  pass(answer: () => void): void {
    if (this.#schedule.durationMs === 0 && this.#manualUntilMs === 0) answer();
    else if (this.#frozenUntilMs() === undefined) {
      // The timer of the end may be late: what waits goes out before what came after it.
      if (this.#waiting.length > 0) this.#arm();
      answer();
    } else {
      this.#waiting.push(answer);
      this.#arm();
    }
  }

  #frozenUntilMs(): number | undefined {
    const nowMs = this.#clock.elapsedMs();
    let untilMs = this.#manualUntilMs > nowMs ? this.#manualUntilMs : undefined;
    const { startMs, durationMs, everyMs } = this.#schedule;
    const since = nowMs - this.#epochMs - startMs;
    if (durationMs > 0 && since >= 0) {
      const into = everyMs === null ? since : since % everyMs;
      if (into < durationMs) untilMs = Math.max(untilMs ?? 0, nowMs - into + durationMs);
    }
    return untilMs;
  }

  /** The end of the freeze may have moved: what waits goes out then, and before what comes later. */
  #rearm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#waiting.length > 0) this.#arm();
  }

  #arm(): void {
    const untilMs = this.#frozenUntilMs();
    if (untilMs === undefined) {
      const released = this.#waiting;
      this.#waiting = [];
      for (const answer of released) answer();
    } else if (this.#timer === undefined) {
      this.#timer = this.#clock.at(untilMs, () => {
        this.#timer = undefined;
        this.#arm();
      });
    }
  }
}
