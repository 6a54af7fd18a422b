import { EngineError } from '../errors.ts';

/** Reads a short text from left to right; every error names the text, the position and what was expected. */
export class Scanner {
  readonly #text: string;
  readonly #what: string;
  readonly #examples: string;
  #position = 0;

  /**
   * @param what names the text in errors, such as `threshold 'p(95)<500' of http_req_duration`
   * @param examples closes each error
   */
  constructor(text: string, what: string, examples: string) {
    this.#text = text;
    this.#what = what;
    this.#examples = examples;
  }

  /** What matches here, or `undefined` without moving. The pattern must be sticky. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found !== undefined) this.#position = pattern.lastIndex;
    return found;
  }

  /** What matches here. @throws EngineError `invalid-threshold` saying that `what` was expected */
  expect(pattern: RegExp, what: string): string {
    return this.take(pattern) ?? this.fail(what);
  }

  skipSpace(): void {
    this.take(/\s*/y);
  }

  /** What has been read, and the rest. */
  split(): readonly [string, string] {
    return [this.#text.slice(0, this.#position), this.#text.slice(this.#position)];
  }

  get atEnd(): boolean {
    return this.#position === this.#text.length;
  }

  /** @param back how many characters before the current position the fault lies */
  fail(expected: string, back = 0): never {
    const at = this.#position - back;
    const rest = this.#text.slice(at, at + 20);
    const found = rest === '' ? 'the text ends' : `found '${rest}'`;
    throw new EngineError(
      'invalid-threshold',
      `${this.#what}: at character ${at + 1} ${found}; expected ${expected}. Examples: ${this.#examples}.`,
    );
  }
}
