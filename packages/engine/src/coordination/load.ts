import { EngineError } from '../errors.ts';
import type { RunEvent } from '../model/events.ts';
import type { RunOptions } from '../model/run-options.ts';
import type { RunResult } from '../document/schema.ts';
import type { ScenarioDefinition } from '../model/scenario.ts';
import type { UserRampOptions } from '../model/steering.ts';
import { checkRunOptions } from '../input/run-rules.ts';
import { show } from '../show.ts';
import { Coordinator } from './coordinator.ts';
import { EventStream } from './event-stream.ts';
import { resolveRun } from '../definition/resolve-options.ts';
import { loadScenarioModule } from '../definition/scenario-module.ts';

/** A run that is on. Prints nothing, ends no process. */
export interface LoadRun {
  /** Of the run, as in the header `x-load-run-id` and in the document. */
  readonly id: string;
  /** The document; rejects with an `EngineError` for a wrong configuration and a required output that cannot start, else on bugs alone. */
  readonly result: Promise<RunResult>;
  /**
   * Events from this call on, in order; ends with the run. Asked for right after `startLoad`: all of them. Of those that
   * are not read, the last 1000 are kept; a notice `events-cut` says how many are missing.
   */
  events(): AsyncIterable<RunEvent>;
  /** No iteration starts any more; running ones get `gracefulStop`, at most `withinMs`. With it, outputs get what there is at once. */
  stop(reason: string, withinMs?: number): void;
  /** Ends now: what runs is interrupted, and the result is made of what is there. */
  abort(reason: string): void;
  /** No iteration starts until `resume`. Arrivals of that time are not planned, and `maxDuration` is extended by it, to twice its length at most. */
  pause(): void;
  /** Ends a pause. */
  resume(): void;
  /**
   * Sets the number of users of a closed scenario that is not made of iterations, from now on; the plan no longer changes
   * it. Users that are no longer wanted get `gracefulRampDown` (`constant-vus`: `gracefulStop`) to finish; k6 cuts them
   * off. What cannot be done throws an `EngineError`, such as users beyond `maxVUs` or beyond `allow`; while a scenario
   * module still loads, it becomes a notice and a note of the result.
   */
  setUsers(scenario: string, users: number, ramp?: UserRampOptions): void;
  /**
   * Sets the rate of an `externally-controlled` scenario, iterations per its `timeUnit`, from now on (with several
   * threads: 5 ms later). The schedule goes on without a seam: arrival k starts when k are expected under all rates so
   * far, and only arrivals that have not started move. Errors as of `setUsers`.
   */
  setRate(scenario: string, rate: number): void;
}

/**
 * Starts a run and returns at once.
 * @throws EngineError for options, and for scenarios and thresholds given inline, that cannot be used; those of a
 * module are only known later: then `result` rejects with it
 */
export function startLoad(options: RunOptions): LoadRun {
  checkRunOptions(options);
  const resolved = resolveRun(options);
  const stream = new EventStream(options.onEvent);
  const { scenarios } = options;
  let coordinator: Coordinator | undefined;
  const start = (definitions: readonly ScenarioDefinition[]): Coordinator =>
    (coordinator = new Coordinator(resolved, stream, definitions));
  const ended = new AbortController();
  const started =
    'module' in scenarios
      ? loadScenarioModule(scenarios, AbortSignal.any([ended.signal, options.signal ?? ended.signal])).then(
          start,
        )
      : undefined;
  if ('length' in scenarios) start(scenarios);
  /** Forwards a call to the coordinator; while the scenario module loads, after it has loaded. */
  const tell = (act: (coordinator: Coordinator) => void): void => {
    if (coordinator !== undefined) act(coordinator);
    else started?.then((loaded) => loaded.tryLate(() => act(loaded))).catch(() => undefined);
  };
  // Execute after returning to the caller, so that `events()` called directly afterwards gets the first event.
  const result = (started ?? Promise.resolve(coordinator!)).then((loaded) => loaded.execute());
  started?.catch(() => stream.end());
  return {
    id: resolved.runId,
    result,
    events: () => stream.read(),
    stop: (reason, withinMs) => {
      checkEnd(reason, withinMs);
      ended.abort();
      tell((run) => run.stop(reason, withinMs));
    },
    abort: (reason) => {
      checkEnd(reason);
      ended.abort();
      tell((run) => run.abort(reason));
    },
    pause: () => tell((run) => run.pause()),
    resume: () => tell((run) => run.resume()),
    setUsers: (scenario, users, ramp) => tell((run) => run.setUsers(scenario, users, ramp)),
    setRate: (scenario, rate) => tell((run) => run.setRate(scenario, rate)),
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

/** What `stop` and `abort` are given goes into the document and into a timer. */
function checkEnd(reason: unknown, withinMs?: unknown): void {
  if (reason !== undefined && typeof reason !== 'string') {
    throw new EngineError('invalid-option', `reason is ${show(reason)}; expected a string.`);
  }
  const fits = withinMs === undefined || (typeof withinMs === 'number' && withinMs >= 0);
  if (!fits) {
    throw new EngineError(
      'invalid-option',
      `withinMs is ${show(withinMs)}; expected milliseconds of at least 0.`,
    );
  }
}
