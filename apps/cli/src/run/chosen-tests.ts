import type { SettingTexts, SuiteScenario } from '@jarvis-load/engine';
import type { CliSuite } from '../suites/cli-suite.ts';

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
