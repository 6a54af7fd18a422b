import {
  distributeUsers,
  EngineError,
  type LoadRun,
  type Output,
  type PhaseEvent,
  type NoticeEvent,
  type RunInfo,
  type ScenarioInfo,
} from '@jarvis-load/engine';
import { LiveError, type LiveStore } from '@jarvis-load/live';

/** Most that the page may set. */
export interface SteeringCeilings {
  readonly users: number;
  readonly rate: number;
}

/** The users of a scenario at the start of its plan; undefined: they cannot be set. */
function usersOf({ executor }: ScenarioInfo): number | undefined {
  switch (executor.kind) {
    case 'constant-vus':
      return executor.vus;
    case 'ramping-vus':
      return executor.maxUsers;
    default:
      return undefined;
  }
}

/**
 * Steers one run for the page: divides what it sets among the scenarios, and keeps the ceilings. An output of the run
 * too, because only the run knows its executors.
 */
export class RunSteering implements Output {
  readonly name = 'steering';
  readonly #store: LiveStore;
  readonly #ceilings: SteeringCeilings;
  #run: LoadRun | undefined;
  #isStopping = false;
  #stopBeforeStart = false;
  /** Users of each scenario at the start: the proportion in which others are divided. */
  #users: readonly { readonly scenario: string; readonly users: number }[] | undefined;

  constructor(store: LiveStore, ceilings: SteeringCeilings) {
    this.#store = store;
    this.#ceilings = ceilings;
  }

  /** The handle of the run, once there is one. */
  attach(run: LoadRun): void {
    this.#run = run;
    if (this.#stopBeforeStart) this.stop();
  }

  start(run: RunInfo): void {
    const users = run.scenarios.map((scenario) => ({ scenario: scenario.name, users: usersOf(scenario) }));
    if (users.every((each): each is { scenario: string; users: number } => each.users !== undefined))
      this.#users = users;
  }

  event(event: PhaseEvent | NoticeEvent): void {
    if (event.type !== 'phase' || event.phase !== 'run' || this.#users === undefined) return;
    const value = this.#users.reduce((sum, { users }) => sum + users, 0);
    this.#store.setSession({ steered: { by: 'users', value, max: this.#ceilings.users } });
  }

  setUsers(users: number): void {
    const run = this.#running();
    if (this.#users === undefined) throw cannot('the users');
    this.#check('users', users, this.#ceilings.users);
    const shares = distributeUsers(
      users,
      this.#users.map((each) => ({ weight: Math.max(each.users, 1) })),
    );
    this.#do(() => this.#users?.forEach(({ scenario }, index) => run.setUsers(scenario, shares[index] ?? 0)));
    this.#changed('users', users, this.#ceilings.users);
  }

  setRate(_rate: number): void {
    throw cannot('the rate');
  }

  pause(): void {
    const run = this.#running();
    run.pause();
    this.#store.setSession({ state: 'paused' });
    this.#mark('pause', 'paused');
  }

  resume(): void {
    const run = this.#running();
    run.resume();
    this.#store.setSession({ state: 'running' });
    this.#mark('pause', 'resumed');
  }

  /** Before the run is on, it ends as soon as it is. */
  stop(): void {
    if (this.#run === undefined) {
      this.#stopBeforeStart = true;
    } else if (this.#isStopping) this.#run.abort('stopped at the live page, twice');
    else {
      this.#isStopping = true;
      this.#run.stop('stopped at the live page');
    }
    this.#store.setSession({ state: 'stopping', steered: null });
  }

  #running(): LoadRun {
    const { state } = this.#store.session;
    if (this.#run !== undefined && (state === 'running' || state === 'paused')) return this.#run;
    throw new LiveError(409, 'not-running', 'The run is not on', 'Wait until its state is running');
  }

  #check(what: string, value: number, most: number): void {
    if (value > most)
      throw new LiveError(
        403,
        'ceiling',
        `${value} ${what} is more than the target allows`,
        `At most ${most}`,
      );
  }

  #do(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (error instanceof EngineError) throw new LiveError(409, error.code, error.message);
      throw error;
    }
  }

  #changed(by: 'users' | 'rate', value: number, max: number): void {
    this.#store.setSession({ steered: { by, value, max } });
    this.#mark('load', `${by} set to ${value}`);
  }

  #mark(kind: 'load' | 'pause', text: string): void {
    this.#store.mark({ atMs: this.#store.state.now?.elapsedMs ?? 0, kind, text });
  }
}

function cannot(what: string): LiveError {
  return new LiveError(
    409,
    'not-steerable',
    `This run follows a plan: ${what} cannot be changed`,
    'Start a run with users or a rate',
  );
}
