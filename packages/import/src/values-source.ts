import { isObject } from './json.ts';
import { braces, brackets, around, type Source } from './layout.ts';
import { Dynamic, type DynamicPart, type Pair, type Value } from './model.ts';
import { literal, propertyKey, templatePart } from './source-text.ts';

/*
 * Values of an import as source text. Foreign text passes only through `literal`, `templatePart` and `propertyKey`. Names of
 * secrets and variables are written as they are: `Secrets` and `Names` make them.
 */

function expressionOf(part: Exclude<DynamicPart, string>): string {
  return part.kind === 'secret' ? `secrets.${part.name}` : part.name;
}

function dynamicSource({ parts, as }: Dynamic): string {
  const [only] = parts;
  if (only === undefined) return "''";
  if (parts.length === 1 && typeof only !== 'string') {
    const type = only.kind === 'secret' ? 'string' : only.type;
    const expression = expressionOf(only);
    if (type === as) return expression;
    return as === 'number' ? `Number(${expression})` : `String(${expression})`;
  }
  if (parts.every((part) => typeof part === 'string')) return literal(parts.join(''));
  const inner = parts.map((part) =>
    typeof part === 'string' ? templatePart(part) : `\${${expressionOf(part)}}`,
  );
  return `\`${inner.join('')}\``;
}

/** A value as it is written in the test file. */
export function valueSource(value: Value): string {
  if (value instanceof Dynamic) return dynamicSource(value);
  if (typeof value === 'string') return literal(value);
  // -0 becomes 0, as in JSON.stringify.
  return String(value);
}

/** JSON whose leaves are values. */
export function jsonSource(value: unknown): Source {
  if (Array.isArray(value)) return brackets(value.map((item: unknown) => jsonSource(item)));
  if (value instanceof Dynamic || !isObject(value)) return valueSource(value as Value);
  return braces(Object.entries(value).map(([key, item]) => memberSource(key, jsonSource(item))));
}

const CONSTANTS = new Set(['true', 'false', 'null', 'undefined', 'NaN', 'Infinity']);

/** `name: value`, or `name` alone where the value is the variable of that name. */
export function memberSource(name: string, value: Source): Source {
  const key = propertyKey(name);
  const isVariable = key === value && /^[A-Za-z_$]/.test(value) && !CONSTANTS.has(value);
  return isVariable ? key : around(`${key}: `, value);
}

/**
 * Names and values as an object; a name that occurs several times has a list of its values. null becomes an empty text.
 */
export function pairsSource(pairs: readonly Pair[]): Source {
  const byName = new Map<string, Value[]>();
  for (const [name, value] of pairs) byName.set(name, [...(byName.get(name) ?? []), value ?? '']);
  return braces(
    [...byName].map(([name, values]) =>
      memberSource(
        name,
        values.length === 1 ? valueSource(values[0]!) : brackets(values.map((value) => valueSource(value))),
      ),
    ),
  );
}
