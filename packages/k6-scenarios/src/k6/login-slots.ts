/**
 * At most so many requests per second over all users of a test. k6's users share no memory, so time is cut into slots
 * that everybody counts from the same moment, and user k of n may only use each n-th one: never too fast, at the price
 * of a wait where few users want a slot.
 */
export class LoginSlots {
  readonly #slotMs: number;
  readonly #firstMs: number;
  readonly #stride: number;
  readonly #offset: number;
  /** The last slot that was used. */
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

  /** Takes the user's next slot; returns how long to wait for it, in milliseconds. */
  take(nowMs: number): number {
    const current = Math.max(this.#used + 1, Math.ceil((nowMs - this.#firstMs) / this.#slotMs));
    const rounds = Math.max(0, Math.ceil((current - this.#offset) / this.#stride));
    this.#used = rounds * this.#stride + this.#offset;
    return Math.max(0, this.#firstMs + this.#used * this.#slotMs - nowMs);
  }
}
