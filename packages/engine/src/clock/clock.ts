import { performance } from 'node:perf_hooks';

/** The longest delay of `setTimeout`, about 24.8 days; a longer one fires at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** A pending timer of a {@link Clock}. */
export type ClockTimer = object;

/** A timer that is set again and again, as the deadline of one request after the other. */
export interface Alarm {
  /** Calls back once, after `delayMs`, in place of what was set before. */
  set(delayMs: number): void;
}

/** Time as the engine sees it: a parameter, so that tests run on a virtual one. */
export interface Clock {
  /** Monotonic milliseconds with fractions, common to all threads of the process. */
  now(): number;
  /** Milliseconds since the epoch: for labels only. */
  wallNow(): number;
  /** Calls back once, after `delayMs` or later, however long; libuv may be up to 1 ms early: look at `now` again. */
  setTimer(delayMs: number, callback: () => void): ClockTimer;
  clearTimer(timer: ClockTimer): void;
  /** Keeps no process alive. */
  alarm(callback: () => void): Alarm;
  /** Keeps the thread to itself for `durationMs`, which is to be far below a millisecond: for instants that no timer meets. */
  spin(durationMs: number): void;
  /** Calls back after pending I/O, without the millisecond of a timer. */
  soon(callback: () => void): void;
}

/**
 * `performance.now()` counts from the start of its thread, and costs a tenth of `process.hrtime.bigint()`; both
 * read the same clock, so a constant carries one to the other. The smallest of a few readings is the closest.
 */
function hrtimeOffsetMs(): number {
  let offset = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    const before = performance.now();
    const hrtime = Number(process.hrtime.bigint()) / 1e6;
    offset = Math.min(offset, hrtime - before);
  }
  return offset;
}

/** About a microsecond of loads that no compiler leaves out. */
const LOADS_PER_LOOK = 300;
const SPUN_ON = new Int32Array(1);

/** The clock of the machine, the same in every thread. */
export function systemClock(): Clock {
  const offset = hrtimeOffsetMs();
  return {
    now: () => performance.now() + offset,
    wallNow: () => Date.now(),
    setTimer: (delayMs, callback) =>
      delayMs > MAX_TIMER_MS ? new LongTimer(delayMs, callback) : setTimeout(callback, delayMs),
    clearTimer: (timer) => {
      if (timer instanceof LongTimer) timer.clear();
      else clearTimeout(timer as NodeJS.Timeout);
    },
    alarm: (callback) => new SystemAlarm(callback),
    spin: (durationMs) => {
      const endMs = performance.now() + durationMs;
      // Each reading of the clock is garbage of 16 bytes: half a gigabyte a second, were there nothing between them.
      do for (let i = 0; i < LOADS_PER_LOOK; i++) Atomics.load(SPUN_ON, 0);
      while (performance.now() < endMs);
    },
    soon: (callback) => {
      setImmediate(callback);
    },
  };
}

/** A delay beyond {@link MAX_TIMER_MS}, made of several timers. */
class LongTimer {
  readonly #callback: () => void;
  #leftMs: number;
  #timeout: NodeJS.Timeout | undefined;

  constructor(delayMs: number, callback: () => void) {
    this.#leftMs = delayMs;
    this.#callback = callback;
    this.#next();
  }

  clear(): void {
    clearTimeout(this.#timeout);
  }

  #next(): void {
    const partMs = Math.min(this.#leftMs, MAX_TIMER_MS);
    this.#leftMs -= partMs;
    this.#timeout = setTimeout(() => (this.#leftMs > 0 ? this.#next() : this.#callback()), partMs);
  }
}

/** `refresh` sets a timer again without allocating, where the delay is the same as before. */
class SystemAlarm implements Alarm {
  readonly #callback: () => void;
  #timeout: NodeJS.Timeout | undefined;
  #delayMs = Number.NaN;

  constructor(callback: () => void) {
    this.#callback = callback;
  }

  set(delayMs: number): void {
    if (this.#timeout !== undefined && this.#delayMs === delayMs) {
      this.#timeout.refresh();
      return;
    }
    clearTimeout(this.#timeout);
    this.#delayMs = delayMs;
    this.#timeout = setTimeout(this.#callback, delayMs);
    this.#timeout.unref();
  }
}
