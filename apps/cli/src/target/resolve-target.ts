import { isAbsolute } from 'node:path';
import type { ConfigFile } from '../config/read-config.ts';
import type { ConfigTarget } from '../config/config-schema.ts';
import { usageError } from '../cli-error.ts';
import { oneOf } from '../did-you-mean.ts';
import { urlProblem } from './target-url.ts';
import type { FlagText, SourceName } from '../options/flag.ts';
import type { TargetSettings } from '../options/load-settings.ts';

/** Default URL of the local API. */
export const LOCAL_URL = 'http://localhost:8100';

/** A target by name or URL, before the guard has checked whether it may be loaded: nothing is sent to it yet. */
export interface Target {
  /** Name of the target: `mock`, `local`, a name in the config file, or the origin of the URL. */
  readonly name: string;
  /** Undefined for the mock, which has no URL before it is started. */
  readonly url: URL | undefined;
  /** The permission in the config file, if any. */
  readonly permission: ConfigTarget | undefined;
}

function parseUrl(text: string, source: string): URL {
  const wrong = urlProblem(text);
  if (wrong !== undefined)
    throw usageError('target-url', `${source}: ${wrong.problem}`, wrong.expected, wrong.next);
  return new URL(text);
}

/** The permission that covers this URL: same origin, and a prefix of its path. */
function permissionFor(url: URL, config: ConfigFile): ConfigTarget | undefined {
  const path = url.pathname.replace(/\/*$/, '/');
  return Object.entries(config.targets).find(([name, target]) => {
    const allowed = parseUrl(target.url, `${config.name}: targets.${name}.url`);
    return allowed.origin === url.origin && path.startsWith(allowed.pathname.replace(/\/*$/, '/'));
  })?.[1];
}

/** Resolves `--target`: `mock`, `local` (the default), a name in the config file, or a URL. @throws CliError exit 2 */
export function resolveTarget(
  target: string | undefined,
  config: ConfigFile,
  source: SourceName = '--target' satisfies FlagText<TargetSettings>,
): Target {
  const name = target ?? 'local';
  if (name === 'mock') return { name, url: undefined, permission: undefined };
  if (name === 'local') return { name, url: new URL(LOCAL_URL), permission: undefined };
  const named = Object.hasOwn(config.targets, name) ? config.targets[name] : undefined;
  if (named !== undefined)
    return { name, url: parseUrl(named.url, `${config.name}: targets.${name}.url`), permission: named };
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(name)) {
    const url = parseUrl(name, source);
    return { name: url.origin, url, permission: permissionFor(url, config) };
  }
  const looksLikeHost = /^(\[[\da-f:.]+\]|[\w.-]+)(:\d+)?(\/.*)?$/i.test(name) && /[.:]/.test(name);
  throw usageError(
    'target-name',
    `${source}: unknown target "${name}"`,
    looksLikeHost && !isAbsolute(name)
      ? `a URL; did you mean http://${name}?`
      : `${oneOf(name, ['mock', 'local', ...Object.keys(config.targets)])}, or a URL`,
    'npx jarvis-load targets lists them; more go into jarvis-load.config.json',
  );
}
