import { pathToFileURL } from 'node:url';
import { isAbsolute } from 'node:path';
import { EngineError } from '../errors.ts';
import type { ScenarioDefinition } from '../model/scenario.ts';
import { reasonOf, show } from '../show.ts';
import type { ScenarioModule } from '../model/scenario-module.ts';

/** Time limit for loading a module: its top-level await may never resolve. */
const LOAD_LIMIT_MS = 60_000;
/** Time limit for loading after the run was asked to end. */
const LOAD_AFTER_END_MS = 3000;

/**
 * Loads the scenarios of a module, within a time limit; what is returned is not checked: `compileRun` does that. Code of the
 * module that does not end in time goes on.
 * @param ended aborted when the run is to end
 * @throws EngineError `invalid-scenario`, or the one that the exported function threw
 */
export async function loadScenarioModule(
  source: ScenarioModule,
  ended?: AbortSignal,
): Promise<readonly ScenarioDefinition[]> {
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
    exports = await withinLimit(import(url) as Promise<Readonly<Record<string, unknown>>>, ended);
  } catch (cause) {
    const reason = reasonOf(cause);
    throw new EngineError('invalid-scenario', `${where} cannot be loaded: ${reason}`, { cause });
  }
  const exported = Object.hasOwn(exports, name) ? exports[name] : undefined;
  if (exported === undefined) {
    const known = Object.keys(exports).join(', ') || 'nothing';
    throw new EngineError('invalid-scenario', `${where} has no export ${show(name)}; it exports ${known}.`);
  }
  let made: unknown = exported;
  if (typeof exported === 'function') {
    try {
      const call = exported as (options: unknown) => unknown;
      made = await withinLimit(Promise.resolve(call(options)), ended);
    } catch (cause) {
      if (cause instanceof EngineError) throw cause;
      const reason = reasonOf(cause);
      throw new EngineError('invalid-scenario', `${where}: its export ${show(name)} threw: ${reason}`, {
        cause,
      });
    }
  }
  return (Array.isArray(made) ? made : [made]) as readonly ScenarioDefinition[];
}

/** Waits for code of the module; after the run was asked to end, for at most 3 s. */
async function withinLimit<T>(work: Promise<T>, ended: AbortSignal | undefined): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let onEnded: () => void = () => undefined;
  const late = new Promise<never>((_, reject) => {
    const giveUpAfter = (limitMs: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => reject(new Error(`it did not end within ${limitMs / 1000} s`)), limitMs);
    };
    giveUpAfter(LOAD_LIMIT_MS);
    onEnded = () => giveUpAfter(LOAD_AFTER_END_MS);
    if (ended?.aborted === true) onEnded();
  });
  ended?.addEventListener('abort', onEnded, { once: true });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    ended?.removeEventListener('abort', onEnded);
  }
}
