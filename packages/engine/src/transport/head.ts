import { show } from '../show.ts';

/*
 * Header fields as they go over the wire: lines of `name: value`, each ended by CR LF. Kept as text for requests and
 * responses: most fields are never read, and text is cheapest to keep. One character is one byte (Latin-1).
 *
 * Must hold: `user/build-wire.ts` passes each part of a request through `checkToken`, `checkField` or `wirePath`. `headLine` and
 * all that writes a head escape nothing: an unchecked line break would start another header or request.
 */

/** Token: header name or method (RFC 9110, 5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Characters that a field value must not contain (RFC 9110, 5.5); a line break would start another field. */
const NOT_IN_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
/** Characters that a request line cannot contain unescaped: blanks, control characters, `#`, and non-ASCII. */
const NOT_IN_PATH = /[^\x21\x22\x24-\x7e]/;
const NOT_ASCII = /[\u0080-\uffff]+/g;
/** Cache of valid tokens: requests use the same few. */
const goodTokens = new Set<string>();
const MOST_TOKENS = 1000;

/** Why a request cannot be sent; the message continues a sentence that starts with "a request ...". */
export class RequestProblem extends Error {}

/** @throws RequestProblem if it is not a token */
export function checkToken(kind: string, text: string): void {
  if (goodTokens.has(text)) return;
  if (typeof text !== 'string' || !TOKEN.test(text)) {
    throw new RequestProblem(
      `has the ${kind} ${JSON.stringify(text)}; expected letters, digits and any of !#$%&'*+.^_\`|~-`,
    );
  }
  if (goodTokens.size < MOST_TOKENS) goodTokens.add(text);
}

/** @throws RequestProblem that does not repeat the value: it may be a secret */
export function checkField(name: string, value: string): void {
  checkToken('header name', name);
  if (typeof value === 'string' && !NOT_IN_VALUE.test(value)) return;
  throw new RequestProblem(
    `has a value of header "${name}" that cannot be sent; expected a string without line breaks and other control characters, and nothing beyond Latin-1 (as with fetch; see encodeURIComponent)`,
  );
}

/**
 * The path as it is sent, with non-ASCII characters as percent-encoded UTF-8 (WHATWG URL, percent-encode sets), as `fetch` and
 * browsers send it. Everything else is refused or sent as it is, also `%` and dot segments.
 * @throws RequestProblem
 */
export function wirePath(path: string): string {
  if (typeof path === 'string' && path.startsWith('/') && !NOT_IN_PATH.test(path)) return path;
  const refuse = (expected: string): never => {
    throw new RequestProblem(`has the path ${show(path)}; expected ${expected}`);
  };
  if (typeof path !== 'string' || !path.startsWith('/')) return refuse('a path that starts with "/"');
  if (path.includes('#')) {
    return refuse('no fragment, which is never sent to a server: write a "#" that is meant as %23');
  }
  const encoded = path.replace(NOT_ASCII, (part) => {
    try {
      return encodeURIComponent(part);
    } catch {
      // Half of a surrogate pair, such as a text that was cut in the middle of an emoji.
      return refuse('text without unpaired surrogates');
    }
  });
  if (NOT_IN_PATH.test(encoded)) {
    refuse('a path without spaces and control characters (see encodeURIComponent)');
  }
  return encoded;
}

export function headLine(name: string, value: string): string {
  return `${name}: ${value}\r\n`;
}

/** Calls back for each field of a head, in order; folded lines (RFC 9112, 5.2) are one. */
export function forEachField(head: string, visit: (name: string, value: string) => void): void {
  const text = head.includes('\r\n ') || head.includes('\r\n\t') ? head.replaceAll(/\r\n[ \t]+/g, ' ') : head;
  let at = 0;
  while (at < text.length) {
    const lineEnd = text.indexOf('\r\n', at);
    const end = lineEnd < 0 ? text.length : lineEnd;
    const colon = text.indexOf(':', at);
    if (colon > at && colon < end) visit(text.slice(at, colon), withoutBlanks(text, colon + 1, end));
    at = end + 2;
  }
}

/** Removes surrounding spaces and tabs; `trim` would also remove characters that are not white space in HTTP. */
export function withoutBlanks(text: string, from = 0, to = text.length): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

/** The fields by name, in lower case; those that come more than once joined by commas. */
export function fieldsOf(head: string): Record<string, string> {
  const fields: Record<string, string> = Object.create(null) as Record<string, string>;
  forEachField(head, (written, value) => {
    const name = written.toLowerCase();
    const before = fields[name];
    fields[name] = before === undefined ? value : `${before}, ${value}`;
  });
  return fields;
}

/** Every value of one field. @param name in lower case */
export function valuesOf(head: string, name: string): string[] {
  const values: string[] = [];
  forEachField(head, (written, value) => {
    if (written.length === name.length && written.toLowerCase() === name) values.push(value);
  });
  return values;
}
