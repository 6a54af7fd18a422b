/*
 * Whether a value is a schema, before anything is held to it: by one that is none, TypeBox accepts every value, or throws for each.
 *
 * Must hold: plain code, since k6 applies it, too. What TypeBox makes passes, `{}` of `Type.Any()` as well.
 */

import { show } from '../show.ts';

const EXPECTED =
  'expected a schema, such as Type.Object({ id: Type.String() }), or one of Zod, Valibot or ArkType';

/** Keywords of JSON Schema (2020-12, and older ones that TypeBox knows) that ask something of a value. */
const ASKING: ReadonlySet<string> = new Set(
  (
    'type enum const allOf anyOf oneOf not if then else properties patternProperties additionalProperties propertyNames required ' +
    'items prefixItems additionalItems contains minContains maxContains minItems maxItems uniqueItems minLength maxLength pattern ' +
    'format minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minProperties maxProperties dependentRequired ' +
    'dependentSchemas dependencies unevaluatedItems unevaluatedProperties $ref $dynamicRef $recursiveRef'
  ).split(' '),
);
/** Keywords that ask nothing, those of OpenAPI included; so do names that begin with `x-`. */
const TELLING: ReadonlySet<string> = new Set(
  (
    '$id $schema $anchor $dynamicAnchor $recursiveAnchor $comment $vocabulary $defs definitions title description default ' +
    'examples deprecated readOnly writeOnly contentEncoding contentMediaType contentSchema ' +
    'nullable example externalDocs xml discriminator'
  ).split(' '),
);
const TYPES: readonly unknown[] = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];

/** Keywords that hold one schema, or a list of them. */
const HOLDING_SCHEMAS = [
  'items',
  'prefixItems',
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
  'contains',
  'additionalItems',
  'additionalProperties',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
];
/** Keywords that hold schemas by name. */
const HOLDING_NAMED = ['properties', 'patternProperties', 'dependentSchemas'];

/** Schemas without a problem: requests are checked each time. */
const good = new WeakSet<object>();

/**
 * What is wrong with a schema of an answer or a row; `undefined`: nothing. Begins with the value, ends without a full stop:
 * `'Cart'; expected a schema, ...`.
 */
export function schemaProblem(schema: unknown): string | undefined {
  if (isObject(schema) && good.has(schema)) return undefined;
  const problem = problemOf(schema, '', new Set());
  if (problem === undefined) good.add(schema as object);
  return problem === undefined ? undefined : `${problem}; ${EXPECTED}`;
}

/** The error of `json(schema)` of an answer, without its full stop. @param problem of the schema */
export function wrongJson(operation: string, problem: string): string {
  return `the answer of "${operation}" is read by json() of ${problem}; without arguments it gives the whole body`;
}

/** @param path of the schema within the whole, such as `properties.id` @param seen schemas that were looked at before */
function problemOf(schema: unknown, path: string, seen: Set<object>): string | undefined {
  const at = path === '' ? '' : ` at ${path}`;
  if (!isObject(schema) || Array.isArray(schema)) return `${show(schema)}${at}`;
  if (seen.has(schema)) return undefined;
  seen.add(schema);
  // A copy that TypeBox makes of a schema of Zod, as for Type.Optional, lacks `~standard`.
  if (('~standard' in schema && !(path !== '' && isMarkedJsonSchema(schema))) || '_zod' in schema) {
    // TypeBox reads its other fields, such as the `type` of Zod, and would accept every value of that.
    if (path !== '') return `a Standard Schema${at}, within a schema that does not apply it`;
    const standard = (schema as Record<string, unknown>)['~standard'] as
      { readonly validate?: unknown } | undefined;
    return typeof standard?.validate === 'function' ? undefined : 'a ~standard without validate';
  }
  if (typeof schema === 'function') return `a function${at}`;
  // `then` is a keyword, too.
  if ('then' in schema && typeof schema.then === 'function') return `a promise${at}`;
  return wrongKeyword(schema, at) ?? problemWithin(schema, path, seen);
}

/** JSON Schema that a library made of its own schema, with a way back to it that is not enumerable, as `z.toJSONSchema` does. */
function isMarkedJsonSchema(schema: object): boolean {
  return (
    Object.getPrototypeOf(schema) === Object.prototype &&
    !Object.prototype.propertyIsEnumerable.call(schema, '~standard')
  );
}

function wrongKeyword(schema: object, at: string): string | undefined {
  // Kinds of TypeBox have further types and keywords of their own.
  const own = Reflect.ownKeys(schema);
  if (own.some((key) => typeof key === 'symbol' || key.startsWith('~'))) return undefined;
  const names = own as string[];
  const unknown = names.find((name) => !ASKING.has(name) && !TELLING.has(name) && !name.startsWith('x-'));
  if (unknown !== undefined && !names.some((name) => ASKING.has(name)))
    return `${show(schema)}${at}, whose ${show(unknown)} is no keyword of JSON Schema`;
  const { type } = schema as { readonly type?: unknown };
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  if (type === undefined || types.every((each) => TYPES.includes(each))) return undefined;
  return `${show(schema)}${at}, whose type ${show(type)} is none of ${TYPES.join(', ')}`;
}

function problemWithin(schema: object, path: string, seen: Set<object>): string | undefined {
  const before = path === '' ? '' : `${path}.`;
  const parts = schema as Readonly<Record<string, unknown>>;
  const within: (readonly [string, unknown])[] = [];
  for (const keyword of HOLDING_SCHEMAS) {
    const held = parts[keyword];
    if (Array.isArray(held)) within.push(...held.map((each, n) => [`${keyword}[${n}]`, each] as const));
    else within.push([keyword, held]);
  }
  for (const keyword of HOLDING_NAMED) {
    const held = parts[keyword];
    if (!isObject(held)) within.push([keyword, held]);
    else for (const [name, each] of Object.entries(held)) within.push([`${keyword}.${name}`, each]);
  }
  for (const [name, each] of within) {
    if (each === undefined || typeof each === 'boolean') continue;
    const problem = problemOf(each, before + name, seen);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
