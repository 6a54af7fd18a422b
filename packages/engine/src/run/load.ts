import type { RunEvent } from '../events.ts';
import type { RunOptions } from '../options.ts';
import type { RunResult } from '../result/schema.ts';
import { Coordinator } from './coordinator.ts';

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

/**
 * Starts a run and returns at once.
 * @throws EngineError for options, scenarios or thresholds that cannot be used
 */
export function startLoad(options: RunOptions): LoadRun {
  const coordinator = new Coordinator(options);
  return {
    id: coordinator.resolved.runId,
    result: coordinator.execute(),
    events: () => coordinator.stream.read(),
    stop: (reason, withinMs) => coordinator.stop(reason, withinMs),
    abort: (reason) => coordinator.abort(reason),
    pause: () => coordinator.pause(),
    resume: () => coordinator.resume(),
    setUsers: (scenario, users) => coordinator.setUsers(scenario, users),
  };
}

/**
 * Runs the scenarios and resolves with the result document; rejects with an EngineError for what cannot be used.
 * @example
 * const result = await runLoad({ baseUrl: 'http://127.0.0.1:8100', scenarios: [scenario] });
 * console.log(result.verdict.status, result.totals.responseTime.percentiles.p95);
 */
export async function runLoad(options: RunOptions): Promise<RunResult> {
  return startLoad(options).result;
}
