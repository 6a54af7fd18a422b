import type { SettingSchema, SettingTexts } from '@jarvis-load/engine';
import type { TSchema } from '@jarvis-load/engine/typebox';
import { usageError } from '../cli-error.ts';
import type { SourceName } from '../options/flag.ts';

/** Values of settings, converted and checked. */
export type SettingValues = Readonly<Record<string, unknown>>;

/**
 * The values of a file's settings: given texts, else defaults; without either, an optional one is absent.
 *
 * @throws CliError exit 2 for a value or a default that does not fit its schema, and for one that is missing
 */
export async function readSettings(
  schemas: Readonly<Record<string, SettingSchema>>,
  texts: SettingTexts,
  given: string,
  source: SourceName,
): Promise<SettingValues> {
  const names = Object.keys(schemas);
  if (names.length === 0) return {};
  const { Value } = await import('@jarvis-load/engine/typebox/value');
  const presetOf = (name: string, schema: SettingSchema): unknown => {
    if (Value.Check(schema as TSchema, schema.default)) return schema.default;
    throw usageError(
      'set-default',
      `${given}: the default of setting "${name}" does not fit its schema: ${JSON.stringify(schema.default)}`,
      describeSetting(name, { ...schema, default: '' }),
      'correct the default in the file',
    );
  };
  return Object.fromEntries(
    names.flatMap((name) => {
      const schema = schemas[name]!;
      const text = texts[name];
      if (text === undefined) {
        if (schema.default !== undefined) return [[name, presetOf(name, schema)]];
        if ('~optional' in schema) return [];
        throw usageError(
          'set-missing',
          `${given}: setting "${name}" has no value and no default`,
          describeSetting(name, schema),
          `--set ${name}=<value>`,
        );
      }
      const value = converted(schema, text, (to, from) => Value.Convert(to as TSchema, from));
      if (Value.Check(schema as TSchema, value)) return [[name, value]];
      const reason = [...Value.Errors(schema as TSchema, value)][0]?.message ?? 'does not fit';
      throw usageError('set-value', `${source} ${name}=${text}: ${reason}`, describeSetting(name, schema));
    }),
  );
}

/**
 * The value that a text stands for: lists as JSON or separated by commas, objects as JSON. Text stays text where the value would
 * say something else, as 2 of `2.9`, so that the check refuses it.
 */
function converted(
  schema: ListSchema,
  text: string,
  convert: (schema: object, value: unknown) => unknown,
): unknown {
  const isJson = /^\s*[[{]/.test(text);
  if ((schema.type === 'array' && isJson) || schema.type === 'object') return parsed(text);
  if (schema.type === 'array') {
    const items = text === '' ? [] : text.split(',').map((item) => item.trim());
    return items.map((item) => (schema.items === undefined ? item : converted(schema.items, item, convert)));
  }
  const value = convert(schema, text);
  const isExact = typeof value !== 'number' || (text.trim() !== '' && Number(text) === value);
  return isExact ? value : text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

interface ListSchema {
  readonly type?: string;
  readonly items?: ListSchema;
}

/** What a schema of a test file may have beyond those of the built-in suites. */
interface ChoiceSchema {
  readonly type?: string;
  readonly const?: string | number | boolean;
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly anyOf?: readonly ChoiceSchema[];
}

/** What a value may be: `integer`, `red, green or blue`. */
function kindOf({ type, const: only, enum: list, anyOf }: ChoiceSchema): string {
  const kinds =
    only === undefined ? (list?.map(String) ?? anyOf?.map(kindOf) ?? [type ?? 'a value']) : [String(only)];
  const last = kinds.at(-1) ?? 'a value';
  return kinds.length < 2 ? last : `${kinds.slice(0, -1).join(', ')} or ${last}`;
}

/** A setting in one line: `size: integer, at least 1, default 3; how many items`. */
export function describeSetting(name: string, schema: SettingSchema): string {
  const { minimum, maximum, description, default: preset } = schema;
  const facts = [
    kindOf(schema),
    ...(minimum === undefined ? [] : [`at least ${minimum}`]),
    ...(maximum === undefined ? [] : [`at most ${maximum}`]),
    ...(preset === undefined || preset === '' ? [] : [`default ${preset}`]),
  ];
  return `${name}: ${facts.join(', ')}${description === undefined ? '' : `; ${description}`}`;
}
