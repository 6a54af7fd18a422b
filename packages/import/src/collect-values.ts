import { isObject } from './json.ts';

/** A text or number in the JSON of an answer. */
export interface FoundValue {
  /** Position of the request that was answered. */
  readonly from: number;
  /** As text. */
  readonly value: string;
  readonly type: 'string' | 'number';
  /** Names and positions that lead to it; of a field of a page, its name. */
  readonly path: readonly (string | number)[];
  /**
   * Source of a regular expression that finds it in a page; absent: it is in JSON. It is written into the test file: only
   * `collectTokens` makes it, of names without any character but letters, digits and `_.:[]-`. Applied with the flag `i`; group 1
   * is the value.
   */
  readonly pattern?: string;
  /** How many matches of `pattern` in the page precede it: forms may have fields of one name. @default 0 */
  readonly skip?: number;
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

/** Tags that hold tokens: hidden fields of forms, and `<meta name="csrf-token" content="...">`. */
const TOKEN_TAGS = /<(input|meta)\b[^<>]*>/gi;
const MOST_TAGS = 1000;
/** Longer pages are not searched to their end. */
const LONGEST_PAGE = 1_000_000;

/** Values of hidden fields and of meta tags of a page, in order. Values with entities of HTML are left out. */
export function collectTokens(page: string | undefined, from: number): FoundValue[] {
  if (page === undefined) return [];
  const values: FoundValue[] = [];
  const tags: string[] = [];
  for (const [tag, kind = ''] of page.slice(0, LONGEST_PAGE).matchAll(TOKEN_TAGS)) {
    if (tags.push(tag) > MOST_TAGS) break;
    const isMeta = kind.toLowerCase() === 'meta';
    if (!isMeta && !/\btype\s*=\s*["']?hidden\b/i.test(tag)) continue;
    const name = /\sname="([\w.:[\]-]+)"/i.exec(tag);
    const value = (isMeta ? /\scontent="([^"&<>]+)"/i : /\svalue="([^"&<>]+)"/i).exec(tag);
    if (name?.[1] === undefined || value?.[1] === undefined || value[1].length > LONGEST_VALUE) continue;
    const named = `\\sname="${name[1].replaceAll(/[.[\]]/g, String.raw`\$&`)}"`;
    const holds = `\\s${isMeta ? 'content' : 'value'}="([^"]*)"`;
    const parts = name.index < value.index ? [named, holds] : [holds, named];
    const pattern = `<${kind.toLowerCase()}\\b[^<>]*${parts.join('[^<>]*')}`;
    const matching = new RegExp(pattern, 'i');
    const skip = tags.slice(0, -1).filter((earlier) => matching.test(earlier)).length;
    values.push({
      from,
      value: value[1],
      type: 'string',
      path: [name[1]],
      pattern,
      ...(skip === 0 ? {} : { skip }),
    });
  }
  return values;
}
