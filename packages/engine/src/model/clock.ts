/** Source of time and timers, passed as a parameter so that tests can use a `VirtualClock`. */
export interface Clock {
  /** Monotonic milliseconds with fractions, common to all threads of the process. */
  now(): number;
  /** Milliseconds since the epoch: for labels only. */
  wallNow(): number;
  /**
   * Calls back once after `delayMs` (no upper limit) or later; libuv may fire up to 1 ms early, so read `now` again.
   */
  setTimer(delayMs: number, callback: () => void): ClockTimer;
  clearTimer(timer: ClockTimer): void;
  /** A pending alarm does not keep the process alive. */
  alarm(callback: () => void): Alarm;
  /**
   * Blocks the thread for `durationMs`, which must be far below a millisecond: timers have no finer resolution than
   * that.
   */
  spin(durationMs: number): void;
  /** Calls back after pending I/O events, without the minimum delay of 1 ms that timers have. */
  soon(callback: () => void): void;
}

/** A reusable timer, such as the deadline of successive requests. */
export interface Alarm {
  /** Calls back once after `delayMs`; replaces a pending call. */
  set(delayMs: number): void;
}

/** A pending timer of a {@link Clock}. */
export type ClockTimer = object;
