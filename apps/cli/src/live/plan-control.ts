import type { LoadRun } from '@jarvis-load/engine';
import { LiveError, type LiveControl, type LiveStore } from '@jarvis-load/live';

function commandLineRun(): never {
  throw new LiveError(
    409,
    'busy',
    'The command line started this run, and it follows a plan',
    'Start jarvis-load ui for runs whose load you set',
  );
}

/** What a page may do to a run of `load`: its load is planned, so it may pause and end it. */
export class PlanControl implements LiveControl {
  readonly #store: LiveStore;
  #run: LoadRun | undefined;
  /** Asked for before the run was on. */
  #stopAtOnce = false;
  #isStopping = false;

  constructor(store: LiveStore) {
    this.#store = store;
  }

  attach(run: LoadRun): void {
    this.#run = run;
    if (this.#stopAtOnce) this.stop();
  }

  readonly offer = commandLineRun;
  readonly start = commandLineRun;
  readonly setUsers = commandLineRun;
  readonly setRate = commandLineRun;
  readonly reset = commandLineRun;

  pause(): void {
    this.#running().pause();
    this.#store.paused(true);
  }

  resume(): void {
    this.#running().resume();
    this.#store.paused(false);
  }

  stop(): void {
    if (this.#run === undefined) this.#stopAtOnce = true;
    else if (this.#isStopping) this.#run.abort('stopped at the live page, twice');
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
}
