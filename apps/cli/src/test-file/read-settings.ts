import type { SettingSchema, SettingTexts } from '@jarvis-load/engine';
import type { TSchema } from '@jarvis-load/engine/typebox';
import { usageError } from '../cli-error.ts';
import type { SourceName } from '../options/flag.ts';

/** Values of settings, converted and checked. */
export type SettingValues = Readonly<Record<string, unknown>>;

/**
 * The values of a file's settings: given texts, else defaults.
 *
 * @throws CliError exit 2
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
      const value: unknown = Value.Convert(schema as TSchema, text);
      if (Value.Check(schema as TSchema, value)) return [[name, value]];
      const reason = [...Value.Errors(schema as TSchema, value)][0]?.message ?? 'does not fit';
      throw usageError('set-value', `${source} ${name}=${text}: ${reason}`, describeSetting(name, schema));
    }),
  );
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
