import { EngineError } from '../errors.ts';
import { resolveExecutor } from '../executors/resolve-executor.ts';
import { taskShares } from '../plan/iteration-rules.ts';
import { compileStream } from '../streams/compile-stream.ts';
import { show } from '../show.ts';
import { checkReplays } from './check-replays.ts';
import { checkScenario } from '../input/scenario-rules.ts';
import type { MetricDeclaration, ScenarioDefinition } from '../model/scenario.ts';
import type { CompiledOperation, CompiledScenario, CompiledRun } from '../model/compiled-run.ts';

/**
 * Checks the scenarios and numbers their operations.
 *
 * Must hold:
 * - It depends on the definitions alone, and on the files of arrivals that they name: each thread compiles them for itself, and
 *   counters, measures and messages name scenarios and operations by these numbers.
 * - Thresholds are not checked here: `ThresholdJudge` does that.
 *
 * @throws EngineError `invalid-scenario`, `invalid-option`
 */
export function compileRun(definitions: readonly ScenarioDefinition[]): CompiledRun {
  if (!Array.isArray(definitions)) {
    throw new EngineError(
      'invalid-scenario',
      `scenarios is ${show(definitions)}; expected a list of scenarios.`,
    );
  }
  if (definitions.length === 0) {
    throw new EngineError('invalid-scenario', 'scenarios is empty; expected at least one scenario to run.');
  }
  const operations: CompiledOperation[] = [];
  const seen = new Set<string>();
  const scenarios = Array.from(definitions, (definition: ScenarioDefinition, index) => {
    checkScenario(definition, index + 1);
    if (seen.has(definition.name)) {
      throw new EngineError(
        'invalid-scenario',
        `two scenarios are named "${definition.name}"; expected unique names: rename one of them.`,
      );
    }
    seen.add(definition.name);
    return compileScenario(definition, index, operations);
  });
  checkReplays(scenarios);
  const plannedDurationMs = Math.max(
    ...scenarios.map(({ executor }) => executor.startTimeMs + executor.plannedDurationMs),
  );
  return { scenarios, operations, plannedDurationMs };
}

function compileScenario(
  definition: ScenarioDefinition,
  index: number,
  all: CompiledOperation[],
): CompiledScenario {
  const { name } = definition;
  const fail = (message: string): never => {
    throw new EngineError('invalid-scenario', `scenario "${name}": ${message}`);
  };
  const operations = new Map<string, CompiledOperation>();
  for (const operation of definition.operations) {
    if (operations.has(operation.name)) fail(`declares operation "${operation.name}" twice.`);
    const { base } = operation;
    if (base !== undefined && !Object.hasOwn(definition.bases ?? {}, base)) {
      const known = Object.keys(definition.bases ?? {}).join(', ') || 'none';
      fail(`operation "${operation.name}" has base ${show(base)}; expected one of bases: ${known}.`);
    }
    const compiled: CompiledOperation = {
      index: all.length,
      scenarioIndex: index,
      scenario: name,
      operation,
      stream: compileStream(operation, `scenario "${name}": operation "${operation.name}"`),
    };
    operations.set(operation.name, compiled);
    all.push(compiled);
  }
  const metrics = new Map<string, MetricDeclaration>();
  for (const metric of definition.metrics ?? []) {
    if (metrics.has(metric.name)) fail(`declares metric "${metric.name}" twice.`);
    metrics.set(metric.name, metric);
  }
  return {
    index,
    name,
    definition,
    executor: resolveExecutor(definition.executor!, name, definition.operations),
    operations,
    metrics,
    taskShares: taskShares(definition.tasks ?? []),
  };
}
