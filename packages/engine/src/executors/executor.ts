/*
 * What an executor gets and does in one thread, and the counts that the threads share.
 *
 * Must hold:
 * - `LoadThread` calls `prepare` and `run` once each, in this order, and not `run` after `stop`. All other calls may come before
 *   `run`, also before `prepare` or while it is pending: after a stop, `prepare` starts no user.
 * - `interrupt` includes `stop`; both may be called repeatedly. `run` resolves when nothing of the executor is pending.
 * - Who got true from `SharedCounts.enter` calls `leave` once.
 */

import type { Clock } from '../model/clock.ts';
import type { Pacer } from '../clock/pacer.ts';
import type { ThreadRecorder } from '../recorder/thread-recorder.ts';
import type { CompiledScenario } from '../model/compiled-run.ts';
import type { PartOfRun } from '../model/run-options.ts';
import type { UserLevels } from '../model/thread-interval.ts';
import type { ScenarioUser } from '../user/scenario-user.ts';

/** What an executor works with, in one thread. */
export interface ExecutorContext {
  readonly scenario: CompiledScenario;
  readonly clock: Clock;
  readonly pacer: Pacer;
  readonly recorder: ThreadRecorder;
  /** This thread's place among the threads of all parts of the run, and their number: place j of n takes users and arrivals j mod n. */
  readonly thread: number;
  readonly threads: number;
  /** What this process makes of the run; `shared` is of this part. */
  readonly part: PartOfRun;
  readonly seed: number;
  /** Counts that the threads share. */
  readonly shared: SharedCounts;
  /** @param id 1-based, unique in the run */
  createUser(id: number): ScenarioUser;
}

/** How a number of users is reached. */
export interface UserRamp {
  /** Users over the threads of all parts at its start. */
  readonly from: number;
  /** Users that start or stop per second, over the same threads. */
  readonly perSecond: number;
  /** Clock time of its start; before the executor's start: that. */
  readonly atMs: number;
}

/** A running executor in one thread. */
export interface RunningExecutor extends UserLevels {
  /** Milliseconds by which pauses so far postpone its end; 0 if pauses do not postpone it. */
  readonly extensionMs: number;
  /** Before the clock starts: runs `onStart` of pre-allocated users. Rejects where one exceeds its time limit. */
  prepare(): Promise<void>;
  /** Begins; resolves when the last iteration has ended. @param startMs clock time of offset 0 */
  run(startMs: number): Promise<void>;
  /** Starts no further iterations. */
  stop(): void;
  /** Interrupts iterations in flight. */
  interrupt(): void;
  pause(): void;
  resume(): void;
  /**
   * Sets the number of users over the threads of all parts. False if it cannot be set: another kind of executor, or one that has ended.
   * @param ramp @default at once
   */
  setUsers(users: number, ramp?: UserRamp): boolean;
  /** Sets iterations per time unit over the same threads, from a clock time on. False as of `setUsers`. */
  setRate(rate: number, atMs: number): boolean;
}

/** Counts of one scenario that its executors in all threads share, in shared memory. */
export class SharedCounts {
  static readonly LENGTH = 4;
  readonly #cells: Int32Array;

  constructor(cells: Int32Array = new Int32Array(new SharedArrayBuffer(SharedCounts.LENGTH * 4))) {
    this.#cells = cells;
  }

  /** With a position for each feeder of a scenario; a feeder uses that of the first scenario that declares it. */
  static of({ definition }: CompiledScenario): SharedCounts {
    const feeders = definition.feeders?.length ?? 0;
    return new SharedCounts(new Int32Array(new SharedArrayBuffer((SharedCounts.LENGTH + feeders) * 4)));
  }

  get cells(): Int32Array {
    return this.#cells;
  }

  /** Takes one of `limit` slots; false if all are taken. */
  enter(limit: number): boolean {
    if (Atomics.add(this.#cells, 0, 1) < limit) return true;
    Atomics.sub(this.#cells, 0, 1);
    return false;
  }

  leave(): void {
    Atomics.sub(this.#cells, 0, 1);
  }

  /** Changes of the rate that have been announced to the threads. */
  get changes(): number {
    return Atomics.load(this.#cells, 2);
  }

  /** Call after the change has been sent to every thread, and before it takes effect. */
  announceChange(): void {
    Atomics.add(this.#cells, 2, 1);
  }

  /** The next number of an iteration that asks for one. */
  numberIteration(): number {
    return Atomics.add(this.#cells, 3, 1);
  }

  /** The next number of a feeder. @param place among the feeders of the scenario */
  nextRow(place: number): number {
    return Atomics.add(this.#cells, SharedCounts.LENGTH + place, 1) >>> 0;
  }

  hasIterations(total: number): boolean {
    return Atomics.load(this.#cells, 1) < total;
  }

  /** Takes the next of `total` iterations; false when none is left. */
  takeIteration(total: number): boolean {
    if (Atomics.add(this.#cells, 1, 1) < total) return true;
    Atomics.sub(this.#cells, 1, 1);
    return false;
  }
}

/** The id in the run of a thread's user with this number. */
export function userId(number: number, thread: number, threads: number): number {
  return number * threads + thread + 1;
}
