/**
 * Limits requests to a rate by assigning evenly spaced turns: the caller waits as long as `take` says. A turn is not given back.
 * Each thread has a gate of its own for its part of the rate.
 */
export class RateGate {
  readonly #spacingMs: number;
  #nextMs = Number.NEGATIVE_INFINITY;

  constructor(perSecond: number) {
    this.#spacingMs = 1000 / perSecond;
  }

  /** Takes a turn; returns how long to wait for it, in milliseconds. */
  take(nowMs: number): number {
    const turnMs = Math.max(nowMs, this.#nextMs);
    this.#nextMs = turnMs + this.#spacingMs;
    return turnMs - nowMs;
  }
}
