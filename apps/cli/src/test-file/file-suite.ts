import {
  checkObjectives,
  checkThresholds,
  EngineError,
  nearestName,
  type SuiteDefinition,
} from '@jarvis-load/engine';
import { reasonOf } from '@jarvis-load/engine/show';
import { basename, relative } from 'node:path';
import { CliError } from '../cli-error.ts';
import type { CliSuite } from '../suites/cli-suite.ts';
import type { CompiledFile } from './compile-file.ts';
import { fileError } from './file-error.ts';
import { findInSources } from './find-in-sources.ts';
import { lostExports } from './lost-exports.ts';
import { MAKING, withinLimit } from './load-file.ts';
import { isUserMethod } from './next-step.ts';
import { isScenarioLike, type TestExports } from './read-exports.ts';
import { placeInSources, threwError } from './run-error.ts';
import { wordsOf } from './words-of.ts';
import type { FileOrigin } from '../suites/cli-suite.ts';

/** A load that stands in for the one that a scenario gets later. */
const ANY_LOAD = { kind: 'constant-vus', duration: 1 } as const;

/**
 * A test file as a suite.
 *
 * Must hold: each thread of a run calls it with the same `origin`, and with it the default function of the file, which has to make the
 * same scenarios each time.
 *
 * @throws CliError exit 2
 */
export async function fileSuite(exports: TestExports, origin: FileOrigin): Promise<CliSuite> {
  const { file } = origin;
  const main = await madeBy(exports.main, origin);
  const named = [...exports.named.values()].filter((scenario) => !main.includes(scenario));
  const definitions = [...main, ...named] as readonly SuiteDefinition[];
  check(definitions, file);
  const notes = lostExports(exports, definitions, file);
  checkOwnObjectives(exports, definitions, file);
  return {
    name: basename(file.path),
    origin,
    settings: exports.settings,
    notes,
    scenarios: definitions.map(({ name, description, operations, metrics, demand, executor }, index) => ({
      name,
      operations,
      // With a default export, scenarios exported by name run when they are named.
      byDefault: main.length === 0 || index < main.length,
      ...(description === undefined ? {} : { description }),
      ...(metrics === undefined ? {} : { metrics }),
      ...(demand === undefined ? {} : { demand }),
      ...(executor === undefined ? {} : { executor }),
    })),
    ...(exports.objectives.length === 0
      ? {}
      : {
          objectives: {
            own: { description: `Those of ${basename(file.path)}`, objectives: exports.objectives },
          },
        }),
    create: (names) =>
      names.flatMap((name) =>
        definitions.filter((definition) => definition.name === name).map((each) => placed(each, file)),
      ),
    ...hooksOf(exports, file),
  };
}

/** A scenario whose `setup` and `teardown` name their place in what they throw: of these the document has the message alone. */
function placed(definition: SuiteDefinition, file: CompiledFile): SuiteDefinition {
  const { setup, teardown } = definition;
  return {
    ...definition,
    ...(setup === undefined
      ? {}
      : { setup: (...given: Parameters<typeof setup>) => withPlace(() => setup(...given), file) }),
    ...(teardown === undefined
      ? {}
      : { teardown: (...given: Parameters<typeof teardown>) => withPlace(() => teardown(...given), file) }),
  };
}

async function withPlace<Value>(run: () => Value | Promise<Value>, file: CompiledFile): Promise<Value> {
  try {
    return await run();
  } catch (error) {
    // The same error, as its class says what it is; the message of some, such as an AbortError, cannot be set.
    if (error instanceof Error && Object.getOwnPropertyDescriptor(error, 'message')?.writable === true) {
      const place = placeInSources(error.stack ?? '', file.sources);
      if (place !== undefined)
        error.message += ` (${relative(file.cwd, place.path)}:${place.line}:${place.column})`;
    }
    throw error;
  }
}

/** The hooks, with errors that show their place. */
function hooksOf(
  { beforeRun, afterRun }: TestExports,
  file: CompiledFile,
): Pick<CliSuite, 'beforeRun' | 'afterRun'> {
  const guarded =
    <Parameters extends readonly unknown[]>(
      hook: (...parameters: Parameters) => void | Promise<void>,
      name: string,
    ) =>
    async (...parameters: Parameters): Promise<void> => {
      try {
        await hook(...parameters);
      } catch (error) {
        throw threwError(error, file, `in ${name}`);
      }
    };
  return {
    ...(beforeRun === undefined ? {} : { beforeRun: guarded(beforeRun, 'beforeRun') }),
    ...(afterRun === undefined ? {} : { afterRun: guarded(afterRun, 'afterRun') }),
  };
}

/** The scenarios of the default export; a function is called with the settings. */
async function madeBy(main: unknown, origin: FileOrigin): Promise<readonly unknown[]> {
  const { file, settings, credentials, identity } = origin;
  if (main === undefined) return [];
  refuseClass(main, file);
  let made: unknown = main;
  if (typeof main === 'function') {
    try {
      const call = async (): Promise<unknown> => {
        const given = await (main as (...args: unknown[]) => unknown)(settings, { credentials, identity });
        return Array.isArray(given) ? Promise.all(given) : given;
      };
      made = await withinLimit(call(), file, MAKING);
    } catch (error) {
      if (error instanceof CliError) throw error;
      throw threwError(error, file, 'while it made its scenarios', forUserCode(error));
    }
    if (made === undefined)
      throw fileError(
        {
          code: 'file-no-scenario',
          problem: `${file.given}: its default export is a function that returns nothing`,
          place: findInSources(['default'], [file.path]),
          expected: 'a scenario or a list of scenarios',
          next: 'return defineScenario({ ... }); what a user does is its run',
        },
        file.cwd,
      );
  }
  refuseObject(made, file);
  const list: readonly unknown[] = Array.isArray(made) ? made : [made];
  if (list.length === 0)
    throw fileError(
      {
        code: 'file-no-scenario',
        problem: `${file.given}: its list of scenarios is empty`,
        place: findInSources(['default'], [file.path]),
        expected: 'at least one scenario',
      },
      file.cwd,
    );
  return list;
}

/** What a default function that does what a user does is told: it gets the settings, and has no user. */
function forUserCode(error: unknown): string | undefined {
  const [, method = ''] = /\.(\w+) is not a function/.exec(reasonOf(error)) ?? [];
  if (!isUserMethod(method)) return undefined;
  return "a default function gets the settings and returns scenarios; what a user does is run: export default defineScenario({ name: '...', operations: ['GET /'], run: async (user) => { ... } })";
}

/** A class is a function, too, but calling it without `new` throws. */
function refuseClass(main: unknown, file: CompiledFile): void {
  if (typeof main !== 'function' || !/^class\b/.test(Function.prototype.toString.call(main))) return;
  throw fileError(
    {
      code: 'file-no-scenario',
      problem: `${file.given}: its default export is a class`,
      place: findInSources(['default'], [file.path]),
      expected: 'a scenario, a list of scenarios, or a function that returns them',
      next: "export default defineScenario({ name: '...', operations: [...], run: async (user) => { ... } })",
    },
    file.cwd,
  );
}

/** Scenarios by name, as other tools take them. */
function refuseObject(made: unknown, file: CompiledFile): void {
  if (typeof made !== 'object' || made === null || Array.isArray(made) || isScenarioLike(made)) return;
  const names = Object.entries(made).flatMap(([name, value]) => (isScenarioLike(value) ? [name] : []));
  if (names.length === 0) return;
  throw fileError(
    {
      code: 'file-no-scenario',
      problem: `${file.given}: its default export is an object of scenarios`,
      place: findInSources(['default'], [file.path]),
      expected: 'a scenario, a list of scenarios, or a function that returns them',
      next: `a list: [${names.join(', ')}]`,
    },
    file.cwd,
  );
}

/** Checks the scenarios as the engine does, with their thresholds and their own load. */
function check(definitions: readonly SuiteDefinition[], file: CompiledFile): void {
  try {
    checkThresholds(
      definitions.map((definition) =>
        typeof definition === 'object' && definition !== null && definition.executor === undefined
          ? { ...definition, executor: ANY_LOAD }
          : definition,
      ),
      {},
    );
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw asFileError(error, file);
  }
}

function asFileError(error: Error, file: CompiledFile): CliError {
  const scenario = /^scenario ["']([^"']+)["']/.exec(error.message)?.[1];
  const isPlain = /operations\[\d+\] is '[A-Z]+ \//.test(error.message);
  const words = wordsOf(error.message).filter((word) => word !== scenario);
  return fileError(
    {
      code: error instanceof EngineError ? `file-${error.code}` : 'file-scenario',
      problem: `${file.given}: ${error.message}`,
      place: findInSources([...words, ...(scenario === undefined ? ['default'] : [scenario])], file.sources),
      next: isPlain
        ? 'put it into defineScenario({ ... }), which reads operations that are texts'
        : 'docs/guides/your-own-tests.md shows what a scenario has',
      cause: error,
    },
    file.cwd,
  );
}

/** Checks the objectives as the engine does, and that each names an operation of the file. */
function checkOwnObjectives(
  { objectives }: TestExports,
  definitions: readonly SuiteDefinition[],
  file: CompiledFile,
): void {
  try {
    checkObjectives(objectives);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw fileError(
      {
        code: 'file-objective',
        problem: `${file.given}: ${error.message}`,
        place: findInSources([...wordsOf(error.message), 'objectives'], file.sources),
        next: "each as in { operation: 'cart', p95Ms: 200 }",
        cause: error,
      },
      file.cwd,
    );
  }
  const known = definitions.flatMap(({ operations }) => operations.map(({ name }) => name));
  for (const { operation } of objectives) {
    if (known.includes(operation)) continue;
    const near = nearestName(operation, known);
    throw fileError(
      {
        code: 'file-objective',
        problem: `${file.given}: an objective names the operation "${operation}", which no scenario has`,
        place: findInSources([operation, 'objectives'], file.sources),
        expected: near === undefined ? `one of ${known.join(', ')}` : `did you mean ${near}?`,
      },
      file.cwd,
    );
  }
}
