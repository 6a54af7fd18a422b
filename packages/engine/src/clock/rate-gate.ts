/** Limits requests to a rate by assigning evenly spaced turns. */
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
