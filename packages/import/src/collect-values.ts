import { isObject } from './json.ts';

/** A text or number in the JSON of an answer. */
export interface FoundValue {
  /** Position of the request that was answered. */
  readonly from: number;
  /** As text. */
  readonly value: string;
  readonly type: 'string' | 'number';
  /** Names and positions that lead to it. */
  readonly path: readonly (string | number)[];
}

/** Bounds the work for recordings with long lists. */
const MOST_VALUES = 20_000;
const LONGEST_VALUE = 8192;

/** The texts and numbers of an answer, in order. */
export function collectValues(answer: unknown, from: number): FoundValue[] {
  const values: FoundValue[] = [];
  const visit = (value: unknown, path: readonly (string | number)[]): void => {
    if (values.length >= MOST_VALUES) return;
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) visit(item, [...path, index]);
    } else if (isObject(value)) {
      for (const [key, item] of Object.entries(value)) if (key !== '__proto__') visit(item, [...path, key]);
    } else if ((typeof value === 'string' || typeof value === 'number') && path.length > 0) {
      const text = String(value);
      if (text !== '' && text.length <= LONGEST_VALUE)
        values.push({ from, value: text, type: typeof value === 'number' ? 'number' : 'string', path });
    }
  };
  visit(answer, []);
  return values;
}
