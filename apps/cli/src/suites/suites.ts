import type {
  LimitAdviser,
  Objective,
  ScenarioDefinition,
  Suite,
  SuiteContext,
  SuiteDefinition,
  SuiteProfile,
  SuiteScenario,
} from '@jarvis-load/engine';
import { jarvis } from './jarvis.ts';
import { openAi } from './openai.ts';
import { STANDARD_PROFILES } from './standard-profiles.ts';
import type { CliSuite } from './cli-suite.ts';

/** Every suite with a name; the first is used when neither a suite nor a test file is given. */
export const SUITES: readonly [CliSuite, ...CliSuite[]] = [jarvis, openAi];

/** The suite that is used when neither a suite nor a test file is given. */
export const DEFAULT_SUITE: CliSuite = SUITES[0];

/** Names of the suites, for `--suite`. */
export const SUITE_NAMES: readonly string[] = SUITES.map(({ name }) => name);

/** The suite of that name; undefined: the default one. @throws Error for any other name: flags are checked before */
export function suiteNamed(name: string | undefined): CliSuite {
  if (name === undefined) return DEFAULT_SUITE;
  const suite = SUITES.find((each) => each.name === name);
  if (suite === undefined) throw new Error(`there is no suite "${name}" among ${SUITE_NAMES.join(', ')}`);
  return suite;
}

/** How a suite is called in messages. */
export function titleOf(suite: Suite): string {
  return suite.title ?? suite.name;
}

/** The profiles of a suite; one without its own has the standard ones. */
export function profilesOf(suite: Suite): readonly SuiteProfile[] {
  return suite.profiles ?? STANDARD_PROFILES;
}

/** The profile that a suite is loaded with when none is named: `smoke`; on the mock `selftest` if the suite has it. */
export function defaultProfile(suite: Suite, target: string | undefined): string {
  const ownSelftest = suite.profiles?.some(({ name }) => name === 'selftest') === true;
  return target === 'mock' && ownSelftest ? 'selftest' : 'smoke';
}

/** The advice on limits of a suite; one without its own has that of Jarvis. */
export function limitAdviserOf(suite: Suite): LimitAdviser | undefined {
  return suite.limits ?? jarvis.limits;
}

/** Names of all operations of a suite. */
export function operationNamesOf({ operationNames, scenarios }: Suite): readonly string[] {
  return operationNames ?? scenarios.flatMap(({ operations }) => operations.map(({ name }) => name));
}

/** Names of the sets of objectives of a suite. */
export function objectiveSetsOf({ objectives = {} }: Suite): readonly string[] {
  return Object.keys(objectives);
}

/** The set of objectives that a suite is judged by unless another is named. */
export function defaultObjectiveSet(suite: Suite): string {
  return Object.keys(suite.objectives ?? {})[0] ?? 'none';
}

/** The objectives of a set on these operations; none for `none`. */
export function objectivesOn(suite: Suite, operations: Iterable<string>, set: string): readonly Objective[] {
  const requested = new Set(operations);
  const objectives = suite.objectives?.[set]?.objectives ?? [];
  return objectives.filter(({ operation }) => requested.has(operation));
}

/** A scenario of the catalogue as a definition without load and behaviour, to be looked at and never run. */
export function asDefinition(scenario: SuiteScenario): ScenarioDefinition {
  const { name, operations, metrics = [], demand } = scenario;
  return {
    name,
    operations,
    metrics,
    run: () => Promise.resolve(),
    ...(demand === undefined ? {} : { demand }),
  };
}

/** The named scenarios of a suite for a target. */
export function createScenarios(
  suite: Suite,
  names: readonly string[],
  context: SuiteContext<unknown>,
): readonly SuiteDefinition[] {
  if (suite.create !== undefined) return suite.create(names, context);
  return names.flatMap((name) => suite.scenarios.filter((scenario) => scenario.name === name));
}
