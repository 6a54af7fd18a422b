import type { Feeder } from '@jarvis-load/engine';

/**
 * Rows that one user takes. k6's users share no memory, so rows are dealt out: user k of n takes the rows k - 1, k - 1 + n,
 * k - 1 + 2n ..., with order `per-user` always the row k - 1, with `random` any. With order `unique` no row is taken twice before the
 * end, but a user may have none left while others have. `n` is at least the highest id, or two users take the same rows.
 */
export class RowsOfUser {
  readonly #id: number;
  readonly #users: number;
  readonly #random: () => number;
  readonly #taken = new Map<Feeder, number>();

  /** @param id 1-based */
  constructor(id: number, users: number, random: () => number) {
    this.#id = id;
    this.#users = Math.max(1, users);
    this.#random = random;
  }

  /** Number of the next row; `undefined` when there is none. */
  next(feeder: Feeder): number | undefined {
    const { length, order, atEnd } = feeder;
    if (order === 'random') return Math.floor(this.#random() * length);
    const first = Math.max(0, this.#id - 1);
    const taken = this.#taken.get(feeder) ?? 0;
    this.#taken.set(feeder, taken + 1);
    const number = order === 'per-user' ? first : first + taken * this.#users;
    if (number < length || order === 'round-robin' || atEnd === 'repeat') return number % length;
    return undefined;
  }
}
