import type {
  LimitAdviser,
  Objective,
  ScenarioDefinition,
  SettingTexts,
  Suite,
  SuiteContext,
  SuiteDefinition,
  SuiteProfile,
  SuiteScenario,
} from '@jarvis-load/engine';
import { jarvis } from './jarvis.ts';

/** A suite in the command line. */
export type CliSuite = Suite & {
  /** Settings of the built-in mock that follow from those of the scenarios, in the mock's syntax. @default none */
  mockSettings?(settings: SettingTexts): readonly string[];
};

/** Every suite; the first is used when none is named. A second one is a line here. */
export const SUITES: readonly [CliSuite, ...CliSuite[]] = [jarvis];

/** The suite that is used when none is named. */
export const DEFAULT_SUITE: CliSuite = SUITES[0];

/** Finds a suite again in another thread, where only its name arrives. */
export function suiteNamed(name: string): CliSuite {
  const found = SUITES.find((suite) => suite.name === name);
  if (found === undefined) throw new TypeError(`there is no suite "${name}"`);
  return found;
}

/** How a suite is called in messages. */
export function titleOf(suite: Suite): string {
  return suite.title ?? suite.name;
}

/** The profiles of a suite; one without its own has those of the first. */
export function profilesOf(suite: Suite): readonly SuiteProfile[] {
  return suite.profiles ?? DEFAULT_SUITE.profiles ?? [];
}

/** The advice on limits of a suite; one without its own has that of the first. */
export function limitAdviserOf(suite: Suite): LimitAdviser | undefined {
  return suite.limits ?? DEFAULT_SUITE.limits;
}

/** Names of all operations of a suite. */
function operationNamesOf({ operationNames, scenarios }: Suite): readonly string[] {
  return operationNames ?? scenarios.flatMap(({ operations }) => operations.map(({ name }) => name));
}

/** Names of all operations of all suites. */
export const OPERATION_NAMES: readonly string[] = [...new Set(SUITES.flatMap(operationNamesOf))];

/** Names of all sets of objectives. */
export const OBJECTIVE_SETS: readonly string[] = [
  ...new Set(SUITES.flatMap(({ objectives = {} }) => Object.keys(objectives))),
];

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
