import type { Operation, MetricDeclaration, ScenarioDefinition } from './scenario.ts';
import type { ResolvedExecutor, UnknownExecutor } from './resolved-executor.ts';

/** An operation of one scenario, with its place in every per-operation array of the run. */
export interface CompiledOperation {
  readonly index: number;
  readonly scenarioIndex: number;
  readonly scenario: string;
  readonly operation: Operation;
}

/** A scenario that has been checked, with everything looked up that a request needs. */
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

/** What a run consists of. */
export interface CompiledRun<Executor = ResolvedExecutor, Planned = number> {
  readonly scenarios: readonly CompiledScenario<Executor>[];
  /** Every operation of every scenario. */
  readonly operations: readonly CompiledOperation[];
  /** From the start to the moment after which no iteration starts, in milliseconds. */
  readonly plannedDurationMs: Planned;
}

/** A run as it is recorded and reported: of ours, or of another tool that does not say what it planned. */
export type RecordedRun = CompiledRun<ResolvedExecutor | UnknownExecutor, number | null>;

/** A scenario of it. */
export type RecordedScenario = RecordedRun['scenarios'][number];
