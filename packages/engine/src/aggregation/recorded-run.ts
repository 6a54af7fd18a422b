import type { CompiledOperation, CompiledRun, CompiledScenario } from '../model/compiled-run.ts';
import type { RunInfo, ScenarioInfo } from '../model/run-info.ts';
import type { MetricDeclaration } from '../model/scenario.ts';

/** The part of a `RunInfo` that names things. */
export type RunNames = Pick<RunInfo, 'scenarios' | 'operations' | 'metrics' | 'plannedDurationMs'>;

/**
 * The run as its record numbers it: scenarios and operations in the order of the `RunInfo`, without code.
 *
 * Must hold:
 * - That order is the one of `compileRun`: the measures of the threads are added to those of the record by index.
 * - A field of a scenario that judging or the document needs is written in `coordination/run-basis.ts` and copied here.
 */
export function recordedRun({ scenarios, operations, metrics, plannedDurationMs }: RunNames): CompiledRun {
  const indexes = new Map(scenarios.map(({ name }, index) => [name, index]));
  const all = operations.map(({ scenario, operation: name, ...rest }, index): CompiledOperation => ({
    index,
    scenarioIndex: indexes.get(scenario)!,
    scenario,
    operation: { name, ...rest },
  }));
  return {
    scenarios: scenarios.map((info, index) => {
      const own = all.filter(({ scenario }) => scenario === info.name);
      const declared = metrics.flatMap(({ name, kind, unit, scenarios: owners }): MetricDeclaration[] =>
        owners.includes(info.name) ? [{ name, kind, ...(unit === undefined ? {} : { unit }) }] : [],
      );
      return scenarioOf(info, index, own, declared);
    }),
    operations: all,
    plannedDurationMs: plannedDurationMs ?? Number.POSITIVE_INFINITY,
  };
}

function scenarioOf(
  { name, description, executor, tags, demand, thresholds, requestTags }: ScenarioInfo,
  index: number,
  operations: readonly CompiledOperation[],
  metrics: readonly MetricDeclaration[],
): CompiledScenario {
  return {
    index,
    name,
    definition: {
      name,
      operations: operations.map(({ operation }) => operation),
      ...(description === undefined ? {} : { description }),
      tags,
      ...(demand === undefined ? {} : { demand }),
      thresholds,
      ...(requestTags === undefined ? {} : { requestTags }),
    },
    executor,
    operations: new Map(operations.map((each) => [each.operation.name, each])),
    metrics: new Map(metrics.map((each) => [each.name, each])),
    taskShares: [],
  };
}
