import type { ScenarioDefinition } from '@jarvis-load/engine';
import { readEnvironment } from '../k6/environment.ts';
import { judgeAnswer } from './judge-answer.ts';
import { k6Test, type K6Test } from '../k6/k6-test.ts';

/** Which scenario of a test file k6 runs; written by the command line into the bundle. */
export interface FileTestOptions {
  /** Name of the scenario. */
  readonly scenario: string;
  /** What k6 calls it, one of `scenarioNamesInK6`. @default its name */
  readonly nameInK6?: string;
  /** Values of the file's settings, converted. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** k6's `__ENV`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * Makes a k6 test of one scenario of a test file. Target and load come from the environment. Called in k6's init phase, for each
 * user; the command line has refused before what k6 cannot do (`test-of-file.ts`).
 *
 * @param exports of the file
 */
export function fileTest(
  exports: Readonly<Record<string, unknown>>,
  { scenario: name, nameInK6 = name, settings, environment = __ENV }: FileTestOptions,
): K6Test<Readonly<Record<string, never>>> {
  const env = readEnvironment(environment);
  const scenario = scenarioOf(exports, name, settings, env);
  const executor = env.executor ?? scenario.executor;
  if (executor === undefined) {
    throw new TypeError(`scenario "${name}" has no load; run the file with npx jarvis-load k6.`);
  }
  return k6Test({
    connection: env,
    outline: { ...scenario, name: nameInK6 },
    executor,
    runId: env.runId,
    seed: env.seed,
    probe: () => Promise.resolve({}),
    scenario: () => scenario,
    judgeAnswer,
  });
}

function scenarioOf(
  exports: Readonly<Record<string, unknown>>,
  name: string,
  settings: FileTestOptions['settings'],
  { credentials: given, identity }: ReturnType<typeof readEnvironment>,
): ScenarioDefinition {
  // As in the engine: none were given.
  const credentials = 'accounts' in given && given.accounts.length === 0 ? undefined : given;
  const { default: main, ...named } = exports;
  const made: unknown =
    typeof main === 'function'
      ? (main as (...args: unknown[]) => unknown)(settings, { credentials, identity })
      : main;
  if (typeof made === 'object' && made !== null && 'then' in made) {
    throw new TypeError('the default export is a promise, which k6 cannot wait for while it loads a script.');
  }
  const all = [...(Array.isArray(made) ? (made as unknown[]) : [made]), ...Object.values(named)];
  const found = all.find(
    (each): each is ScenarioDefinition =>
      typeof each === 'object' &&
      each !== null &&
      'name' in each &&
      each.name === name &&
      'operations' in each,
  );
  if (found === undefined) throw new TypeError(`the file has no scenario "${name}".`);
  return found;
}
