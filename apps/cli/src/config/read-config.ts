import { reasonOf } from '@jarvis-load/engine/show';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { TSchema } from '@jarvis-load/engine/typebox';
import { Value } from '@jarvis-load/engine/typebox/value';
import { CliError, usageError } from '../cli-error.ts';
import { oneOf } from '../did-you-mean.ts';
import { environmentName } from '../options/flag.ts';
import { parseHandwritten } from '../parse-handwritten.ts';
import { ConfigFileSchema, type ConfigTarget } from './config-schema.ts';

/** The file that is read if no other is named. */
const DEFAULT_CONFIG_FILE = 'jarvis-load.config.json';

/** Content of the config file. */
export interface ConfigFile {
  /** Name in error messages. */
  readonly name: string;
  /** Flag values by key, as written: they match the schema, and `resolveSettings` converts them. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly targets: Readonly<Record<string, ConfigTarget>>;
}

/** That of a command which reads none. */
export const NO_CONFIG_FILE: ConfigFile = { name: DEFAULT_CONFIG_FILE, values: {}, targets: {} };

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
      problem: `config file ${name} cannot be read (${code ?? reasonOf(cause)})`,
      expected: 'a readable JSON file',
      next: 'check --config (or JARVIS_LOAD_CONFIG)',
      cause,
    });
  }
}

function parse(text: string, name: string): unknown {
  const { value, problem } = parseHandwritten(text);
  if (problem !== undefined)
    throw usageError(
      'config-syntax',
      `config file ${name} is not valid JSON: ${problem}`,
      'a JSON object',
      NEXT,
    );
  return value;
}

/** Property names allowed at a JSON pointer. */
function knownNames(pointer: string): readonly string[] {
  let schema: TSchema | undefined = ConfigFileSchema;
  for (const step of pointer.split('/').slice(1)) {
    const { properties, patternProperties, items } = schema as {
      properties?: Record<string, TSchema>;
      patternProperties?: Record<string, TSchema>;
      items?: TSchema;
    };
    schema = properties?.[step] ?? Object.values(patternProperties ?? {})[0] ?? items;
    if (schema === undefined) return [];
  }
  return Object.keys((schema as { properties?: object }).properties ?? {});
}

/** Formats `/targets/staging/maxUsers` as `targets.staging.maxUsers`. */
function written(pointer: string): string {
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.');
}

/** Error for the most useful violation. */
function describeViolation(value: unknown, name: string): Error {
  const errors = [...Value.Errors(ConfigFileSchema, value)];
  const unknown = errors.find((error) => error.keyword === 'additionalProperties');
  if (unknown !== undefined) {
    const key = (unknown.params as { additionalProperties?: string[] }).additionalProperties?.[0] ?? '';
    const secret = ['password', 'token'].includes(key);
    const place = unknown.instancePath === '' ? '' : ` in ${written(unknown.instancePath)}`;
    return usageError(
      'config-key',
      `config file ${name}: unknown key "${key}"${place}`,
      secret ? 'no secrets in a config file' : oneOf(key, knownNames(unknown.instancePath)),
      secret ? `set ${environmentName(key)} instead` : NEXT,
    );
  }
  // A union reports one violation per member, besides its own `anyOf`; those of constants are combined to one list of
  // words.
  const first = errors.find(({ keyword }) => keyword !== 'anyOf' && keyword !== 'const') ?? errors[0];
  const missing = (first?.params as { requiredProperties?: string[] } | undefined)?.requiredProperties?.[0];
  const words = errors
    .filter(({ keyword, instancePath }) => keyword === 'const' && instancePath === first?.instancePath)
    .map(({ params }) => String((params as { allowedValue?: unknown }).allowedValue));
  const place = first === undefined || first.instancePath === '' ? 'the file' : written(first.instancePath);
  return usageError(
    'config-value',
    `config file ${name}: ${place} ${first?.message ?? 'is wrong'}${missing === undefined ? '' : ` (${missing})`}`,
    words.length > 0 ? oneOf('', words) : undefined,
    NEXT,
  );
}

/**
 * Reads the config file, if there is one.
 *
 * @param path the requested file; the default `jarvis-load.config.json` may be absent
 * @throws CliError exit 2
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
