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

/** The scenarios that were asked for; by default those that the catalog names. */
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

/** One token for all, or a login each: several accounts are of no use to one login. */
export function identityOf(settings: LoadSettings, credentials: Credentials): 'shared' | 'per-user' {
  if (settings.identity !== undefined) return settings.identity;
  return 'accounts' in credentials && credentials.accounts.length > 1 ? 'per-user' : 'shared';
}

/** All that scenarios are made of, as plain data: each thread makes them for itself, since code cannot be sent to one. */
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

/** Makes the scenarios for a dialect, and gives each its load. */
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

/** The same scenarios by where their code is, for more than one thread. */
export function scenarioModule(recipe: ScenarioRecipe): ScenarioModule {
  return { module: import.meta.url, export: planScenarios.name, options: recipe };
}
