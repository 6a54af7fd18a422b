import type { ScenarioDefinition, ScenarioModule } from '@jarvis-load/engine';
import {
  dialectById,
  SCENARIOS,
  scenarioByName,
  type Credentials,
  type Dialect,
  type JarvisScenario,
  type Recording,
  type ScenarioEntry,
} from '@jarvis-load/jarvis';
import { resolveSettings as resolveScenarioSettings } from '@jarvis-load/jarvis';
import { usageError } from '../cli-error.ts';
import { oneOf } from '../did-you-mean.ts';
import type { SourceName } from '../options/flag.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import { executorsFor } from './executors-for.ts';
import type { LoadShape } from './load-shape.ts';

/** The requested scenarios; by default those marked in the catalog. */
export function chooseScenarios(
  names: readonly string[] | undefined,
  source: SourceName = '--scenario',
): readonly ScenarioEntry[] {
  if (names === undefined) return SCENARIOS.filter((entry) => entry.byDefault);
  const known: readonly string[] = [...SCENARIOS.map((entry) => entry.name), 'all'];
  for (const name of names)
    if (!known.includes(name))
      throw usageError('scenario', `${source}: unknown scenario "${name}"`, oneOf(name, known));
  return names.includes('all') ? SCENARIOS : names.map((name) => scenarioByName(name));
}

/** A scenario of the catalog with its load. */
export type PlannedScenario = JarvisScenario & Required<Pick<ScenarioDefinition, 'executor'>>;

/** One login for all users, or one each; several accounts imply one each, because a single login uses only one. */
export function identityOf(settings: LoadSettings, credentials: Credentials): 'shared' | 'per-user' {
  if (settings.identity !== undefined) return settings.identity;
  return 'accounts' in credentials && credentials.accounts.length > 1 ? 'per-user' : 'shared';
}

/**
 * Everything needed to create the scenarios, as plain data: each thread creates its own, because functions cannot be
 * sent to a thread.
 */
export interface ScenarioRecipe {
  readonly scenarios: readonly ScenarioEntry['name'][];
  readonly dialect: Dialect['id'];
  readonly credentials: Credentials;
  readonly identity: 'shared' | 'per-user';
  readonly runId: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly recordings: readonly Recording[];
  readonly shape: LoadShape;
}

/** Creates the scenarios for a dialect and assigns the load to them. */
export function planScenarios(recipe: ScenarioRecipe): readonly PlannedScenario[] {
  const { credentials, identity, runId, shape } = recipe;
  const scenarios = recipe.scenarios.map((name) =>
    scenarioByName(name).create({
      dialect: dialectById(recipe.dialect),
      credentials,
      runId,
      identity,
      settings: resolveScenarioSettings(recipe.settings),
      recordings: recipe.recordings,
    }),
  );
  const executors = executorsFor(
    shape,
    scenarios.map(({ demand }) => demand),
  );
  return scenarios.map((scenario, index) => {
    const planned = { ...scenario, executor: executors[index]! };
    return shape.kind === 'once' ? { ...planned, thresholds: {} } : planned;
  });
}

/** The same scenarios as a module reference, for runs with more than one thread. */
export function scenarioModule(recipe: ScenarioRecipe): ScenarioModule {
  return { module: import.meta.url, export: planScenarios.name, options: recipe };
}
