import { usageError } from '../cli-error.ts';
import { oneOf } from '../did-you-mean.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import { isTyped, writtenAs } from '../options/resolve-settings.ts';
import { objectiveSetsOf, suiteNamed } from '../suites/suites.ts';
import type { CliSuite } from '../suites/cli-suite.ts';
import { splitSettings } from '../target/mock-settings.ts';
import { openFile } from '../test-file/open-file.ts';
import { chooseScenarios } from './scenarios.ts';
import type { ChosenTests } from './chosen-tests.ts';

/**
 * Chooses the scenarios and reads what they need.
 *
 * @param file a test file, as the person named it; empty: a built-in suite
 * @throws CliError exit 2 for an unknown scenario or setting, or a file that cannot be used
 */
export async function chooseTests(settings: LoadSettings, cwd: string, file = ''): Promise<ChosenTests> {
  if (file === '') return testsOf(suiteNamed(settings.suite), settings, cwd);
  if (settings.suite !== undefined && isTyped(settings, 'suite'))
    throw usageError('flag-conflict', `--suite and ${file} contradict each other`, 'one of them');
  return testsOf(await openFile(file, settings, cwd), settings, cwd);
}

/**
 * Chooses from a suite.
 *
 * @param names scenarios in place of those of the settings
 * @throws CliError exit 2
 */
export function testsOf(
  suite: CliSuite,
  settings: LoadSettings,
  cwd: string,
  names: readonly string[] | undefined = settings.scenario,
): ChosenTests {
  const scenarios = chooseScenarios(names, writtenAs(settings, 'scenario'), suite);
  const { scenario, mock } = splitSettings(settings, cwd, suite);
  requireObjectives(settings, suite);
  return {
    suite,
    scenarios,
    settings: scenario,
    files: suite.readFiles?.(scenarios, scenario),
    mockSettings: mock,
  };
}

/** Refuses a set of objectives that the suite does not have. @throws CliError exit 2 */
export function requireObjectives(settings: Pick<LoadSettings, 'objectives'>, suite: CliSuite): void {
  const sets = [...objectiveSetsOf(suite), 'none'];
  if (settings.objectives === undefined || sets.includes(settings.objectives)) return;
  throw usageError(
    'objectives',
    `${writtenAs(settings, 'objectives')}: unknown set of objectives "${settings.objectives}"`,
    oneOf(settings.objectives, sets),
  );
}
