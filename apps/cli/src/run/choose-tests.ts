import type { Recording, ScenarioEntry } from '@jarvis-load/jarvis';
import type { LoadSettings } from '../options/load-settings.ts';
import { writtenAs } from '../options/resolve-settings.ts';
import { splitSettings } from '../target/mock-settings.ts';
import { recordingsFor } from '../voice/read-recordings.ts';
import { chooseScenarios } from './scenarios.ts';

/** What a run will do, chosen and checked before a target is contacted. */
export interface ChosenTests {
  readonly entries: readonly ScenarioEntry[];
  /** Settings of the scenarios, as text. */
  readonly settings: Readonly<Record<string, string>>;
  readonly recordings: readonly Recording[];
  /** Settings for the mock, for `openTarget`. */
  readonly mockSettings: readonly string[];
}

/**
 * Chooses the scenarios and reads what they need.
 * @param names scenarios in place of those of the settings
 * @throws CliError exit 2 for an unknown scenario or setting, or a file that cannot be used
 */
export function chooseTests(
  settings: Pick<LoadSettings, 'scenario' | 'set' | 'target'>,
  cwd: string,
  names: readonly string[] | undefined = settings.scenario,
): ChosenTests {
  const entries = chooseScenarios(names, writtenAs(settings, 'scenario'));
  const split = splitSettings(settings.set, settings.target === 'mock', cwd, writtenAs(settings, 'set'));
  return {
    entries,
    settings: split.scenario,
    recordings: recordingsFor(entries, split.scenario),
    mockSettings: split.mock,
  };
}
