/**
 * Steers one run over all of its scenarios, within what the target allows.
 *
 * Must hold:
 * - Each change goes through one object for each run, shared by page, keys and session: it knows only the users that it has set,
 *   and tells its listeners of them.
 * - If one scenario rejects its users, those before it get their former number again; one that still followed a ramp keeps
 *   the new number, since the engine does not go back to a plan.
 * - Users that fall are set before those that rise, so that the sum never exceeds the ceiling in between.
 */
import {
  distributeUsers,
  EngineError,
  plannedLoad,
  type Ceilings,
  type ExecutorOptions,
  type LoadRun,
  type UserRampOptions,
} from '@jarvis-load/engine';
import { LIMITS } from '../options/limits.ts';
import { steeredShares } from './executors-for.ts';
import { describeShape, type LoadShape } from './load-shape.ts';
import type { PlannedScenario } from './scenarios.ts';

/** What of a run can be set while it is on. */
export interface SteeredLevel {
  readonly by: 'users' | 'rate';
  /** Over all scenarios, as it was set last; null: it still follows the plan. */
  readonly value: number | null;
  /** The most that the target allows: users, or requests per second; the engine refuses fewer iterations that make more requests. */
  readonly max: number;
}

/** A change by a person: of the load, or a pause. */
export type SteeringEvent =
  | { readonly kind: 'load'; readonly level: SteeredLevel }
  | { readonly kind: 'pause'; readonly isPaused: boolean };

/** A load over scenarios that have their executors. */
export interface LoadOfRun {
  readonly shape: LoadShape;
  readonly scenarios: readonly PlannedScenario[];
  readonly ceilings: Ceilings | undefined;
}

/**
 * Users can be set wherever every executor has a number of users, also one that follows a plan: the plan then ends, and
 * the planned end of the run stays. A rate can be set where the load is a steered one.
 */
export class RunSteering {
  readonly #run: LoadRun;
  readonly #load: LoadOfRun;
  /**
   * Users that were set last for each scenario; at first the peak of its plan, which counts against ceilings while it follows a ramp.
   * A scenario that is not named is not touched.
   */
  readonly #levels: Map<string, number>;
  readonly #listeners = new Set<(event: SteeringEvent) => void>();
  #value: number | null;

  /** Scenarios that still follow a ramp. */
  readonly #ramping: Set<string>;

  constructor(run: LoadRun, load: LoadOfRun) {
    this.#run = run;
    this.#load = load;
    this.#levels = new Map(load.scenarios.map((scenario) => [scenario.name, peakUsers(scenario)]));
    this.#ramping = new Set(
      load.scenarios.filter(({ executor }) => isRamp(executor)).map(({ name }) => name),
    );
    const { shape } = load;
    this.#value =
      shape.kind === 'steered-users' ? shape.users : shape.kind === 'steered-rate' ? shape.rate : null;
  }

  /** What can be set now; undefined: neither users nor a rate. */
  get level(): SteeredLevel | undefined {
    const by = steeredBy(this.#load);
    if (by === undefined) return undefined;
    const { ceilings } = this.#load;
    const max =
      by === 'users' ? (ceilings?.maxUsers ?? LIMITS.users) : (ceilings?.maxRate ?? LIMITS.ratePerSecond);
    return { by, value: this.#value, max };
  }

  /** Calls back on every change, from the next one on. */
  onChange(listener: (event: SteeringEvent) => void): void {
    this.#listeners.add(listener);
  }

  /**
   * @param users over all scenarios, or by scenario
   * @throws EngineError also for what the target does not allow; then nothing has changed, but for scenarios that followed a
   *   ramp when another one rejected its users: they keep the new number
   */
  setUsers(users: number | Readonly<Record<string, number>>, ramp: UserRampOptions = {}): void {
    const { scenarios, ceilings } = this.#load;
    const wanted = new Map(Object.entries(typeof users === 'number' ? userShares(this.#load, users) : users));
    if (steeredBy(this.#load) !== 'users') throw notSteered('users', this.#load);
    const most = ceilings?.maxUsers ?? Number.POSITIVE_INFINITY;
    const total = scenarios.reduce(
      (sum, { name }) => sum + (wanted.get(name) ?? this.#levels.get(name) ?? 0),
      0,
    );
    if (total > most) {
      throw new EngineError(
        'target-not-allowed',
        `users: ${total} in all; expected at most ${most}, which the target's permission allows (maxUsers).`,
      );
    }
    this.#setAll(wanted, ramp);
    this.#changed(total);
  }

  /** @param rate iterations per second over all scenarios @throws EngineError as `setUsers` */
  setRate(rate: number): void {
    if (steeredBy(this.#load) !== 'rate') throw notSteered('a rate', this.#load);
    // They take turns: the rate of one is that of all, over all of them.
    this.#run.setRate(this.#load.scenarios[0]!.name, rate);
    this.#changed(rate);
  }

  pause(): void {
    this.#run.pause();
    this.#tell({ kind: 'pause', isPaused: true });
  }

  resume(): void {
    this.#run.resume();
    this.#tell({ kind: 'pause', isPaused: false });
  }

  /** Those that fall come first, so that the sum is never above both. */
  #setAll(wanted: ReadonlyMap<string, number>, ramp: UserRampOptions): void {
    const change = (name: string): number => wanted.get(name)! - (this.#levels.get(name) ?? 0);
    const done: string[] = [];
    try {
      for (const name of [...wanted.keys()].toSorted((a, b) => change(a) - change(b))) {
        this.#run.setUsers(name, wanted.get(name)!, ramp);
        done.push(name);
      }
    } catch (error) {
      for (const name of done.toReversed()) this.#restore(name, wanted.get(name)!);
      throw error;
    }
    for (const [name, users] of wanted) this.#keep(name, users);
  }

  #restore(name: string, users: number): void {
    if (this.#ramping.has(name)) return this.#keep(name, users);
    try {
      this.#run.setUsers(name, this.#levels.get(name) ?? 0);
    } catch {
      // It has ended meanwhile; the caller is told of the first problem.
    }
  }

  #keep(name: string, users: number): void {
    this.#levels.set(name, users);
    this.#ramping.delete(name);
  }

  #changed(value: number): void {
    this.#value = value;
    this.#tell({ kind: 'load', level: this.level! });
  }

  #tell(event: SteeringEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

/**
 * Divides users over the scenarios of a load: as the profile does, or in the proportion of the plan.
 * @throws EngineError `invalid-option`
 */
export function userShares(load: LoadOfRun, users: number): Record<string, number> {
  const { shape, scenarios } = load;
  if (!Number.isInteger(users) || users < 0) {
    throw new EngineError(
      'invalid-option',
      `users is ${String(users)}; expected a whole number of at least 0.`,
    );
  }
  if (steeredBy(load) !== 'users') throw notSteered('users', load);
  const shares =
    shape.kind === 'steered-users'
      ? steeredShares(
          shape,
          scenarios.map(({ demand }) => demand),
          users,
        )
      : distributeUsers(
          users,
          scenarios.map((scenario) => ({ weight: Math.max(1, peakUsers(scenario)) })),
        );
  return Object.fromEntries(scenarios.map(({ name }, index) => [name, shares[index]!]));
}

function steeredBy({ shape, scenarios }: LoadOfRun): 'users' | 'rate' | undefined {
  if (shape.kind === 'steered-rate') return 'rate';
  return scenarios.every(({ executor }) => hasUsers(executor)) ? 'users' : undefined;
}

/** Whether it is defined by a number of users that can be set. */
function hasUsers(executor: ExecutorOptions): boolean {
  switch (executor.kind) {
    case 'constant-vus':
    case 'ramping-vus':
    case 'load-shape':
      return true;
    case 'externally-controlled':
      return !('rate' in executor);
    case 'constant-arrival-rate':
    case 'ramping-arrival-rate':
    case 'replayed-arrivals':
    case 'shared-iterations':
    case 'per-vu-iterations':
      return false;
  }
}

function isRamp({ kind }: ExecutorOptions): boolean {
  return kind === 'ramping-vus' || kind === 'load-shape';
}

/** The most users that the plan has at once, as the engine counts it against ceilings. */
function peakUsers(scenario: PlannedScenario): number {
  return plannedLoad([scenario]).users;
}

function notSteered(what: string, { shape }: LoadOfRun): EngineError {
  return new EngineError(
    'invalid-option',
    `the load of this run is "${describeShape(shape)}"; expected a run steered by ${what} (steered of the plan).`,
  );
}
