import { EngineError } from '../errors.ts';
import type { Alarm, Clock, ClockTimer } from '../model/clock.ts';

interface VirtualTimer {
  readonly dueMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/**
 * Time that one loop turn takes. Must be above 0: code that polls the clock until a due time would otherwise never end.
 */
const TURN_MS = 0.01;

/**
 * A clock that moves only when told to: timers fire in order, exactly when due. For tests: with it and a
 * `ScriptedTarget` a run of an hour takes as long as its events take to compute. Code under test takes all its time from it:
 * between two timers one turn of the real event loop passes, and real timers, files and sockets are not waited for.
 * @example
 * const clock = new VirtualClock();
 * const target = new ScriptedTarget(clock, () => ({ afterMs: 120 }));
 * const result = await clock.until(runLoad({ baseUrl: 'http://jarvis.test', clock, transport: target, scenarios }));
 */
export class VirtualClock implements Clock {
  #nowMs: number;
  #order = 0;
  readonly #timers = new Set<VirtualTimer>();
  readonly #wallStartMs: number;

  /** @param wallStartMs what `wallNow` reads at the start, milliseconds since the epoch */
  constructor(wallStartMs = Date.UTC(2026, 0, 1)) {
    this.#nowMs = 0;
    this.#wallStartMs = wallStartMs;
  }

  now(): number {
    return this.#nowMs;
  }

  wallNow(): number {
    return this.#wallStartMs + this.#nowMs;
  }

  setTimer(delayMs: number, callback: () => void): ClockTimer {
    const timer = { dueMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, callback };
    this.#timers.add(timer);
    return timer;
  }

  clearTimer(timer: ClockTimer): void {
    this.#timers.delete(timer as VirtualTimer);
  }

  alarm(callback: () => void): Alarm {
    let timer: ClockTimer | undefined;
    return {
      set: (delayMs) => {
        if (timer !== undefined) this.clearTimer(timer);
        timer = this.setTimer(delayMs, callback);
      },
    };
  }

  soon(callback: () => void): void {
    this.setTimer(TURN_MS, callback);
  }

  /** Does nothing: only loop turns and timers advance this clock, so polling code needs one more turn. */
  spin(): void {}

  /** Simulates a blocked event loop: time passes, but no timer fires until `advance` or `until`. */
  block(durationMs: number): void {
    this.#nowMs += durationMs;
  }

  /** Advances time and fires due timers in order; promises settle between two timers. */
  async advance(durationMs: number): Promise<void> {
    const endMs = this.#nowMs + durationMs;
    await settle();
    for (;;) {
      const next = this.#earliest();
      if (next === undefined || next.dueMs > endMs) break;
      await this.#fire(next);
    }
    this.#nowMs = Math.max(this.#nowMs, endMs);
  }

  /**
   * Advances time until the promise has settled, such as the result of a run.
   * @throws EngineError `invalid-option` when no timer is left that could settle it
   */
  async until<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const note = (): void => {
      settled = true;
    };
    promise.then(note, note);
    await settle();
    while (!settled) {
      const next = this.#earliest();
      if (next === undefined) {
        throw new EngineError(
          'invalid-option',
          'no timer of this clock is left, and the promise has not settled; expected a promise that waits only for this clock.',
        );
      }
      await this.#fire(next);
    }
    return promise;
  }

  async #fire(timer: VirtualTimer): Promise<void> {
    this.#timers.delete(timer);
    this.#nowMs = Math.max(this.#nowMs, timer.dueMs);
    timer.callback();
    await settle();
  }

  #earliest(): VirtualTimer | undefined {
    let earliest: VirtualTimer | undefined;
    for (const timer of this.#timers) {
      if (
        earliest === undefined ||
        timer.dueMs < earliest.dueMs ||
        (timer.dueMs === earliest.dueMs && timer.order < earliest.order)
      ) {
        earliest = timer;
      }
    }
    return earliest;
  }
}

/** Waits until pending promise chains have run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
