import { pathToFileURL } from 'node:url';
import { isAbsolute } from 'node:path';
import { EngineError } from '../errors.ts';
import type { ScenarioDefinition } from '../scenario.ts';
import { show } from '../show.ts';

/** Scenarios by where their code is: every thread loads them for itself, since functions cannot be sent to one. */
export interface ScenarioModule {
  /** Absolute path or `file:` URL of an ES module. */
  readonly module: string;
  /** Name of the export: a scenario, a list of them, or a function of `options` that returns either. @default 'default' */
  readonly export?: string;
  /** Given to the function; must be fit for `structuredClone`. @default none */
  readonly options?: unknown;
}

/**
 * Loads the scenarios of a module.
 * @throws EngineError `invalid-scenario`
 */
export async function loadScenarioModule(source: ScenarioModule): Promise<readonly ScenarioDefinition[]> {
  const { module, export: name = 'default', options } = source;
  const url = isAbsolute(module) ? pathToFileURL(module).href : module;
  const where = `scenario module ${show(module)}`;
  if (!url.startsWith('file:')) {
    throw new EngineError(
      'invalid-scenario',
      `${where}: expected an absolute path or a file: URL, such as new URL('./scenarios.js', import.meta.url).href.`,
    );
  }
  let exports: Readonly<Record<string, unknown>>;
  try {
    exports = (await import(url)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EngineError('invalid-scenario', `${where} cannot be loaded: ${reason}`, { cause });
  }
  const exported = exports[name];
  if (exported === undefined) {
    const known = Object.keys(exports).join(', ') || 'nothing';
    throw new EngineError('invalid-scenario', `${where} has no export ${show(name)}; it exports ${known}.`);
  }
  const made: unknown =
    typeof exported === 'function' ? await (exported as (options: unknown) => unknown)(options) : exported;
  return (Array.isArray(made) ? made : [made]) as readonly ScenarioDefinition[];
}
