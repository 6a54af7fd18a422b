/** How a feeder gives out rows. */
export interface FeederOptions {
  /** For messages. @default the name of the file */
  readonly name?: string;
  /**
   * `unique`: each row once, over all users, threads and parts of the run, `setup` included. `round-robin`: the same, from the first again after the last.
   * `random`: by the user's random stream. `per-user`: user n always gets row n. @default round-robin
   */
  readonly order?: 'unique' | 'round-robin' | 'random' | 'per-user';
  /**
   * When a unique feeder has no more rows, or a per-user one fewer than users: `stop` ends the run with the reason,
   * `repeat` begins again, `fail` fails the iteration. @default stop
   */
  readonly atEnd?: 'stop' | 'repeat' | 'fail';
}

/** Rows of data for users, made by `feeder`. */
export interface Feeder<Row = unknown> extends Required<FeederOptions> {
  readonly length: number;
  /** @param index from 0 */
  row(index: number): Row;
}
