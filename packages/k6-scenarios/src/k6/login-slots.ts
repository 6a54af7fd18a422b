/**
 * Limits the requests per second over all users of a test. k6's users share no memory, so time is divided into slots
 * counted from a common start, and user k of n uses only every n-th slot. The rate is never exceeded if n is at least the highest
 * user id, but a user may wait for its slot while others are unused.
 */
export class LoginSlots {
  readonly #slotMs: number;
  readonly #firstMs: number;
  readonly #stride: number;
  readonly #offset: number;
  /** The last slot used by this user. */
  #used = -1;

  /**
   * @param firstMs start of slot 0, Unix time in milliseconds, the same for all users
   * @param user 1-based
   */
  constructor(perSecond: number, firstMs: number, user: number, users: number) {
    this.#slotMs = 1000 / perSecond;
    this.#firstMs = firstMs;
    this.#stride = Math.max(1, users);
    this.#offset = (Math.max(1, user) - 1) % this.#stride;
  }

  /** Reserves the user's next slot; returns the time until it starts, in milliseconds. */
  take(nowMs: number): number {
    const current = Math.max(this.#used + 1, Math.ceil((nowMs - this.#firstMs) / this.#slotMs));
    const rounds = Math.max(0, Math.ceil((current - this.#offset) / this.#stride));
    this.#used = rounds * this.#stride + this.#offset;
    return Math.max(0, this.#firstMs + this.#used * this.#slotMs - nowMs);
  }
}
