/**
 * Locust's custom load shape: a function of the seconds since the start, called for each second; `undefined` or `null`
 * ends the load of the scenario. Called before the run, in each thread and by each `--part`: it must return the same for the same second.
 */
export type LoadShape = (elapsedSeconds: number) => ShapeTick | undefined | null;

/** Number of users that a load shape requests at one point in time, and the rate at which to reach it. */
export interface ShapeTick {
  /** Number of users from this tick on. */
  readonly users: number;
  /** Users started or stopped per second. @default at once */
  readonly spawnRate?: number;
}
