/**
 * Returns what is wrong with a value, or undefined. The schemas in `../schemas` define the same in JSON Schema; the
 * bundles for k6 contain no schema library, so predicates are built from these rules. `test/dialects.test.ts` checks
 * that both agree.
 */
export type Rule = (value: unknown, at: string) => string | undefined;

const describe = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'string') return value === '' ? 'an empty string' : 'a string';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
};

const wrong = (at: string, expected: string, value: unknown): string =>
  value === undefined ? `\`${at}\` is missing` : `\`${at}\` should be ${expected}, is ${describe(value)}`;

/** Any string. */
export const text: Rule = (value, at) =>
  typeof value === 'string' ? undefined : wrong(at, 'a string', value);

/** A string that is not empty. */
export const filled: Rule = (value, at) =>
  typeof value === 'string' && value !== '' ? undefined : wrong(at, 'a string that is not empty', value);

/** Any finite number. */
export const number: Rule = (value, at) =>
  typeof value === 'number' && Number.isFinite(value) ? undefined : wrong(at, 'a number', value);

/** A number within bounds. */
export const numberFrom =
  (min: number, max = Infinity): Rule =>
  (value, at) => {
    const reason = number(value, at);
    if (reason !== undefined) return reason;
    return (value as number) >= min && (value as number) <= max
      ? undefined
      : `\`${at}\` should be ${max === Infinity ? `at least ${min}` : `${min} to ${max}`}, is ${String(value)}`;
  };

/** A whole number of at least `min`. */
export const integerFrom =
  (min: number): Rule =>
  (value, at) =>
    Number.isInteger(value) ? numberFrom(min)(value, at) : wrong(at, 'a whole number', value);

/** A boolean. */
export const flag: Rule = (value, at) =>
  typeof value === 'boolean' ? undefined : wrong(at, 'true or false', value);

/** One of these strings or booleans. */
export const oneOf =
  (...allowed: readonly (string | boolean)[]): Rule =>
  (value, at) =>
    allowed.includes(value as string) ? undefined : wrong(at, allowed.map(String).join(' or '), value);

/** The rule, or null. */
export const orNull =
  (rule: Rule): Rule =>
  (value, at) =>
    value === null ? undefined : rule(value, at);

/** A list whose items follow the rule. */
export const list =
  (rule: Rule): Rule =>
  (value, at) => {
    if (!Array.isArray(value)) return wrong(at, 'an array', value);
    for (let index = 0; index < value.length; index++) {
      const reason = rule(value[index], `${at}[${index}]`);
      if (reason !== undefined) return reason;
    }
    return undefined;
  };

/** Accepts any value. */
export const anything: Rule = () => undefined;

/** An object with any keys whose values follow the rule. */
export const record =
  (rule: Rule): Rule =>
  (value, at) => {
    if (!isRecord(value)) return wrong(at, 'an object', value);
    for (const key of Object.keys(value)) {
      const reason = rule(value[key], `${at}.${key}`);
      if (reason !== undefined) return reason;
    }
    return undefined;
  };

/** An object with these fields; others are allowed. With the type parameter, a missing field is a compile error. */
export function object<T extends object>(fields: { readonly [K in keyof Required<T>]: Rule }): Rule {
  const entries = Object.entries(fields) as [string, Rule][];
  return (value, at) => {
    if (!isRecord(value)) return wrong(at, 'an object', value);
    for (const [key, rule] of entries) {
      const reason = rule(value[key], at === 'body' ? key : `${at}.${key}`);
      if (reason !== undefined) return reason;
    }
    return undefined;
  };
}

/** Whether the value is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
