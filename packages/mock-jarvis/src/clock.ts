/** A callback that waits for its moment. */
export interface Timer {
  cancel(): void;
}

/** Time as the mock sees it; tests pass one of their own. */
export interface Clock {
  /** Wall clock, milliseconds since 1970: token times, `X-RateLimit-Reset`, timestamps. */
  nowMs(): number;
  /** Monotonic milliseconds with a fraction: service times, windows, the freeze. */
  elapsedMs(): number;
  /** Calls back at the monotonic moment `deadlineMs`, never earlier. */
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
    this.#handle = setTimeout(() => this.#wake(), this.#deadlineMs - performance.now());
    // The listening socket keeps the process alive, not an answer that nobody waits for any more.
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
