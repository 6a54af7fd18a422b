import { OUTCOMES } from '../outcome.ts';

/** Cumulative counts of a scenario. */
export const SCENARIO_COUNTERS = [
  'planned',
  'started',
  'completed',
  'failed',
  'dropped',
  'interrupted',
] as const;
export type ScenarioCounter = (typeof SCENARIO_COUNTERS)[number];

/** Place of each count within a scenario's part of the array. */
export const SCENARIO_SLOT = Object.fromEntries(
  SCENARIO_COUNTERS.map((name, index) => [name, index]),
) as Readonly<Record<ScenarioCounter, number>>;

/** Places within an operation's part: the outcomes in order, then interrupted requests. */
export const OUTCOME_COUNT = OUTCOMES.length;
export const INTERRUPTED_SLOT = OUTCOME_COUNT;
const OPERATION_SLOTS = OUTCOME_COUNT + 1;

/**
 * One flat array of cumulative counts per thread. Over shared memory the counts survive the death of the thread that
 * wrote them; nobody else writes, so plain stores suffice.
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

  /** A new array of zeros that other threads can read. */
  allocate(): Float64Array {
    return new Float64Array(new SharedArrayBuffer(this.length * Float64Array.BYTES_PER_ELEMENT));
  }
}
