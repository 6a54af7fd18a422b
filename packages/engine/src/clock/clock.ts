import { performance } from 'node:perf_hooks';
import type { Clock, Alarm } from '../model/clock.ts';
import { MAX_TIMER_MS } from '../duration.ts';

/**
 * Offset that turns `performance.now()`, which counts from the start of its thread, into the process-wide time of
 * `process.hrtime.bigint()`. Both read the same clock, but `performance.now()` costs a tenth. The smallest of several
 * readings is the closest.
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

/** Takes about a microsecond; atomic loads are not optimised away. */
const LOADS_PER_LOOK = 300;
const SPUN_ON = new Int32Array(1);

/**
 * The machine's monotonic clock; all threads read the same time. A timer keeps the process alive until it has fired or is
 * cleared; an alarm does not.
 */
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
      // Each clock reading allocates 16 bytes. Without these loads between readings that is half a gigabyte per second.
      do for (let i = 0; i < LOADS_PER_LOOK; i++) Atomics.load(SPUN_ON, 0);
      while (performance.now() < endMs);
    },
    soon: (callback) => {
      setImmediate(callback);
    },
  };
}

/** A delay beyond {@link MAX_TIMER_MS}, as a chain of timers. */
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

/** Uses `refresh` when the delay is unchanged: it restarts the timer without allocating. */
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
