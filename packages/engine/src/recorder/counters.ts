import { OUTCOMES } from '../outcome.ts';
import type { ScenarioCounts } from '../model/snapshot-part.ts';

/*
 * Must hold:
 * - `SCENARIO_COUNTERS` has every name of `ScenarioCounts` (the compiler checks only that it has no other): threads count, and
 *   records are read, by this list.
 * - One thread writes an array; others only read it, such as after its death. The layout is not persisted.
 */

/** Cumulative counts of a scenario. */
export const SCENARIO_COUNTERS = [
  'planned',
  'started',
  'completed',
  'failed',
  'dropped',
  'interrupted',
  /** Completed, but with requests or waits that its code did not await. */
  'notAwaited',
  'startTimeouts',
] as const satisfies readonly (keyof ScenarioCounts)[];
export type ScenarioCounter = keyof ScenarioCounts;

/** Index of each count within a scenario's part of the array. */
export const SCENARIO_SLOT = Object.fromEntries(
  SCENARIO_COUNTERS.map((name, index) => [name, index]),
) as Readonly<Record<ScenarioCounter, number>>;

/** Indexes within an operation's part: outcomes in order, interrupted requests, launched requests. */
export const OUTCOME_COUNT = OUTCOMES.length;
export const INTERRUPTED_SLOT = OUTCOME_COUNT;
const LAUNCHED_SLOT = OUTCOME_COUNT + 1;
const OPERATION_SLOTS = OUTCOME_COUNT + 2;

/**
 * One flat array of cumulative counts per thread. Over shared memory the counts survive the death of the thread that
 * wrote them; it has one writer, so plain stores suffice.
 */
export class CounterLayout {
  readonly length: number;
  readonly #operationsStart: number;

  constructor(scenarios: number, operations: number) {
    this.#operationsStart = scenarios * SCENARIO_COUNTERS.length;
    this.length = this.#operationsStart + operations * OPERATION_SLOTS;
  }

  scenario(index: number): number {
    return index * SCENARIO_COUNTERS.length;
  }

  operation(index: number): number {
    return this.#operationsStart + index * OPERATION_SLOTS;
  }

  launched(index: number): number {
    return this.operation(index) + LAUNCHED_SLOT;
  }

  /** Final counts of a thread that died: its in-flight iterations and requests count as interrupted. */
  closed(counters: Float64Array, scenarios: number, operations: number): Float64Array {
    const closed = counters.slice();
    for (let index = 0; index < scenarios; index++) {
      const start = this.scenario(index);
      const { planned, completed, failed, dropped, interrupted } = SCENARIO_SLOT;
      const ended = [completed, failed, dropped, interrupted].reduce(
        (sum, slot) => sum + closed[start + slot]!,
        0,
      );
      closed[start + interrupted]! += closed[start + planned]! - ended;
    }
    for (let index = 0; index < operations; index++) {
      const start = this.operation(index);
      let ended = 0;
      for (let slot = 0; slot <= INTERRUPTED_SLOT; slot++) ended += closed[start + slot]!;
      closed[start + INTERRUPTED_SLOT]! += closed[start + LAUNCHED_SLOT]! - ended;
    }
    return closed;
  }

  /** A new array of zeros that other threads can read. */
  allocate(): Float64Array {
    return new Float64Array(new SharedArrayBuffer(this.length * Float64Array.BYTES_PER_ELEMENT));
  }
}
