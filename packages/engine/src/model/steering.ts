/**
 * A change of the load of one scenario by the caller: `users` or `rate` is given. Part of the written record and of the
 * document: a new field is read by `replay/parse-snapshot.ts`, too.
 */
export interface SteeringChange {
  /** When it took effect, since the start of the run; 0 also for what was set before. */
  readonly atMs: number;
  readonly scenario: string;
  /** The number of users set. */
  readonly users?: number;
  /** Users per second by which that number was approached; absent: at once. */
  readonly perSecond?: number;
  /** The rate set, iterations per time unit of the executor. */
  readonly rate?: number;
}

/** How `setUsers` reaches the number. */
export interface UserRampOptions {
  /** Users that start or stop per second, evenly. @default at once */
  readonly perSecond?: number;
}
