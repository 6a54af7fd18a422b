/**
 * Finds the error that serde_json 1 reports for a body that does not match a struct.
 *
 * Must hold:
 * - A scanner reads one body once. `readBody` uses it for bodies that its quick check does not accept.
 * - A body that passes is valid for JSON.parse and fits the struct: `readBody` parses it next.
 * - Errors have the wording of serde_json 1, with the path that axum puts before those in a value: clients of the core may read them.
 * - Values of unknown fields may be nested to any depth: serde reads them without recursion, and so does `#skip`.
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
const CONTROL = 'control character (\\u0000-\\u001F) found while parsing a string';
const WHITESPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);
/** Of u64 and i64: serde reads integers beyond them as floats. */
const [LEAST, MOST] = [-(2n ** 63n), 2n ** 64n - 1n];
const LONGEST_INTEGER = 20;
const MOST_EXPONENT = 2 ** 31 - 1;
/** From here on serde writes an exponent. */
const LONG_FLOAT = 1e16;
const code = (text: string): number => text.charCodeAt(0);
const [OPEN_MAP, CLOSE_MAP, OPEN_LIST, CLOSE_LIST, QUOTE, COMMA, COLON, BACKSLASH, MINUS, ZERO] =
  '{}[]",:\\-0'.split('').map(code);
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/**
 * Reports the first error in reading order, with line and column in bytes. A column counts the consumed bytes; an error about the
 * next byte counts that byte too.
 */
export class SerdeScanner {
  readonly #bytes: Buffer;
  #at = 0;
  /** Of the value that is being read: a field, or the place in a list. */
  #path: string | undefined;
  /** Within a value that nobody uses: serde checks less of it. */
  #isSkipping = false;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** @throws {SerdeError} unless the body matches */
  scan(struct: RequestStruct): void {
    this.#space();
    const start = this.#peek();
    if (start === OPEN_MAP) this.#struct(struct);
    else if (start === OPEN_LIST) this.#sequence(struct);
    else throw this.#data(`invalid type: ${this.#scalar()}, expected struct ${struct.name}`);
    this.#space();
    if (this.#peek() !== undefined) throw this.#next('trailing characters');
  }

  #struct(struct: RequestStruct): void {
    const seen = new Set<string>();
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
      if (seen.has(key)) throw this.#data(`duplicate field \`${key}\``);
      const kind = Object.hasOwn(struct.fields, key) ? struct.fields[key] : undefined;
      if (kind !== undefined) seen.add(key);
      this.#colon();
      this.#space();
      this.#path = key;
      if (kind === undefined) this.#skip();
      else this.#field(kind);
      this.#path = undefined;
    }
    this.#at += 1;
    for (const [key, kind] of Object.entries(struct.fields)) {
      if (!kind.endsWith('?') && !seen.has(key)) throw this.#data(`missing field \`${key}\``);
    }
  }

  /** A list with the values of all fields, in their order. */
  #sequence({ name, fields }: RequestStruct): void {
    const kinds = Object.values(fields);
    this.#at += 1;
    for (const [index, kind] of kinds.entries()) {
      this.#space();
      if (this.#peek() === undefined) throw this.#next('EOF while parsing a list');
      if (this.#peek() === CLOSE_LIST) {
        this.#at += 1;
        throw this.#data(`invalid length ${index}, expected struct ${name} with ${kinds.length} elements`);
      }
      if (index > 0) {
        if (this.#peek() !== COMMA) throw this.#next('expected `,` or `]`');
        this.#at += 1;
        this.#space();
        if (this.#peek() === undefined) throw this.#next('EOF while parsing a value');
        if (this.#peek() === CLOSE_LIST) throw this.#next('trailing comma');
      }
      this.#path = `[${index}]`;
      this.#field(kind);
      this.#path = undefined;
    }
    this.#space();
    if (this.#peek() === undefined) throw this.#next('EOF while parsing a list');
    if (this.#peek() === COMMA) {
      this.#at += 1;
      this.#space();
      throw this.#next(this.#peek() === CLOSE_LIST ? 'trailing comma' : 'trailing characters');
    }
    if (this.#peek() !== CLOSE_LIST) throw this.#next('trailing characters');
    this.#at += 1;
  }

  #field(kind: FieldKind): void {
    const start = this.#peek();
    const refuse = (found: string, problem = 'type'): SerdeError =>
      this.#data(`invalid ${problem}: ${found}, expected ${EXPECTED[kind]}`);
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

  #colon(): void {
    this.#space();
    if (this.#peek() === undefined) throw this.#next('EOF while parsing an object');
    if (this.#peek() !== COLON) throw this.#next('expected `:`');
    this.#at += 1;
  }

  /** Reads a value that nobody uses. */
  #skip(): void {
    this.#isSkipping = true;
    /** The lists and maps that are open. */
    const open: { readonly isMap: boolean }[] = [];
    do {
      this.#space();
      const start = this.#peek();
      if (start === OPEN_LIST || start === OPEN_MAP) {
        this.#at += 1;
        open.push({ isMap: start === OPEN_MAP });
        if (!this.#closes(open, true)) continue;
      } else this.#scalar();
      while (open.length > 0 && this.#closes(open, false));
    } while (open.length > 0);
    this.#isSkipping = false;
  }

  /** Closes the innermost list or map of `open`, or goes to its next value. @returns whether it was closed */
  #closes(open: { readonly isMap: boolean }[], isFirst: boolean): boolean {
    const { isMap } = open.at(-1)!;
    this.#space();
    const next = this.#peek();
    if (next === undefined) throw this.#next(`EOF while parsing ${isMap ? 'an object' : 'a list'}`);
    if (next === (isMap ? CLOSE_MAP : CLOSE_LIST)) {
      this.#at += 1;
      open.pop();
      return true;
    }
    if (!isFirst) {
      if (next !== COMMA) throw this.#next(`expected \`,\` or \`${isMap ? '}' : ']'}\``);
      this.#at += 1;
    }
    if (!isMap) return false;
    this.#space();
    if (this.#peek() === undefined) throw this.#next('EOF while parsing an object');
    if (this.#peek() !== QUOTE) throw this.#next('key must be a string');
    this.#string();
    this.#colon();
    return false;
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
    if (start !== MINUS && !isDigit(start)) throw this.#next('expected value');
    const from = this.#at;
    const isFloat = this.#number();
    if (this.#isSkipping) return 'number';
    const text = this.#bytes.toString('latin1', from, this.#at);
    const isInteger = !isFloat && text !== '-0' && text.length <= LONGEST_INTEGER;
    if (isInteger && BigInt(text) >= LEAST && BigInt(text) <= MOST) return `integer \`${text}\``;
    const value = Number(text);
    if (!Number.isFinite(value)) throw this.#syntax('number out of range');
    const shown =
      Math.abs(value) >= LONG_FLOAT
        ? value.toExponential()
        : Object.is(value, -0)
          ? '-0.0'
          : rustFloat(value);
    return `floating point \`${shown}\``;
  }

  /** @returns whether it has a fraction or an exponent */
  #number(): boolean {
    const from = this.#at;
    if (this.#peek() === MINUS) this.#at += 1;
    const first = this.#digit();
    if (first === ZERO && isDigit(this.#peek())) throw this.#next('invalid number');
    this.#digits();
    const isFraction = this.#peek() === code('.');
    if (isFraction) {
      this.#at += 1;
      this.#digit();
      this.#digits();
    }
    if (this.#peek() !== code('e') && this.#peek() !== code('E')) return isFraction;
    const isZero = !/[1-9]/.test(this.#bytes.toString('latin1', from, this.#at));
    this.#at += 1;
    const isNegative = this.#peek() === MINUS;
    if (isNegative || this.#peek() === code('+')) this.#at += 1;
    let exponent = this.#digit() - ZERO!;
    for (; isDigit(this.#peek()); this.#at += 1) {
      exponent = exponent * 10 + this.#peek()! - ZERO!;
      if (exponent <= MOST_EXPONENT || isZero || isNegative || this.#isSkipping) continue;
      this.#at += 1;
      throw this.#syntax('number out of range');
    }
    return true;
  }

  /** Reads one digit, which must be there. */
  #digit(): number {
    const digit = this.#peek();
    if (!isDigit(digit))
      throw this.#next(
        digit === undefined && !this.#isSkipping ? 'EOF while parsing a value' : 'invalid number',
      );
    this.#at += 1;
    return digit!;
  }

  #digits(): void {
    while (isDigit(this.#peek())) this.#at += 1;
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
      if (byte < 0x20 && this.#isSkipping) throw this.#syntax(CONTROL);
      this.#at += 1;
      if (byte === QUOTE) break;
      if (byte < 0x20) throw this.#syntax(CONTROL);
      if (byte === BACKSLASH) this.#escape();
    }
    return JSON.parse(this.#bytes.toString('utf8', from, this.#at)) as string;
  }

  #escape(): void {
    const escape = this.#peek();
    if (escape === undefined) throw this.#syntax('EOF while parsing a string');
    this.#at += 1;
    if (!'"\\/bfnrtu'.includes(String.fromCharCode(escape))) throw this.#syntax('invalid escape');
    if (escape !== code('u')) return;
    const unit = this.#hex();
    if (this.#isSkipping || unit < 0xd800 || unit > 0xdfff) return;
    if (unit >= 0xdc00) throw this.#syntax('lone leading surrogate in hex escape');
    for (const byte of [BACKSLASH, code('u')]) {
      if (this.#peek() === undefined) throw this.#syntax('EOF while parsing a string');
      this.#at += 1;
      if (this.#bytes[this.#at - 1] !== byte) throw this.#syntax('unexpected end of hex escape');
    }
    const second = this.#hex();
    if (second < 0xdc00 || second > 0xdfff) throw this.#syntax('lone leading surrogate in hex escape');
  }

  #hex(): number {
    const digits = this.#bytes.toString('latin1', this.#at, this.#at + 4);
    this.#at += digits.length;
    if (digits.length < 4) throw this.#syntax('EOF while parsing a string');
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.#syntax('invalid escape');
    return Number.parseInt(digits, 16);
  }

  #space(): void {
    while (WHITESPACE.has(this.#bytes[this.#at] ?? 0)) this.#at += 1;
  }

  #peek(): number | undefined {
    return this.#bytes[this.#at];
  }

  /** An error about the next byte. */
  #next(text: string): SerdeError {
    return this.#error(true, text, Math.min(this.#at + 1, this.#bytes.length));
  }

  #syntax(text: string): SerdeError {
    return this.#error(true, text, this.#at);
  }

  #data(text: string): SerdeError {
    return this.#error(false, text, this.#at);
  }

  #error(isSyntax: boolean, text: string, end: number): SerdeError {
    const path = this.#path === undefined ? '' : `${this.#path}: `;
    return new SerdeError(isSyntax, `${path}${text}${this.#position(end)}`);
  }

  #position(end: number): string {
    const read = this.#bytes.subarray(0, end);
    const lastBreak = read.lastIndexOf(0x0a);
    let line = 1;
    for (const byte of read) if (byte === 0x0a) line += 1;
    return ` at line ${line} column ${end - lastBreak - 1}`;
  }
}
