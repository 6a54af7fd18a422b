import type { LoadRun } from '@jarvis-load/engine';
import { LiveError, type LiveControl, type LiveStore } from '@jarvis-load/live';
import type { RunSteering } from '../run/run-steering.ts';
import { asked } from './asked.ts';

function commandLineRun(): never {
  throw new LiveError(
    409,
    'busy',
    'The command line started this run',
    'Start jarvis-load ui for runs that are started at the page',
  );
}

/**
 * What a page may do to a run of `load`: change its users or rate, pause it and end it. `attach` comes once, when the run
 * has been started; a stop that is asked for before takes effect then.
 */
export class RunControl implements LiveControl {
  readonly #store: LiveStore;
  #run: LoadRun | undefined;
  #steering: RunSteering | undefined;
  /** Asked for before the run was on. */
  #stopAtOnce = false;
  #isStopping = false;

  constructor(store: LiveStore) {
    this.#store = store;
  }

  /** The run has been started. */
  attach(run: LoadRun, steering: RunSteering): void {
    this.#run = run;
    this.#steering = steering;
    if (this.#stopAtOnce) this.stop();
  }

  readonly offer = commandLineRun;
  readonly start = commandLineRun;
  readonly reset = commandLineRun;

  setUsers(users: number, perSecond: number | undefined): void {
    const steering = this.#running();
    asked(() => steering.setUsers(users, perSecond === undefined ? {} : { perSecond }));
  }

  setRate(rate: number): void {
    const steering = this.#running();
    asked(() => steering.setRate(rate));
  }

  pause(): void {
    this.#running().pause();
  }

  resume(): void {
    this.#running().resume();
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

  #running(): RunSteering {
    const { state } = this.#store.session;
    if (this.#steering !== undefined && (state === 'running' || state === 'paused')) return this.#steering;
    throw new LiveError(409, 'not-running', 'The run is not on', 'Wait until its state is running');
  }
}
