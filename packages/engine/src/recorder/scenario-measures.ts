import { SCENARIO_COUNTERS, type ScenarioCounter } from './counters.ts';
import { Histogram } from './histogram.ts';

/** Users of one moment. */
type UserLevels = Pick<ScenarioMeasures, 'users' | 'targetUsers' | 'inFlight' | 'maxUsers'>;

/**
 * Measurements of one scenario. `add` leaves users, `loadMs`, `loadUserMs` and `loadStartMs`, which the owner sets: users are those of a moment
 * (`setUsers`), and the time of the load belongs to the run (`LoadTime`).
 */
export class ScenarioMeasures {
  readonly counts: Record<ScenarioCounter, number> = {
    planned: 0,
    started: 0,
    completed: 0,
    failed: 0,
    dropped: 0,
    interrupted: 0,
    notAwaited: 0,
    startTimeouts: 0,
  };
  readonly iterationDuration = new Histogram();
  /** NaN if not known, as are the next four. */
  users = 0;
  targetUsers = 0;
  inFlight = 0;
  /** Most users at once. */
  maxUsers = 0;
  /** Integral of users over time in milliseconds; divided by the duration it gives their mean. */
  userMs = 0;
  /** Milliseconds in which iterations started; 0 where it is not known, as in one interval. */
  loadMs = 0;
  /** The part of `userMs` in that time. */
  loadUserMs = 0;
  /** Start of that time since the start of the run, where it was measured; NaN: that of the executor. */
  loadStartMs = Number.NaN;

  /** Users under load when it was last on; NaN before the load. The owner sets it, as `loadMs`. */
  lastUsers = Number.NaN;
  /** End of the interval that `lastUsers` is of, since the start of the run; NaN before the load. */
  lastLoadMs = Number.NaN;

  add(other: ScenarioMeasures): void {
    for (const counter of SCENARIO_COUNTERS) this.counts[counter] += other.counts[counter];
    this.iterationDuration.add(other.iterationDuration);
    this.userMs += other.userMs;
  }

  /** Takes over the users of a later moment. */
  setUsers({ users, targetUsers, inFlight, maxUsers }: UserLevels): void {
    this.users = users;
    this.targetUsers = targetUsers;
    this.inFlight = inFlight;
    this.maxUsers = maxUsers;
  }
}
