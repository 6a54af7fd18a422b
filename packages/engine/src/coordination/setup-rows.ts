import type { Feeder } from '../model/feeder.ts';

/**
 * Numbers of the rows that the `setup` of one scenario takes, for its `teardown`: it removes what `setup` made, with the same
 * accounts, also where the load has used up the feeder.
 */
export class SetupRows {
  readonly #taken = new Map<Feeder, number[]>();

  /** The next row of the run for `setup`. */
  take(feeder: Feeder, nextRow: (feeder: Feeder) => number): number {
    const row = nextRow(feeder);
    const rows = this.#taken.get(feeder);
    if (rows === undefined) this.#taken.set(feeder, [row]);
    else rows.push(row);
    return row;
  }

  /** The rows once more in the same order, from the first again after the last; the first row of a feeder that `setup` left alone. */
  again(): (feeder: Feeder) => number {
    const next = new Map<Feeder, number>();
    return (feeder) => {
      const rows = this.#taken.get(feeder) ?? [0];
      const place = next.get(feeder) ?? 0;
      next.set(feeder, place + 1);
      return rows[place % rows.length]!;
    };
  }
}
