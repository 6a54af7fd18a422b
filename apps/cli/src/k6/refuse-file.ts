import type { ScenarioDefinition } from '@jarvis-load/engine';
import { usageError, type CliError } from '../cli-error.ts';
import { chooseTests } from '../run/choose-tests.ts';
import { createScenarios } from '../suites/suites.ts';

/** Whether the argument of `k6` names a file and not a test of the suite. */
export function isTestFile(name: string): boolean {
  return /[/\\]|\.[mc]?[jt]sx?$/i.test(name);
}

/**
 * The error for a test file in k6, with what of the file k6 itself could not do. A mistake in the file is reported
 * instead.
 */
export async function refuseFile(file: string, cwd: string): Promise<CliError> {
  const { suite } = await chooseTests({}, cwd, file);
  const names = suite.scenarios.map(({ name }) => name);
  const scenarios = createScenarios(suite, names, {
    facts: undefined,
    credentials: undefined,
    identity: 'shared',
    runId: 'k6',
    settings: {},
    files: undefined,
  });
  const beyond = scenarios.flatMap((scenario) => beyondK6(scenario));
  return usageError(
    'k6-file',
    `k6 ${file}: test files of your own run in this engine only, not in k6`,
    beyond.length === 0
      ? 'a test of the suite, such as chat'
      : `a test of the suite, such as chat. Beyond k6 in this file: ${beyond.join('; ')}`,
    `npx jarvis-load load ${/[/\\]/.test(file) ? file : `./${file}`}`,
  );
}

/** What a scenario declares that the user in k6 (`K6User`) refuses. */
function beyondK6({ name, operations, feeders = [], bases = {} }: ScenarioDefinition): readonly string[] {
  const of = (what: string, having: readonly string[]): readonly string[] =>
    having.length === 0 ? [] : [`${what} (${name}: ${having.join(', ')})`];
  const namesOf = (
    has: (operation: ScenarioDefinition['operations'][number]) => boolean,
  ): readonly string[] => operations.filter(has).map((operation) => operation.name);
  return [
    ...of(
      'streamed answers',
      namesOf(({ stream }) => stream !== undefined),
    ),
    ...of(
      'schemas of answers',
      namesOf(({ answer }) => answer !== undefined),
    ),
    ...of('several base addresses', Object.keys(bases)),
    ...(feeders.length === 0 ? [] : [`feeders (${name})`]),
  ];
}
