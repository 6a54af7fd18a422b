import type { ImportedBody, Pair, Value } from './model.ts';

/** Headers that are not copied: the engine sets them, or they belong to the recorded connection or browser. */
const NOT_KEPT =
  /^(:.*|host|connection|keep-alive|proxy-.*|content-length|transfer-encoding|te|trailer|upgrade|expect|user-agent|referer|origin|dnt|priority|pragma|cache-control|upgrade-insecure-requests|sec-.*|if-(none-match|modified-since|match|range|unmodified-since)|range|x-client-data|purpose|traceparent|tracestate|x-load-.*)$/;
/** The syntax of a name (RFC 9110, 5.6.2). */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
/** What a value may hold, as in `transport/head.ts` of the engine, which refuses the rest. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * The headers that a test file sends, names in lower case: without those of the connection and of the browser, those that the
 * engine refuses, and the content type of a body, which the body holds.
 */
export function keptHeaders(
  headers: readonly (readonly [name: string, value: Value])[],
  body: ImportedBody | undefined,
): readonly Pair[] {
  return headers.flatMap(([given, value]): Pair[] => {
    const name = given.trim().toLowerCase();
    if (!NAME.test(name) || NOT_KEPT.test(name)) return [];
    if (typeof value === 'string' && !VALUE.test(value)) return [];
    if (name === 'content-type' && body !== undefined) return [];
    if (name === 'accept' && value === '*/*') return [];
    // The list that browsers send when they load a page, shortened.
    if (name === 'accept' && typeof value === 'string' && value.startsWith('text/html,'))
      return [[name, 'text/html']];
    if (name === 'accept-encoding') {
      const known = typeof value === 'string' ? decodable(value) : '';
      return known === '' ? [] : [[name, known]];
    }
    return [[name, typeof value === 'string' ? value.trim() : value]];
  });
}

/** The value of a header; empty without it. */
export function headerOf(headers: readonly (readonly [string, string])[], name: string): string {
  return headers.find(([each]) => each.toLowerCase() === name)?.[1] ?? '';
}

/** The encodings of a list that answers can be decoded from. */
function decodable(value: string): string {
  const names = value.split(',').map((each) => each.trim().toLowerCase());
  return names.filter((name) => /^(gzip|deflate|br)$/.test(name)).join(', ');
}
