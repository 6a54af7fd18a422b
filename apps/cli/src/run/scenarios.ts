import type {
  ExecutorOptions,
  ScenarioDefinition,
  ScenarioModule,
  SuiteContext,
  SuiteDefinition,
  SuiteScenario,
} from '@jarvis-load/engine';
import { usageError } from '../cli-error.ts';
import { oneOf } from '../did-you-mean.ts';
import type { SourceName } from '../options/flag.ts';
import { createScenarios, DEFAULT_SUITE, suiteNamed, type CliSuite } from '../suites/suites.ts';
import { executorsFor } from './executors-for.ts';
import type { LoadShape } from './load-shape.ts';

/** The requested scenarios; by default those marked in the suite. */
export function chooseScenarios(
  names: readonly string[] | undefined,
  source: SourceName = '--scenario',
  suite: CliSuite = DEFAULT_SUITE,
): readonly SuiteScenario[] {
  const all: readonly SuiteScenario[] = suite.scenarios;
  if (names === undefined) return all.filter(({ byDefault = true }) => byDefault);
  const known: readonly string[] = [...all.map((entry) => entry.name), 'all'];
  for (const name of names)
    if (!known.includes(name))
      throw usageError('scenario', `${source}: unknown scenario "${name}"`, oneOf(name, known));
  if (names.includes('all')) return all;
  return names.flatMap((name) => all.filter((entry) => entry.name === name));
}

/** A scenario with its load. */
export type PlannedScenario = SuiteDefinition & Required<Pick<ScenarioDefinition, 'executor'>>;

/**
 * Everything needed to create the scenarios, as plain data: each thread creates its own, because functions cannot be
 * sent to a thread.
 */
export interface ScenarioRecipe {
  /** Name of the suite. */
  readonly suite: string;
  readonly scenarios: readonly string[];
  readonly context: SuiteContext<unknown>;
  /** One for each scenario. */
  readonly executors: readonly ExecutorOptions[];
  /** Without the thresholds of the scenarios. */
  readonly once: boolean;
}

/** The recipe of scenarios with the load that the shape gives each. */
export function recipeFor(
  suite: CliSuite,
  scenarios: readonly string[],
  context: SuiteContext<unknown>,
  shape: LoadShape,
): ScenarioRecipe {
  const demands = createScenarios(suite, scenarios, context).map(({ demand }) => demand);
  return {
    suite: suite.name,
    scenarios,
    context,
    executors: executorsFor(shape, demands),
    once: shape.kind === 'once',
  };
}

/** Creates the scenarios of a recipe, in any thread. */
export function planScenarios(recipe: ScenarioRecipe): readonly PlannedScenario[] {
  const scenarios = createScenarios(suiteNamed(recipe.suite), recipe.scenarios, recipe.context);
  return scenarios.map((scenario, index) => {
    const planned = { ...scenario, executor: recipe.executors[index]! };
    return recipe.once ? { ...planned, thresholds: {} } : planned;
  });
}

/** The same scenarios as a module reference, for runs with more than one thread. */
export function scenarioModule(recipe: ScenarioRecipe): ScenarioModule {
  return { module: import.meta.url, export: planScenarios.name, options: recipe };
}
