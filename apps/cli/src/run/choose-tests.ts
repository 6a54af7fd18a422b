import type { SettingTexts, SuiteScenario } from '@jarvis-load/engine';
import type { LoadSettings } from '../options/load-settings.ts';
import { writtenAs } from '../options/resolve-settings.ts';
import { DEFAULT_SUITE, type CliSuite } from '../suites/suites.ts';
import { splitSettings } from '../target/mock-settings.ts';
import { chooseScenarios } from './scenarios.ts';

/** What a run will do, chosen and checked before a target is contacted. */
export interface ChosenTests {
  readonly suite: CliSuite;
  readonly scenarios: readonly SuiteScenario[];
  /** Settings of the scenarios. */
  readonly settings: SettingTexts;
  /** What the suite read from files. */
  readonly files: unknown;
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
  const suite = DEFAULT_SUITE;
  const scenarios = chooseScenarios(names, writtenAs(settings, 'scenario'), suite);
  const split = splitSettings(settings.set, settings.target === 'mock', cwd, writtenAs(settings, 'set'));
  return {
    suite,
    scenarios,
    settings: split.scenario,
    files: suite.readFiles?.(scenarios, split.scenario),
    mockSettings: split.mock,
  };
}
