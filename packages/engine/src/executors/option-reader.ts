import { didYouMean } from '../did-you-mean.ts';
import { DURATION_FORM, readDuration } from '../duration.ts';
import { EngineError } from '../errors.ts';
import type { Tags } from '../scenario.ts';
import { show } from '../show.ts';

/** More users than this are a mistyped number, not a plan for one machine. */
export const MOST_USERS = 1_000_000;
/** Of one scenario or user: with a million users the sum is still exact in a double. */
export const MOST_ITERATIONS = 1_000_000_000;

/** What people who come from k6 write, and what it is here. */
const FOREIGN_OPTIONS: Readonly<Record<string, string>> = {
  executor: "It is called 'kind' here.",
  type: "It is called 'kind' here.",
  exec: "A scenario has its own code here ('run' or 'tasks'): remove it.",
  env: 'Scenario code takes its settings from the program that defines it: remove it.',
};

/** Reads one object of options; every error names the scenario, the option, the value and what was expected. */
export class OptionReader {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #owner: string;
  readonly #path: string;

  /**
   * @param owner named at the start of each error, such as `scenario 'chat'`
   * @param path put before option names, such as `stages[2].`
   */
  constructor(values: object, owner: string, path = '') {
    this.#values = values as Readonly<Record<string, unknown>>;
    this.#owner = owner;
    this.#path = path;
  }

  has(option: string): boolean {
    return this.#values[option] !== undefined;
  }

  /** Refuses options that are not known: a misspelt one would silently be a default. */
  allow(known: readonly string[]): void {
    for (const option of Object.keys(this.#values)) {
      if (known.includes(option)) continue;
      const hint = FOREIGN_OPTIONS[option] ?? didYouMean(option, known).trim();
      throw this.error(
        `unknown executor option '${this.#path}${option}'.`,
        hint,
        `Known: ${known.join(', ')}.`,
      );
    }
  }

  duration(option: string, defaultMs?: number, rule: 'any' | 'positive' = 'any'): number {
    if (!this.has(option) && defaultMs !== undefined) return defaultMs;
    const ms = readDuration(this.#values[option]);
    if (ms === undefined || (rule === 'positive' && ms === 0)) {
      this.#reject(
        option,
        `a duration ${rule === 'positive' ? 'above 0' : 'of at least 0'}: ${DURATION_FORM}`,
      );
    }
    return ms;
  }

  integer(option: string, minimum: number, defaultValue?: number, maximum = MOST_USERS): number {
    if (!this.has(option) && defaultValue !== undefined) return defaultValue;
    const value = this.#values[option];
    if (typeof value !== 'number' || !Number.isInteger(value) || value < minimum || value > maximum) {
      this.#reject(option, `a whole number from ${minimum} to ${maximum}`);
    }
    return value;
  }

  number(option: string, rule: 'any' | 'positive', defaultValue?: number): number {
    if (!this.has(option) && defaultValue !== undefined) return defaultValue;
    const value = this.#values[option];
    const fits =
      typeof value === 'number' && Number.isFinite(value) && (rule === 'any' ? value >= 0 : value > 0);
    if (!fits) this.#reject(option, rule === 'any' ? 'a number of at least 0' : 'a number above 0');
    return value;
  }

  choice<const Choice extends string>(
    option: string,
    choices: readonly Choice[],
    defaultValue: Choice,
  ): Choice {
    if (!this.has(option)) return defaultValue;
    const value = this.#values[option];
    const found = choices.find((choice) => choice === value);
    if (found === undefined) {
      const hint = typeof value === 'string' ? didYouMean(value, choices) : '';
      this.#reject(option, `one of ${choices.map(show).join(', ')}`, hint.trim());
    }
    return found;
  }

  callback(option: string, example: string): unknown {
    const value = this.#values[option];
    if (typeof value !== 'function') this.#reject(option, `a function, such as ${example}`);
    return value;
  }

  tags(option: string): Tags {
    const value = this.#values[option];
    if (value === undefined) return {};
    const fits =
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      Object.values(value).every((tag) => typeof tag === 'string');
    if (!fits) this.#reject(option, "an object of texts, such as { team: 'voice' }");
    return { ...(value as Tags) };
  }

  /** An object with its own reader; `undefined` without one. */
  object(option: string, example: string): OptionReader | undefined {
    const value = this.#values[option];
    if (value === undefined) return undefined;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.#reject(option, `an object, such as ${example}`);
    }
    return new OptionReader(value, this.#owner, `${this.#path}${option}.`);
  }

  /** A list of at least one object, each with its own reader. */
  list(option: string, example: string): OptionReader[] {
    const value = this.#values[option];
    if (!Array.isArray(value) || value.length === 0) {
      this.#reject(option, `a list of at least one stage, such as ${example}`);
    }
    return value.map((item: unknown, index) => {
      if (typeof item !== 'object' || item === null || Array.isArray(item)) {
        throw this.error(
          `${this.#path}${option}[${index}] is ${show(item)}; expected a stage, such as ${example}.`,
        );
      }
      return new OptionReader(item, this.#owner, `${this.#path}${option}[${index}].`);
    });
  }

  /** An error that starts with whose options these are. */
  error(...sentences: readonly string[]): EngineError {
    return new EngineError('invalid-option', `${this.#owner}: ${sentences.filter(Boolean).join(' ')}`);
  }

  #reject(option: string, expected: string, hint = ''): never {
    const name = `${this.#path}${option}`;
    const wrong = this.has(option) ? `${name} is ${show(this.#values[option])}` : `${name} is missing`;
    throw this.error(`${wrong}; expected ${expected}.`, hint);
  }
}
