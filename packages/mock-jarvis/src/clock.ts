/** A scheduled callback. */
export interface Timer {
  cancel(): void;
}

/** Clock of the mock; tests pass a virtual one. */
export interface Clock {
  /** Wall clock, milliseconds since 1970: token times, `X-RateLimit-Reset`, timestamps. */
  nowMs(): number;
  /** Monotonic milliseconds with a fraction: service times, windows, the freeze. */
  elapsedMs(): number;
  /** Calls back at the monotonic time `deadlineMs`: never earlier, and never before `at` returns. */
  at(deadlineMs: number, callback: () => void): Timer;
}

class SystemTimer implements Timer {
  readonly #deadlineMs: number;
  readonly #callback: () => void;
  #handle: NodeJS.Timeout | undefined;

  constructor(deadlineMs: number, callback: () => void) {
    this.#deadlineMs = deadlineMs;
    this.#callback = callback;
    this.#arm();
  }

  cancel(): void {
    clearTimeout(this.#handle);
  }

  #arm(): void {
    // Whole milliseconds: with a fraction, Node would wake up before the deadline, for most deadlines.
    this.#handle = setTimeout(() => this.#wake(), Math.ceil(this.#deadlineMs - performance.now()));
    // A pending response must not keep the process alive; the listening socket does while the mock runs.
    this.#handle.unref();
  }

  #wake(): void {
    // libuv's clock is cached and in whole milliseconds: a timer can fire up to one millisecond early.
    if (performance.now() < this.#deadlineMs) this.#arm();
    else this.#callback();
  }
}

/** The clock of the machine. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  at: (deadlineMs, callback) => new SystemTimer(deadlineMs, callback),
};
