/**
 * Finds the error that serde_json 1 reports for a body that does not match a struct.
 *
 * Must hold:
 * - A scanner reads one body once. `readBody` uses it for bodies that its quick check does not accept.
 * - A body that passes is valid for JSON.parse and fits the struct: `readBody` parses it next.
 * - Errors have the wording of serde_json 1: clients of the core may read them.
 */
import { rustFloat } from './rust-float.ts';

/** Type of a request field; `?` = also null or absent. */
export type FieldKind = 'string' | 'string?' | 'f32?' | 'i32?';

/** Shape of a request body as the core declares it. */
export interface RequestStruct {
  readonly name: string;
  readonly fields: Readonly<Record<string, FieldKind>>;
}

/** The error of serde for a refused body. */
export class SerdeError extends Error {
  /** True: the JSON is malformed (400). False: it is valid but does not match the struct (422). */
  readonly isSyntax: boolean;

  constructor(isSyntax: boolean, message: string) {
    super(message);
    this.name = 'SerdeError';
    this.isSyntax = isSyntax;
  }
}

const EXPECTED = { string: 'a string', 'string?': 'a string', 'f32?': 'f32', 'i32?': 'i32' } as const;
const WHITESPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);
const NUMBER = /^-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/;
const ignore = (): void => undefined;
const code = (text: string): number => text.charCodeAt(0);
const [OPEN_MAP, CLOSE_MAP, OPEN_LIST, CLOSE_LIST, QUOTE, COMMA, COLON, BACKSLASH] = '{}[]",:\\'
  .split('')
  .map(code);

/**
 * Reports the first error in reading order, with line and column in bytes. A column counts the consumed bytes; an error about the
 * next byte counts that byte too.
 */
export class SerdeScanner {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** @throws {SerdeError} unless the body matches */
  scan(struct: RequestStruct): void {
    this.#space();
    const start = this.#peek();
    if (start === OPEN_MAP) this.#struct(struct);
    else if (start === OPEN_LIST) {
      const length = this.#list();
      const fields = Object.keys(struct.fields).length;
      throw this.#data(`invalid length ${length}, expected struct ${struct.name} with ${fields} elements`);
    } else throw this.#data(`invalid type: ${this.#scalar()}, expected struct ${struct.name}`);
    this.#space();
    if (this.#peek() !== undefined) throw this.#next('trailing characters');
  }

  #struct(struct: RequestStruct): void {
    const seen = new Set<string>();
    const checkKey = (key: string): void => {
      if (seen.has(key)) throw this.#data(`duplicate field \`${key}\``);
      if (Object.hasOwn(struct.fields, key)) seen.add(key);
    };
    this.#map(checkKey, (key) => {
      if (Object.hasOwn(struct.fields, key)) this.#field(key, struct.fields[key]!);
      else this.#skip();
    });
    for (const [key, kind] of Object.entries(struct.fields)) {
      if (!kind.endsWith('?') && !seen.has(key)) throw this.#data(`missing field \`${key}\``);
    }
  }

  #field(key: string, kind: FieldKind): void {
    const start = this.#peek();
    const refuse = (found: string, problem = 'type'): SerdeError =>
      this.#data(`${key}: invalid ${problem}: ${found}, expected ${EXPECTED[kind]}`);
    if (start === OPEN_MAP) throw refuse('map');
    if (start === OPEN_LIST) throw refuse('sequence');
    const from = this.#at;
    const found = this.#scalar();
    if (found === 'null' && kind.endsWith('?')) return;
    const isText = start === QUOTE;
    if (kind.startsWith('string') ? isText : kind === 'f32?' && /^(?:integer|floating)/.test(found)) return;
    if (kind === 'i32?' && found.startsWith('integer')) {
      const value = Number(this.#bytes.toString('utf8', from, this.#at));
      if (value === (value | 0)) return;
      throw refuse(found, 'value');
    }
    throw refuse(found);
  }

  #skip(): void {
    const start = this.#peek();
    if (start === OPEN_MAP) this.#map(ignore, () => this.#skip());
    else if (start === OPEN_LIST) this.#list();
    else this.#scalar();
  }

  /** Calls `checkKey` after a key, before its colon, and `readValue` at the start of its value. */
  #map(checkKey: (key: string) => void, readValue: (key: string) => void): void {
    this.#at += 1;
    for (let isFirst = true; ; isFirst = false) {
      this.#space();
      if (this.#peek() === undefined) throw this.#next('EOF while parsing an object');
      if (this.#peek() === CLOSE_MAP) break;
      if (!isFirst) {
        if (this.#peek() !== COMMA) throw this.#next('expected `,` or `}`');
        this.#at += 1;
        this.#space();
        if (this.#peek() === undefined) throw this.#next('EOF while parsing a value');
        if (this.#peek() === CLOSE_MAP) throw this.#next('trailing comma');
      }
      if (this.#peek() !== QUOTE) throw this.#next('key must be a string');
      const key = this.#string();
      checkKey(key);
      this.#space();
      if (this.#peek() === undefined) throw this.#next('EOF while parsing an object');
      if (this.#peek() !== COLON) throw this.#next('expected `:`');
      this.#at += 1;
      this.#space();
      readValue(key);
    }
    this.#at += 1;
  }

  #list(): number {
    this.#at += 1;
    let length = 0;
    for (; ; length += 1) {
      this.#space();
      if (this.#peek() === undefined) throw this.#next('EOF while parsing a list');
      if (this.#peek() === CLOSE_LIST) break;
      if (length > 0) {
        if (this.#peek() !== COMMA) throw this.#next('expected `,` or `]`');
        this.#at += 1;
        this.#space();
        if (this.#peek() === CLOSE_LIST) throw this.#next('trailing comma');
      }
      this.#skip();
    }
    this.#at += 1;
    return length;
  }

  /** Reads a string, number or literal, and describes it as serde does. */
  #scalar(): string {
    const start = this.#peek();
    if (start === undefined) throw this.#next('EOF while parsing a value');
    if (start === QUOTE) return `string ${JSON.stringify(this.#string())}`;
    for (const word of ['null', 'true', 'false']) {
      if (start === code(word)) {
        this.#word(word);
        return word === 'null' ? 'null' : `boolean \`${word}\``;
      }
    }
    const rest = this.#bytes.toString('latin1', this.#at);
    const number = NUMBER.exec(rest);
    if (number === null) {
      if (start !== code('-')) throw this.#next('expected value');
      this.#at += 1;
      throw this.#next(this.#peek() === undefined ? 'EOF while parsing a value' : 'invalid number');
    }
    this.#at += number[0].length;
    const isInteger = number[1] === undefined && number[2] === undefined;
    return isInteger ? `integer \`${number[0]}\`` : `floating point \`${rustFloat(Number(number[0]))}\``;
  }

  #word(word: string): void {
    for (const letter of word) {
      const found = this.#peek();
      if (found === undefined) throw this.#next('EOF while parsing a value');
      this.#at += 1;
      if (found !== code(letter)) throw this.#syntax('expected ident');
    }
  }

  #string(): string {
    const from = this.#at;
    this.#at += 1;
    for (;;) {
      const byte = this.#peek();
      if (byte === undefined) throw this.#syntax('EOF while parsing a string');
      this.#at += 1;
      if (byte === QUOTE) break;
      if (byte < 0x20) throw this.#syntax('control character (\\u0000-\\u001F) found while parsing a string');
      if (byte === BACKSLASH) {
        const escape = this.#peek();
        if (escape === undefined) throw this.#syntax('EOF while parsing a string');
        this.#at += 1;
        if (!'"\\/bfnrtu'.includes(String.fromCharCode(escape))) throw this.#syntax('invalid escape');
        if (escape === code('u')) this.#hex();
      }
    }
    return JSON.parse(this.#bytes.toString('utf8', from, this.#at)) as string;
  }

  #hex(): void {
    const digits = this.#bytes.toString('latin1', this.#at, this.#at + 4);
    this.#at += digits.length;
    if (digits.length < 4) throw this.#syntax('EOF while parsing a string');
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.#syntax('invalid escape');
  }

  #space(): void {
    while (WHITESPACE.has(this.#bytes[this.#at] ?? 0)) this.#at += 1;
  }

  #peek(): number | undefined {
    return this.#bytes[this.#at];
  }

  /** An error about the next byte. */
  #next(text: string): SerdeError {
    return new SerdeError(true, `${text}${this.#position(Math.min(this.#at + 1, this.#bytes.length))}`);
  }

  #syntax(text: string): SerdeError {
    return new SerdeError(true, `${text}${this.#position(this.#at)}`);
  }

  #data(text: string): SerdeError {
    return new SerdeError(false, `${text}${this.#position(this.#at)}`);
  }

  #position(end: number): string {
    const read = this.#bytes.subarray(0, end);
    const lastBreak = read.lastIndexOf(0x0a);
    let line = 1;
    for (const byte of read) if (byte === 0x0a) line += 1;
    return ` at line ${line} column ${end - lastBreak - 1}`;
  }
}
