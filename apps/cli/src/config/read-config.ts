import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Value } from 'typebox/value';
import { CliError, usageError } from '../cli-error.ts';
import { oneOf } from '../did-you-mean.ts';
import { ConfigFileSchema, type ConfigTarget } from './config-schema.ts';

/** The file that is read when no other is named. */
const DEFAULT_CONFIG_FILE = 'jarvis-load.config.json';

/** What the config file says. */
export interface ConfigFile {
  /** As errors name it. */
  readonly name: string;
  /** Values of flags, by key. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly targets: Readonly<Record<string, ConfigTarget>>;
}

const NEXT = 'correct the file; docs/reference/config.schema.json describes it';

function readText(path: string, name: string, required: boolean): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' && !required) return undefined;
    throw new CliError({
      exit: 'usage',
      code: 'config-unreadable',
      problem: `config file ${name} cannot be read (${code ?? String(cause)})`,
      expected: 'a readable JSON file',
      next: 'check --config (or JARVIS_LOAD_CONFIG)',
      cause,
    });
  }
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch (cause) {
    throw new CliError({
      exit: 'usage',
      code: 'config-syntax',
      problem: `config file ${name} is not valid JSON: ${(cause as Error).message}`,
      expected: 'a JSON object',
      next: NEXT,
      cause,
    });
  }
}

/** The known names of the object at a JSON pointer of the config: the root's, or a target's. */
function knownNames(pointer: string): readonly string[] {
  if (pointer === '') return Object.keys(ConfigFileSchema.properties);
  return ['url', 'maxUsers', 'maxRate', 'maxDuration', 'owner', 'expiry', 'description', 'limits'];
}

/** The first violation in words. */
function describeViolation(value: unknown, name: string): Error {
  const errors = [...Value.Errors(ConfigFileSchema, value)];
  const unknown = errors.find((error) => error.keyword === 'additionalProperties');
  if (unknown !== undefined) {
    const key = (unknown.params as { additionalProperties?: string[] }).additionalProperties?.[0] ?? '';
    const secret = ['password', 'token'].includes(key);
    return usageError(
      'config-key',
      `config file ${name}: unknown key "${key}"${unknown.instancePath === '' ? '' : ` in ${unknown.instancePath}`}`,
      secret ? 'no secrets in a config file' : oneOf(key, knownNames(unknown.instancePath)),
      secret ? `set JARVIS_${key.toUpperCase()} or JARVIS_LOAD_${key.toUpperCase()} instead` : NEXT,
    );
  }
  // the innermost violation says most: `anyOf` of a union comes beside those of its members
  const first = errors.find((error) => error.keyword !== 'anyOf') ?? errors[0];
  const missing = (first?.params as { requiredProperties?: string[] } | undefined)?.requiredProperties?.[0];
  return usageError(
    'config-value',
    `config file ${name}: ${first?.instancePath === '' ? 'the file' : first?.instancePath} ${first?.message ?? 'is wrong'}${missing === undefined ? '' : ` (${missing})`}`,
    undefined,
    NEXT,
  );
}

/**
 * Reads the config file, when there is one.
 *
 * @param path the file that was asked for; by default `jarvis-load.config.json`, which may be absent
 */
export function readConfig(path: string | undefined, cwd: string): ConfigFile {
  const name = path ?? DEFAULT_CONFIG_FILE;
  const text = readText(resolve(cwd, name), name, path !== undefined);
  if (text === undefined) return { name, values: {}, targets: {} };
  const value = parse(text, name);
  if (!Value.Check(ConfigFileSchema, value)) throw describeViolation(value, name);
  const {
    targets = {},
    $schema: _schema,
    ...values
  } = value as {
    targets?: Record<string, ConfigTarget>;
    $schema?: string;
  } & Record<string, unknown>;
  for (const reserved of ['mock', 'local'])
    if (Object.hasOwn(targets, reserved))
      throw usageError(
        'config-target',
        `config file ${name}: targets may not redefine "${reserved}"`,
        'another name',
        NEXT,
      );
  return { name, values, targets };
}
