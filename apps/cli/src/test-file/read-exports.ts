import {
  nearestName,
  type AfterRun,
  type BeforeRun,
  type Objective,
  type SettingSchema,
} from '@jarvis-load/engine';
import type { CliError } from '../cli-error.ts';
import type { CompiledFile } from './compile-file.ts';
import { fileError } from './file-error.ts';
import { threwError } from './run-error.ts';
import { findInSources } from './find-in-sources.ts';

/** Exports with a meaning of their own. */
const RESERVED = ['default', 'settings', 'objectives', 'beforeRun', 'afterRun'];
const SCENARIO_PARTS = ['operations', 'run', 'tasks'];

/** What a test file exports, told apart by name and kind. */
export interface TestExports {
  /** A scenario, a list of them, or a function of settings. */
  readonly main: unknown;
  /** Scenarios by the name of their export. */
  readonly named: ReadonlyMap<string, object>;
  /** Exports without a meaning, by name. */
  readonly others: ReadonlyMap<string, unknown>;
  readonly settings: Readonly<Record<string, SettingSchema>>;
  readonly objectives: readonly Objective[];
  readonly beforeRun: BeforeRun | undefined;
  readonly afterRun: AfterRun | undefined;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a value has a part that only scenarios have. */
export function isScenarioLike(value: unknown): value is object {
  return isObject(value) && SCENARIO_PARTS.some((part) => Object.hasOwn(value, part));
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/**
 * Reads the exports of a loaded test file.
 *
 * @throws CliError exit 2
 */
export async function readExports(
  exports: Readonly<Record<string, unknown>>,
  file: CompiledFile,
): Promise<TestExports> {
  const wrong = (name: string, expected: string): CliError =>
    fileError(
      {
        code: 'file-export',
        problem: `${file.given}: its export ${name} is ${kindOf(exports[name])}`,
        place: findInSources([name], file.sources.slice(-1)),
        expected,
      },
      file.cwd,
    );
  const named = new Map<string, object>();
  const others = new Map<string, unknown>();
  for (const [name, exported] of Object.entries(exports)) {
    if (RESERVED.includes(name)) continue;
    const value = await settled(exported, file);
    if (isScenarioLike(value)) {
      named.set(name, value);
      continue;
    }
    const near = nearestName(name, RESERVED.slice(1));
    if (near !== undefined && near.toLowerCase() !== 'default')
      throw fileError(
        {
          code: 'file-export',
          problem: `${file.given}: unknown export ${name}`,
          place: findInSources([name], file.sources),
          expected: `did you mean ${near}?`,
        },
        file.cwd,
      );
    others.set(name, value);
  }
  const { settings = {}, objectives = [], beforeRun, afterRun } = exports;
  if (!isObject(settings))
    throw wrong('settings', 'settings by name, such as Type.Object({ size: Type.Integer({ default: 3 }) })');
  if (!Array.isArray(objectives))
    throw wrong('objectives', "a list, such as [{ operation: 'cart', p95Ms: 200 }]");
  for (const [name, hook] of Object.entries({ beforeRun, afterRun }))
    if (hook !== undefined && typeof hook !== 'function') throw wrong(name, 'a function');
  // A promise of scenarios, such as of an async function that was called, or a list of such.
  const given = await settled(exports['default'], file);
  const main = Array.isArray(given) ? await settled(Promise.all(given as readonly unknown[]), file) : given;
  checkSettings(settings, file);
  if (main === undefined && named.size === 0) throw nothingExported(exports, file);
  return {
    main,
    named,
    others,
    settings: settingsByName(settings) as Readonly<Record<string, SettingSchema>>,
    objectives: objectives as readonly Objective[],
    beforeRun: beforeRun as BeforeRun | undefined,
    afterRun: afterRun as AfterRun | undefined,
  };
}

async function settled(exported: unknown, file: CompiledFile): Promise<unknown> {
  try {
    return await exported;
  } catch (error) {
    throw threwError(error, file, 'in a promise that it exports');
  }
}

/** A TypeBox object, or schemas by name. */
function settingsByName(settings: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { type, properties } = settings;
  return type === 'object' && isObject(properties) ? properties : settings;
}

const SETTING_TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'];

/** What plain JavaScript may have put in place of JSON Schemas. */
function checkSettings(settings: Readonly<Record<string, unknown>>, file: CompiledFile): void {
  for (const [name, schema] of Object.entries(settingsByName(settings))) {
    const type = isObject(schema) ? schema['type'] : undefined;
    if (isObject(schema) && (typeof type !== 'string' || SETTING_TYPES.includes(type))) continue;
    const near = typeof type === 'string' ? nearestName(type, SETTING_TYPES) : undefined;
    throw fileError(
      {
        code: 'file-setting',
        problem: isObject(schema)
          ? `${file.given}: its setting ${name} has the type "${String(type)}"`
          : `${file.given}: its setting ${name} is ${kindOf(schema)}`,
        place: findInSources([name, 'settings'], file.sources),
        expected:
          near === undefined
            ? 'a JSON Schema, such as Type.Integer({ default: 3 })'
            : `did you mean ${near}?`,
      },
      file.cwd,
    );
  }
}

function nothingExported(exports: Readonly<Record<string, unknown>>, file: CompiledFile): CliError {
  const names = Object.keys(exports);
  const lists = names.filter((name) => [exports[name]].flat().some(isScenarioLike));
  const place = findInSources([...lists, 'defineScenario'], [file.path]);
  const has = Object.hasOwn(exports, 'default')
    ? 'its default export is undefined'
    : names.length === 0
      ? 'exports nothing'
      : `exports no scenario, only ${names.join(', ')}`;
  return fileError(
    {
      code: 'file-no-export',
      problem: `${file.given}: ${has}`,
      place,
      expected: 'a scenario, a list of scenarios, or a function that returns them, as its default export',
      next: lists.length === 0 ? 'export default defineScenario({ ... })' : `export default ${lists[0]}`,
    },
    file.cwd,
  );
}
