import { AnswerError, HEADERS_TOO_LARGE, invalidHttp } from '../failure.ts';
import { withoutBlanks } from '../head.ts';

/*
 * Byte-level helpers of the response parser. `statusOf` reads a whole head, which `endOfHead` has found: it does not look at the
 * length. Heads are read as `latin1`.
 */

/** Most bytes of a head, or of trailers: Node's own limit (https://nodejs.org/api/cli.html#--max-http-header-sizesize). */
export const MAX_HEAD_BYTES = 16 * 1024;
export const CR = 13;
export const LF = 10;
export const SPACE = 32;
export const TAB = 9;
export const COLON = 58;
export const SEMICOLON = 59;

/** 1: may be in a name, and in a value; 2: in a value only. */
export const KIND = new Uint8Array(256);
export const IN_NAME = 1;
for (let byte = 0; byte < 256; byte++) {
  if (byte === TAB || (byte >= SPACE && byte !== 127)) KIND[byte] = 2;
}
for (const character of "!#$%&'*+.^_`|~0123456789-") KIND[character.charCodeAt(0)] = IN_NAME;
for (let letter = 0; letter < 26; letter++) {
  KIND[65 + letter] = IN_NAME;
  KIND[97 + letter] = IN_NAME;
}

/** @param name in lower case */
export function isField(bytes: Buffer, from: number, length: number, name: string): boolean {
  if (length !== name.length) return false;
  // Sets the lower-case bit. Among the bytes allowed in a name, only an upper-case letter becomes a letter by it.
  for (let k = 0; k < length; k++) if ((bytes[from + k]! | 32) !== name.charCodeAt(k)) return false;
  return true;
}

export function textOf(bytes: Buffer, from: number, to: number): string {
  const text = bytes.toString('latin1', from, to);
  // A line break here can only belong to a folded line (RFC 9112, 5.2).
  return withoutBlanks(text.includes('\r') ? text.replaceAll('\r\n', ' ') : text);
}

export function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB;
}

/** Index after the empty line; -1 if it has not arrived. */
export function endOfHead(bytes: Buffer, from: number, length: number): number {
  for (let at = from + 3; at < length; at++) {
    if (bytes[at] !== LF) continue;
    if (bytes[at - 1] !== CR) throw invalidHttp('a line that ends without CR');
    if (bytes[at - 2] === LF && bytes[at - 3] === CR) return at + 1;
  }
  return -1;
}

const BEGINNING = 'HTTP/1.';

/** Rejects another protocol by its first bytes: it may never send the empty line that ends a head. */
export function checkBeginning(bytes: Buffer, from: number, length: number): void {
  const end = Math.min(length - from, BEGINNING.length);
  for (let place = 0; place < end; place++) {
    if (bytes[from + place] !== BEGINNING.charCodeAt(place))
      throw invalidHttp('it does not begin with HTTP/1.');
  }
}

/** Of a status line such as `HTTP/1.1 200 OK`. */
export function statusOf(bytes: Buffer, from: number): number {
  checkBeginning(bytes, from, from + BEGINNING.length);
  const minor = bytes[from + 7]!;
  const hundreds = bytes[from + 9]! - 48;
  const tens = bytes[from + 10]! - 48;
  const ones = bytes[from + 11]! - 48;
  const after = bytes[from + 12]!;
  const digits = hundreds >= 1 && hundreds <= 9 && tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9;
  if (
    (minor !== 48 && minor !== 49) ||
    bytes[from + 8] !== SPACE ||
    !digits ||
    (after !== SPACE && after !== CR)
  ) {
    throw invalidHttp('a status line without a status');
  }
  return hundreds * 100 + tens * 10 + ones;
}

export function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

export function tooLarge(limit: number): AnswerError {
  return new AnswerError(
    `the response headers are larger than ${limit} bytes (maxHeaderBytes)`,
    HEADERS_TOO_LARGE,
  );
}
