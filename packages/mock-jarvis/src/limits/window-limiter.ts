/** Result of one check. */
export interface LimitVerdict {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** End of the window, on the clock that was passed in. */
  readonly resetAtMs: number;
}

interface Window {
  startMs: number;
  count: number;
}

const MAX_KEYS = 10_000;

/**
 * A fixed window per key, which restarts with the first check after its end; refused requests are counted too. Two
 * adjacent windows can therefore admit a burst of twice the limit, as in the core. Of more than `MAX_KEYS` keys the oldest is
 * forgotten with its count.
 */
export class WindowLimiter {
  readonly #requests: number;
  readonly #windowMs: number;
  readonly #windows = new Map<string, Window>();

  constructor(requests: number, windowMs: number) {
    this.#requests = requests;
    this.#windowMs = windowMs;
  }

  check(key: string, nowMs: number): LimitVerdict {
    let window = this.#windows.get(key);
    if (window === undefined) {
      if (this.#windows.size >= MAX_KEYS) this.#windows.delete(this.#windows.keys().next().value!);
      window = { startMs: nowMs, count: 0 };
      this.#windows.set(key, window);
    } else if (nowMs - window.startMs >= this.#windowMs) {
      window.startMs = nowMs;
      window.count = 0;
    }
    window.count += 1;
    return {
      allowed: window.count <= this.#requests,
      limit: this.#requests,
      remaining: Math.max(0, this.#requests - window.count),
      resetAtMs: window.startMs + this.#windowMs,
    };
  }
}

/** Seconds until the window of a verdict ends, as `Retry-After` says it: whole, at least 1. */
export function retryAfterOf({ resetAtMs }: LimitVerdict, nowMs: number): number {
  return Math.max(1, Math.ceil((resetAtMs - nowMs) / 1000));
}

/** What a refused client is told. */
export function describeExcess(verdict: LimitVerdict, nowMs: number): string {
  return `Rate limit of ${verdict.limit} requests exceeded, try again in ${retryAfterOf(verdict, nowMs)} s`;
}
