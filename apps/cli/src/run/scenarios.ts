/**
 * Which scenarios run, and the recipe from which each thread makes them.
 *
 * Must hold: a recipe is plain data, and every thread makes the same scenarios of it, in the same order. A thread finds
 * `scenariosOfThread` by this module and its name.
 */
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
import { createScenarios, suiteNamed } from '../suites/suites.ts';
import type { CliSuite } from '../suites/cli-suite.ts';
import { fileSuite } from '../test-file/file-suite.ts';
import type { FileOrigin } from '../suites/cli-suite.ts';
import { loadFile } from '../test-file/load-file.ts';
import { executorsFor } from './executors-for.ts';
import type { LoadShape } from './load-shape.ts';

/** The requested scenarios; by default those with `byDefault`; for `all` every one but those that run only by name. */
export function chooseScenarios(
  names: readonly string[] | undefined,
  source: SourceName,
  suite: CliSuite,
): readonly SuiteScenario[] {
  const all: readonly SuiteScenario[] = suite.scenarios;
  if (names === undefined) return all.filter(({ byDefault = true }) => byDefault);
  const known: readonly string[] = [...all.map((entry) => entry.name), 'all'];
  for (const name of names)
    if (!known.includes(name))
      throw usageError('scenario', `${source}: unknown scenario "${name}"`, oneOf(name, known));
  if (names.includes('all'))
    return all.filter(({ name, onlyByName = false }) => !onlyByName || names.includes(name));
  return names.flatMap((name) => all.filter((entry) => entry.name === name));
}

/** A scenario with its load. */
export type PlannedScenario = SuiteDefinition & Required<Pick<ScenarioDefinition, 'executor'>>;

/**
 * Everything needed to create the scenarios, as plain data: each thread creates its own, because functions cannot be
 * sent to a thread.
 */
export interface ScenarioRecipe {
  /** Of the test file; undefined for a built-in suite. */
  readonly origin: FileOrigin | undefined;
  /** Name of the suite. */
  readonly suite: string;
  readonly scenarios: readonly string[];
  readonly context: SuiteContext<unknown>;
  /** One for each scenario; undefined: its own. */
  readonly executors: readonly (ExecutorOptions | undefined)[];
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
  const definitions = createScenarios(suite, scenarios, context);
  const executors = executorsFor(
    shape,
    definitions.map(({ demand }) => demand),
  );
  return {
    origin: suite.origin,
    suite: suite.name,
    scenarios,
    context,
    // The executor that a scenario itself defines may hold functions, which cannot be sent to a thread: each thread takes its own.
    executors: executors.map((executor, index) =>
      executor === definitions[index]?.executor ? undefined : executor,
    ),
    once: shape.kind === 'once',
  };
}

/** The scenarios of a recipe with their load. */
export function planScenarios(suite: CliSuite, recipe: ScenarioRecipe): readonly PlannedScenario[] {
  return createScenarios(suite, recipe.scenarios, recipe.context).map((scenario, index) => {
    const planned = { ...scenario, executor: recipe.executors[index] ?? scenario.executor! };
    return recipe.once ? { ...planned, thresholds: {} } : planned;
  });
}

/** Makes the scenarios of a recipe in another thread. */
export async function scenariosOfThread(recipe: ScenarioRecipe): Promise<readonly PlannedScenario[]> {
  const { origin } = recipe;
  const suite =
    origin === undefined ? suiteNamed(recipe.suite) : await fileSuite(await loadFile(origin.file), origin);
  return planScenarios(suite, recipe);
}

/** The same scenarios as a module reference, for runs with more than one thread. */
export function scenarioModule(recipe: ScenarioRecipe): ScenarioModule {
  return { module: import.meta.url, export: scenariosOfThread.name, options: recipe };
}
