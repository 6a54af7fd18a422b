import { nearestName } from '@jarvis-load/engine/did-you-mean';
import { MockError } from '../mock-error.ts';
import { choicesOf, isNullable, withoutNull } from './schema-node.ts';
import type { SchemaNode } from './schema-node.ts';

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
const NONE = new Set(['none', 'off', 'null']);

/** Only these keys take units such as `2s`: `schema.ts` names durations so. */
const isDurationKey = (key: string): boolean => /(?:Ms|\.ms)$/.test(key);

/** Error for a rejected value: names the key, the value, and what was expected. */
export function refuse(key: string, value: unknown, expected: string): MockError {
  const shown = typeof value === 'string' ? `"${value}"` : JSON.stringify(value);
  return new MockError('invalid_setting', `Mock setting ${key}: got ${shown}, expected ${expected}.`);
}

function readNumber(key: string, value: unknown, node: SchemaNode): number {
  const isDuration = isDurationKey(key);
  const expected = describeNumber(key, node);
  let parsed = Number.NaN;
  if (typeof value === 'number') parsed = value;
  else if (typeof value === 'string') {
    const match = /^(\d+(?:\.\d+)?|-?\d+)(ms|s|m|h|%)?$/.exec(value.trim());
    const unit = match?.[2];
    if (match !== null && unit === '%' && node.maximum === 1) parsed = Number(match[1]) / 100;
    else if (match !== null && unit === undefined) parsed = Number(match[1]);
    else if (match !== null && isDuration && unit !== '%')
      parsed = Number(match[1]) * UNIT_MS[unit as keyof typeof UNIT_MS];
  }
  const bad =
    !Number.isFinite(parsed) ||
    (node.type === 'integer' && !Number.isInteger(parsed)) ||
    (node.minimum !== undefined && parsed < node.minimum) ||
    (node.exclusiveMinimum !== undefined && parsed <= node.exclusiveMinimum) ||
    (node.maximum !== undefined && parsed > node.maximum);
  if (bad) throw refuse(key, value, expected);
  return parsed;
}

function describeNumber(key: string, node: SchemaNode): string {
  if (isDurationKey(key)) {
    const lowest = node.exclusiveMinimum === undefined ? '' : ' above 0';
    return `a duration${lowest} such as 400ms, 2s or 1m (a bare number is milliseconds)`;
  }
  if (node.maximum === 1) return 'a share from 0 to 1, or a percentage such as 2%';
  const kind = node.type === 'integer' ? 'a whole number' : 'a number';
  if (node.minimum !== undefined && node.maximum !== undefined)
    return `${kind} from ${node.minimum} to ${node.maximum}`;
  return node.minimum === undefined ? kind : `${kind}, at least ${node.minimum}`;
}

function readList(key: string, value: unknown, items: SchemaNode): unknown[] {
  const parts =
    typeof value === 'string'
      ? value
          .split(',')
          .map((part) => part.trim())
          .filter((part) => part !== '')
      : value;
  if (!Array.isArray(parts)) throw refuse(key, value, 'a list, comma-separated');
  return parts.map((part: unknown) => readValue(key, part, items));
}

function readChoice(key: string, value: unknown, choices: readonly string[]): string {
  if (typeof value === 'string' && choices.includes(value)) return value;
  const near = typeof value === 'string' ? nearestName(value, choices) : undefined;
  const hint = near === undefined ? '' : ` (did you mean ${near}?)`;
  throw refuse(key, value, `one of ${choices.join(', ')}${hint}`);
}

/**
 * Reads one value for a leaf of the configuration, from a flag's text or from JSON.
 * @throws {MockError} `invalid_setting`
 */
export function readValue(key: string, value: unknown, node: SchemaNode): unknown {
  if (isNullable(node)) {
    if (value === null || (typeof value === 'string' && NONE.has(value))) return null;
    try {
      return readValue(key, value, withoutNull(node));
    } catch (error) {
      if (!(error instanceof MockError)) throw error;
      throw new MockError(error.code, `${error.message.slice(0, -1)}, or none.`);
    }
  }
  const choices = choicesOf(node);
  if (choices !== undefined) return readChoice(key, value, choices);
  switch (node.type) {
    case 'number':
    case 'integer':
      return readNumber(key, value, node);
    case 'boolean':
      if (value === true || value === 'true' || value === 'on') return true;
      if (value === false || value === 'false' || value === 'off') return false;
      throw refuse(key, value, 'true or false');
    case 'array':
      return readList(key, value, node.items!);
    default:
      if (typeof value !== 'string' || value === '') throw refuse(key, value, 'a text');
      if (node.pattern !== undefined && !new RegExp(node.pattern).test(value)) {
        throw refuse(key, value, `a text of the form ${node.pattern}`);
      }
      return value;
  }
}
