import type { RunResult } from '../document/schema.ts';
import type { PhaseEvent } from './events.ts';
import type { Output } from './output.ts';
import type { UserRampOptions } from './steering.ts';

/*
 * How a client, such as the live page or the Locust worker, prepares and steers runs; `CliSession` implements it.
 *
 * Must hold:
 * - One run at a time. A call that the state does not allow rejects or throws an `EngineError` `wrong-state`.
 * - The session, not its client, enforces the permission of the target.
 * - Who made the session calls `close()`, on every path: it ends the run and what was started for targets.
 */

/**
 * Where a session is. `running` begins with the run's warm-up, `stopping` with its drain or teardown; `ended`: there is a
 * document; `failed`: there is none, or it was not written, and `error` says why.
 */
export type SessionState =
  'idle' | 'preparing' | 'ready' | 'running' | 'paused' | 'stopping' | 'ended' | 'failed';

/** What a session can be asked to do. */
export type SessionAction =
  'prepare' | 'start' | 'setUsers' | 'setRate' | 'pause' | 'resume' | 'stop' | 'reset';

/** A session as it stands. */
export interface SessionStatus {
  readonly state: SessionState;
  /** What the state allows. */
  readonly allowed: readonly SessionAction[];
  /** Of the run that is on or was the last; null before the first, and after `reset`. */
  readonly runId: string | null;
  /** Of that run; null before its first. */
  readonly phase: PhaseEvent['phase'] | null;
  /** Why the session failed, secrets removed; null in every other state. */
  readonly error: string | null;
}

/** A run that a session has started. */
export interface SessionRun {
  readonly id: string;
  /** The finished document, after what the suite does after the run; rejects as the state becomes `failed`. */
  readonly result: Promise<RunResult>;
}

/**
 * Runs one after another in one process. A request of the client above the target's permission is rejected. The error
 * `wrong-state` names the state and what is allowed:
 *
 * | state     | prepare   | start   | setUsers, setRate | pause  | resume  | stop     | reset | by itself                                |
 * | --------- | --------- | ------- | ----------------- | ------ | ------- | -------- | ----- | ---------------------------------------- |
 * | idle      | preparing |         |                   |        |         |          | idle  |                                          |
 * | preparing |           |         |                   |        |         | idle     |       | ready, or running after `start`; failed  |
 * | ready     | preparing | running |                   |        |         |          | idle  | failed                                   |
 * | running   |           |         | running           | paused |         | stopping |       | stopping, ended or failed, with the run  |
 * | paused    |           |         | paused            |        | running | stopping |       | stopping, ended or failed, with the run  |
 * | stopping  |           |         |                   |        |         | stopping |       | ended; failed                            |
 * | ended     | preparing | preparing |                 |        |         |          | idle  |                                          |
 * | failed    | preparing |         |                   |        |         |          | idle  |                                          |
 *
 * @typeParam Plan what a run is: target, scenarios, load
 * @typeParam Prepared what is known once it could start
 */
export interface RunSession<Plan, Prepared> {
  readonly status: SessionStatus;
  /**
   * Calls back on every change of the status, from the next one on, within the call or event that changed it. The listener may
   * call the session, whose state allows what `allowed` says. What it throws is reported, and stops nothing. Returns a function
   * that ends it.
   */
  onStatus(listener: (status: SessionStatus) => void): () => void;
  /** Opens and probes the target, and plans the load. Rejects as the state becomes `failed`. */
  prepare(plan: Plan): Promise<Prepared>;
  /**
   * Starts the prepared run; after an ended one the same plan again, which is prepared anew.
   * @param outputs listen to this run
   * @param write writes the document, before what the suite does after the run; what it throws, `result` rejects with
   */
  start(outputs?: readonly Output[], write?: (result: RunResult) => void): Promise<SessionRun>;
  /**
   * Sets users: a number over all scenarios, shared as the plan shares them, or numbers by scenario.
   * @throws EngineError also for what the target does not allow; then nothing has changed
   */
  setUsers(users: number | Readonly<Record<string, number>>, ramp?: UserRampOptions): void;
  /** Sets the rate over all scenarios, iterations per second. @throws EngineError as `setUsers` */
  setRate(rate: number): void;
  /** No iteration starts until `resume`. */
  pause(): void;
  resume(): void;
  /**
   * Ends the run: iterations get their graceful stop, at most `withinMs`; with it, outputs get what there is at once and
   * the rest at the end. While preparing: gives that up.
   * @param reason for the document
   */
  stop(reason: string, withinMs?: number): void;
  /** Forgets plan and result. What was started for the target stays for the next run. */
  reset(): void;
  /** Ends a run that is on, and everything that was started for targets. The session cannot be used any more. */
  close(): Promise<void>;
}
