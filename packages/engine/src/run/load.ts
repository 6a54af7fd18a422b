import type { RunEvent } from '../events.ts';
import type { RunOptions } from '../options.ts';
import type { RunResult } from '../result/schema.ts';

/** A run that is on. Prints nothing, ends no process. */
export interface LoadRun {
  readonly id: string;
  /** The document; rejects only on a wrong configuration or a bug of the engine (`EngineError`). */
  readonly result: Promise<RunResult>;
  /** Events from now on, in order; ends with the run. */
  events(): AsyncIterable<RunEvent>;
  /** No iteration starts any more; running ones get `gracefulStop`, at most `withinMs`. */
  stop(reason: string, withinMs?: number): void;
  /** Ends now: what runs is interrupted, and the result is made of what is there. */
  abort(reason: string): void;
  /** No iteration starts until `resume`; the schedule goes on, so an open model counts what it drops. */
  pause(): void;
  resume(): void;
  /** Sets the number of users of a closed, duration-based scenario from now on; the plan no longer changes it. */
  setUsers(scenario: string, users: number): void;
}

/** Starts a run and returns at once. */
export function startLoad(_options: RunOptions): LoadRun {
  throw new Error('in work');
}

/** Runs the scenarios and resolves with the result document. */
export function runLoad(options: RunOptions): Promise<RunResult> {
  return startLoad(options).result;
}
