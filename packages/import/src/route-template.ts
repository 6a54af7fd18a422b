import type { Pair } from './model.ts';
import { camelName, singular } from './names.ts';

/** A path as a route with parameters. */
export interface RouteAndParams {
  readonly route: string;
  readonly params: readonly Pair[];
}

const NUMBER = /^-?\d+$/;
const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;
/** Hashes, ids of MongoDB, ULIDs, and such. */
const HEX = /^[\da-f]{16,}$/i;
const MIXED = /^(?=.*\d)(?=.*[A-Za-z])[\w~.-]{16,}$/;
const PREFIXED = /^[A-Za-z]{1,10}[_-](?=[\w-]*\d)[\w-]{3,}$/;

/** Whether a segment of a path looks like an id and not like a word of the API. */
function isIdLike(segment: string): boolean {
  return (
    NUMBER.test(segment) ||
    UUID.test(segment) ||
    HEX.test(segment) ||
    (MIXED.test(segment) && !/\.\w{1,5}$/.test(segment)) ||
    PREFIXED.test(segment)
  );
}

/**
 * A recorded path as a route: ids become parameters, `{id}`, or named by what stands before them where there are several.
 *
 * @param path percent-encoded, without a query
 * @param isId whether a segment, decoded, is an id for another reason
 */
export function routeTemplate(path: string, isId: (segment: string) => boolean): RouteAndParams {
  const segments = path.split('/');
  const places = segments.flatMap((segment, place) => {
    const plain = decoded(segment);
    return plain !== undefined && plain !== '' && (isIdLike(plain) || isId(plain)) ? [place] : [];
  });
  const params: Pair[] = [];
  const names = new Set<string>();
  for (const place of places) {
    const before = camelName(singular(segments[place - 1] ?? ''));
    let name = places.length === 1 || before === '' || isIdLike(before) ? 'id' : `${before}Id`;
    for (let number = 2; names.has(name); number++) name = `${name.replace(/\d+$/, '')}${number}`;
    names.add(name);
    params.push([name, decoded(segments[place]!) ?? '']);
    segments[place] = `{${name}}`;
  }
  return { route: segments.join('/'), params };
}

/** `undefined` for what is not UTF-8, and for `.` and `..`, which a URL parser removes. */
function decoded(segment: string): string | undefined {
  try {
    const plain = decodeURIComponent(segment);
    return /^\.{1,2}$/.test(plain) ? undefined : plain;
  } catch {
    return undefined;
  }
}

/** A path of a document as a request line has it; escapes that it has already are kept. */
export function encodedPath(text: string): string {
  return encodeURI(text.replaceAll(/\p{Surrogate}/gu, '\ufffd')).replaceAll('%25', '%');
}
