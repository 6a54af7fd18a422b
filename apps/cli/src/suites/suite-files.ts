import type { SettingTexts, SuiteScenario } from '@jarvis-load/engine';
import type { SuiteFiles } from '@jarvis-load/jarvis/openai-suite';
import { promptsFor } from './read-prompts.ts';
import { recordingsFor } from './read-recordings.ts';

/** What scenarios of the built-in suites need from files. @throws CliError exit 2 */
export function filesFor(scenarios: readonly SuiteScenario[], settings: SettingTexts): SuiteFiles {
  return {
    recordings: recordingsFor(
      scenarios.map(({ name }) => name),
      settings,
    ),
    prompts: promptsFor(settings),
  };
}
