import type { ScenarioDefinition } from '@jarvis-load/engine';
import {
  SCENARIOS,
  scenarioByName,
  type Credentials,
  type Dialect,
  type JarvisScenario,
  type ScenarioEntry,
} from '@jarvis-load/jarvis';
import { resolveSettings as resolveScenarioSettings } from '@jarvis-load/jarvis';
import { usageError } from '../cli-error.ts';
import { oneOf } from '../did-you-mean.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import { executorFor, type LoadShape } from './load-shape.ts';

/** The scenarios that were asked for; by default those that the catalog names. */
export function chooseScenarios(names: readonly string[] | undefined): readonly ScenarioEntry[] {
  if (names === undefined) return SCENARIOS.filter((entry) => entry.byDefault);
  const known = SCENARIOS.map((entry) => entry.name);
  if (names.includes('all')) return SCENARIOS;
  return names.map((name) => {
    if (!(known as readonly string[]).includes(name))
      throw usageError('scenario', `--scenario: unknown scenario "${name}"`, oneOf(name, [...known, 'all']));
    return scenarioByName(name);
  });
}

/** What scenarios are made with. */
export interface ScenarioContext {
  readonly dialect: Dialect;
  readonly credentials: Credentials;
  readonly runId: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** A scenario of the catalog with its load. */
export type PlannedScenario = JarvisScenario & Required<Pick<ScenarioDefinition, 'executor'>>;

/** One token for all, or a login each: several accounts are of no use to one login. */
export function identityOf(settings: LoadSettings, credentials: Credentials): 'shared' | 'per-user' {
  if (settings.identity !== undefined) return settings.identity;
  return 'accounts' in credentials && credentials.accounts.length > 1 ? 'per-user' : 'shared';
}

/** Makes the scenarios for a dialect, and gives each its load. */
export function planScenarios(
  entries: readonly ScenarioEntry[],
  shape: LoadShape,
  settings: LoadSettings,
  context: ScenarioContext,
): readonly PlannedScenario[] {
  const { dialect, credentials, runId } = context;
  return entries.map((entry) => {
    const scenario = entry.create({
      dialect,
      credentials,
      runId,
      identity: identityOf(settings, credentials),
      settings: resolveScenarioSettings(context.settings),
    });
    const planned = { ...scenario, executor: executorFor(shape, scenario.demand) };
    return shape.kind === 'once' ? { ...planned, thresholds: {} } : planned;
  });
}
