/*
 * Reads the values of one object of options, checked: an error names the owner, the path, the value and what was expected. Tables
 * of `Rules` and the resolvers of executors say what kind each option is; what options are to each other is checked by who reads
 * them. What scenario code gives a request is checked by `user/check-spec.ts`.
 *
 * Must hold:
 * - Each object, but for maps of names of the caller's own, is given to `allow` or `allowOwn` (`check` of `rules.ts` does it), or a
 *   misspelt option would take its default.
 * - Errors show the value: one that may be a secret is read by `secretText` of `rules.ts`.
 */

import { didYouMean } from '../did-you-mean.ts';
import { MAX_TIMER_MS, DURATION_FORM, formatDuration, readDuration } from '../duration.ts';
import { EngineError, type EngineErrorCode } from '../errors.ts';
import type { Tags } from '../model/scenario.ts';
import { reasonOf, show } from '../show.ts';

/** Largest accepted number of users; more are taken for a typing error. */
export const MOST_USERS = 1_000_000;
/** Of one scenario or user: with a million users the sum is still exact in a double. */
export const MOST_ITERATIONS = 1_000_000_000;

/** Option names of k6, with what to do here. */
const FOREIGN_OPTIONS: Readonly<Record<string, string>> = {
  executor: "It is called 'kind' here.",
  type: "It is called 'kind' here.",
  exec: "A scenario has its own code here ('run' or 'tasks'): remove it.",
  env: 'Scenario code takes its settings from the program that defines it: remove it.',
};

/** Owner of the options, named in errors. */
export interface OptionOwner {
  /** At the start of each error, such as `scenario 'chat'`; empty: nothing. */
  readonly name: string;
  /** What an unknown name is called, such as `executor option`. */
  readonly noun: string;
  readonly code: EngineErrorCode;
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** Reads one object of options, checked. */
export class OptionReader {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #owner: OptionOwner;
  readonly #path: string;

  /** @param path put before option names, such as `stages[2].` */
  constructor(values: object, owner: OptionOwner, path = '') {
    this.#values = values as Readonly<Record<string, unknown>>;
    this.#owner = owner;
    this.#path = path;
  }

  has(option: string): boolean {
    return this.value(option) !== undefined;
  }

  /** The unchecked value, for options with their own parser. */
  value(option: string): unknown {
    try {
      return this.#values[option];
    } catch (cause) {
      const reason = reasonOf(cause);
      throw this.error(`${this.#path}${option} cannot be read, its getter threw: ${reason}.`);
    }
  }

  /** Its path from the root, for errors. */
  pathOf(option: string): string {
    return `${this.#path}${option}`;
  }

  /** Rejects names similar to a known one, as probable misspellings; allows others as the caller's own. */
  allowOwn(known: readonly string[]): void {
    for (const option of this.names) {
      if (known.includes(option)) continue;
      const hint = didYouMean(option, known).trim();
      if (hint !== '') throw this.error(`unknown ${this.#owner.noun} ${show(this.pathOf(option))}.`, hint);
    }
  }

  /** Rejects unknown options: a misspelt one would silently take its default. */
  allow(known: readonly string[]): void {
    for (const option of this.names) {
      if (known.includes(option)) continue;
      const foreign = this.#owner.noun === 'executor option' && Object.hasOwn(FOREIGN_OPTIONS, option);
      const hint = foreign ? FOREIGN_OPTIONS[option]! : didYouMean(option, known).trim();
      throw this.error(
        `unknown ${this.#owner.noun} ${show(this.pathOf(option))}.`,
        hint,
        `Known: ${known.join(', ')}.`,
      );
    }
  }

  duration(option: string, defaultMs?: number, rule: 'any' | 'positive' = 'any'): number {
    if (!this.has(option) && defaultMs !== undefined) return defaultMs;
    const ms = readDuration(this.value(option));
    if (ms === undefined || (rule === 'positive' && ms === 0)) {
      this.reject(
        option,
        `a duration ${rule === 'positive' ? 'above 0' : 'of at least 0'}: ${DURATION_FORM}`,
      );
    }
    if (ms > MAX_TIMER_MS) this.reject(option, `a duration of at most ${formatDuration(MAX_TIMER_MS)}`);
    return ms;
  }

  integer(option: string, minimum: number, defaultValue?: number, maximum = MOST_USERS): number {
    if (!this.has(option) && defaultValue !== undefined) return defaultValue;
    const value = this.value(option);
    if (typeof value !== 'number' || !Number.isInteger(value) || value < minimum || value > maximum) {
      this.reject(option, `a whole number from ${minimum} to ${maximum}`);
    }
    return value;
  }

  number(
    option: string,
    rule: 'any' | 'positive',
    defaultValue?: number,
    maximum = Number.MAX_VALUE,
    what = 'a number',
  ): number {
    if (!this.has(option) && defaultValue !== undefined) return defaultValue;
    const value = this.value(option);
    const fits = typeof value === 'number' && value <= maximum && (rule === 'any' ? value >= 0 : value > 0);
    if (!fits) {
      const most = maximum === Number.MAX_VALUE ? '' : `, at most ${maximum}`;
      this.reject(option, `${what} ${rule === 'any' ? 'of at least 0' : 'above 0'}${most}`);
    }
    return value;
  }

  /** A text that is not empty. */
  text(option: string, expected = 'a non-empty string'): string {
    const value = this.value(option);
    if (typeof value !== 'string' || value === '') this.reject(option, expected);
    return value;
  }

  flag(option: string): boolean {
    const value = this.value(option);
    if (typeof value !== 'boolean') this.reject(option, 'true or false');
    return value;
  }

  choice<const Choice extends string>(
    option: string,
    choices: readonly Choice[],
    defaultValue: Choice,
  ): Choice {
    if (!this.has(option)) return defaultValue;
    const value = this.value(option);
    const found = choices.find((choice) => choice === value);
    if (found === undefined) {
      const hint = typeof value === 'string' ? didYouMean(value, choices) : '';
      this.reject(option, `one of ${choices.map(show).join(', ')}`, hint.trim());
    }
    return found;
  }

  callback(option: string, example: string): unknown {
    const value = this.value(option);
    if (typeof value !== 'function') this.reject(option, `a function, such as ${example}`);
    return value;
  }

  tags(option: string): Tags {
    const value = this.value(option);
    if (value === undefined) return {};
    const expected = "an object of strings, such as { team: 'voice' }";
    if (!isPlainObject(value)) this.reject(option, expected);
    const reader = new OptionReader(value, this.#owner);
    if (!reader.names.every((name) => typeof reader.value(name) === 'string')) this.reject(option, expected);
    return { ...(value as Tags) };
  }

  /** An object with its own reader. */
  object(option: string, example: string): OptionReader {
    const value = this.value(option);
    if (!isPlainObject(value)) this.reject(option, `an object, such as ${example}`);
    return new OptionReader(value, this.#owner, `${this.#path}${option}.`);
  }

  /** Names of the given options. */
  get names(): string[] {
    return Object.keys(this.#values);
  }

  /** A list of objects, each with its own reader. @param what one of them is */
  list(option: string, what: string, example: string, least = 1): OptionReader[] {
    const value = this.value(option);
    if (!Array.isArray(value) || value.length < least) {
      const list =
        least === 0
          ? `a list, each ${withArticle(what)}`
          : `a list of at least ${least === 1 ? 'one' : least} ${what}`;
      this.reject(option, `${list}, such as ${example}`);
    }
    // Not `map`, which skips the holes of a sparse list.
    return Array.from(value, (item: unknown, index) => {
      if (!isPlainObject(item)) {
        throw this.error(
          `${this.#path}${option}[${index}] is ${show(item)}; expected ${withArticle(what)}, such as ${example}.`,
        );
      }
      return new OptionReader(item, this.#owner, `${this.#path}${option}[${index}].`);
    });
  }

  /** An error that starts with whose options these are. */
  error(...sentences: readonly string[]): EngineError {
    const { name, code } = this.#owner;
    return new EngineError(code, `${name === '' ? '' : `${name}: `}${sentences.filter(Boolean).join(' ')}`);
  }

  /** Rejects the value. @param expected continues the sentence after `expected` */
  reject(option: string, expected: string, hint = ''): never {
    const name = `${this.#path}${option}`;
    const wrong = this.has(option) ? `${name} is ${show(this.value(option))}` : `${name} is missing`;
    throw this.error(`${wrong}; expected ${expected}.`, hint);
  }
}

/** Whether options can be read from a value; false for a list or a `Map`, whose content would be ignored. */
export function isPlainObject(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Map) &&
    !(value instanceof Set) &&
    !(value instanceof Promise)
  );
}
