import type { GoodStream, StreamEvent, StreamFormat, StreamPart } from './stream.ts';
import type { Operation, MetricDeclaration, ScenarioDefinition } from './scenario.ts';
import type { ResolvedExecutor, UnknownExecutor } from './resolved-executor.ts';

/*
 * A run as `compileRun` has checked and numbered it. It holds functions: each thread compiles its own from the same scenarios.
 *
 * Must hold: `index` is the position in `scenarios` or `operations` of the run, and every array by scenario or operation has
 * this order. A reader of another tool's output appends to both lists while it reads; what has an index keeps it.
 */

/** How the streamed responses of an operation are read, with every default filled in. */
export interface CompiledStream {
  readonly format: StreamFormat;
  decode(event: StreamEvent): StreamPart | readonly StreamPart[] | undefined;
  readonly endsWith: 'done' | 'close';
  readonly idleTimeoutMs: number;
  /** Whether a stream meets the objectives; undefined: there are none. */
  readonly good: GoodStream | undefined;
}

/** An operation of one scenario, with its index in the per-operation arrays of the run. */
export interface CompiledOperation {
  readonly index: number;
  readonly scenarioIndex: number;
  readonly scenario: string;
  readonly operation: Operation;
  /** Undefined: its responses are not streamed. */
  readonly stream?: CompiledStream | undefined;
}

/** A validated scenario with the lookup tables that requests need. */
export interface CompiledScenario<Executor = ResolvedExecutor> {
  readonly index: number;
  readonly name: string;
  readonly definition: ScenarioDefinition;
  readonly executor: Executor;
  readonly operations: ReadonlyMap<string, CompiledOperation>;
  readonly metrics: ReadonlyMap<string, MetricDeclaration>;
  /** Upper ends of the tasks' shares of [0, 1), in order; empty for a journey. */
  readonly taskShares: readonly number[];
}

/** The validated scenarios and operations of a run. */
export interface CompiledRun<Executor = ResolvedExecutor, Planned = number> {
  readonly scenarios: readonly CompiledScenario<Executor>[];
  /** Every operation of every scenario. */
  readonly operations: readonly CompiledOperation[];
  /** From the start to the moment after which no iteration starts, in milliseconds. */
  readonly plannedDurationMs: Planned;
}

/** A run as recorded and reported: of this engine, or of another tool whose output does not contain the plan. */
export type RecordedRun = CompiledRun<ResolvedExecutor | UnknownExecutor, number | null>;

export type RecordedScenario = RecordedRun['scenarios'][number];
