/*
 * What a reader of another tool's samples writes into.
 *
 * Must hold:
 * - Times are Unix milliseconds and may come some seconds late; durations are milliseconds.
 * - The first call of any method but `users` sets the start of the clock: `begin(endMs - responseMs)` comes before `request`.
 *   Users that are reported before that are missing in the series.
 * - Scenarios and operations are those of the `RecordedRun` by index; it may grow while samples are read, before they are named.
 */

import type { Outcome } from '../outcome.ts';
import type { CompiledOperation } from '../model/compiled-run.ts';
import type { Tags } from '../model/tags.ts';

/** One request that another tool measured. Durations are milliseconds. */
export interface RequestSample {
  /** When its answer was read, Unix time in milliseconds. */
  readonly endMs: number;
  readonly outcome: Outcome;
  /** 0: no response; null: not known. */
  readonly status: number | null;
  /** Class and words of a failure; empty for a good answer. */
  readonly code: string;
  readonly message: string;
  /** From the moment a user asked for it. */
  readonly responseMs: number;
  /** From the moment it was sent. */
  readonly serviceMs: number;
  /** From the moment a user asked until it could be sent. */
  readonly queueMs: number;
  /** In the order of `PHASES` of `@jarvis-load/engine/recorder`. */
  readonly phasesMs: readonly number[];
  /** Its own tags, its group among them; not those of its operation. @default none */
  readonly tags?: Tags | undefined;
}

/** What a reader of another tool's samples writes into. */
export interface SampleSink {
  /** Something of the load began at this moment. */
  begin(timeMs: number): void;
  request(operation: CompiledOperation, sample: RequestSample): void;
  /** Iterations that began, if the tool reports them; otherwise the number of interrupted ones is not known. */
  startIterations(scenario: number, count: number, timeMs: number): void;
  /** Iterations that ended, with or without an exception. */
  endIterations(scenario: number, count: number, timeMs: number): void;
  dropIterations(scenario: number, count: number, timeMs: number): void;
  iterationDuration(scenario: number, durationMs: number, endMs: number): void;
  /** Iterations that ended with an exception. */
  exception(scenario: number, message: string, count: number, timeMs: number): void;
  check(scenario: number, name: string, passed: boolean, timeMs: number): void;
  /** How long the work of a group took. @param path such as `::checkout::pay` */
  groupDuration(scenario: number, path: string, durationMs: number, endMs: number): void;
  /** A value of a custom trend that is shown over time. */
  trend(metric: string, value: number, timeMs: number): void;
  /** Users of the whole run at this moment. */
  users(count: number, timeMs: number): void;
}
