import { show } from '../show.ts';
import { MAX_TIMER_MS } from '../duration.ts';
import { isPlainObject, type OptionReader } from './option-reader.ts';

/**
 * Validates one option; throws if it is invalid. Called only if the option is given, or is `required`: such a rule itself rejects
 * `undefined`, which `anything`, `tags` and `secretText` do not.
 */
export interface Rule {
  (reader: OptionReader, option: string): void;
  /** Whether the option is required. @default false */
  required?: true;
}

/** One rule for each option of an interface; a type error where one is missing, or there is one too many. */
export type Rules<Options> = { readonly [Name in keyof Required<Options>]: Rule };

/**
 * Checks an object of options against the rules of its interface, including unknown names: a misspelt one would
 * silently take its default.
 * @throws EngineError
 */
export function check(reader: OptionReader, rules: Readonly<Record<string, Rule>>): void {
  reader.allow(Object.keys(rules));
  checkKnown(reader, rules);
}

/** The same for an object that may have properties of the caller's own. */
export function checkOwned(reader: OptionReader, rules: Readonly<Record<string, Rule>>): void {
  reader.allowOwn(Object.keys(rules));
  checkKnown(reader, rules);
}

function checkKnown(reader: OptionReader, rules: Readonly<Record<string, Rule>>): void {
  for (const [option, rule] of Object.entries(rules)) {
    if (rule.required === true || reader.has(option)) rule(reader, option);
  }
}

/** An option that has to be given. */
export function required(rule: Rule): Rule {
  return Object.assign((reader: OptionReader, option: string) => rule(reader, option), {
    required: true as const,
  });
}

export const anything: Rule = () => undefined;
export const text: Rule = (reader, option) => void reader.text(option);
export const flag: Rule = (reader, option) => void reader.flag(option);
export const tags: Rule = (reader, option) => void reader.tags(option);

/** A non-empty text; `expected` describes it in errors. */
export function textLike(expected: string): Rule {
  return (reader, option) => void reader.text(option, expected);
}

/** A string that may be empty. */
export const words: Rule = (reader, option) => {
  if (typeof reader.value(option) !== 'string') reader.reject(option, 'a string');
};

export const timerMs: Rule = (reader, option) =>
  void reader.number(option, 'positive', undefined, MAX_TIMER_MS, 'milliseconds');

/** A duration above 0, in milliseconds or as text. */
export const duration: Rule = (reader, option) => void reader.duration(option, undefined, 'positive');

export const share: Rule = (reader, option) => {
  const value = reader.value(option);
  if (typeof value !== 'number' || !(value >= 0 && value <= 1)) reader.reject(option, 'a share from 0 to 1');
};

export function numberFrom(rule: 'any' | 'positive', maximum?: number): Rule {
  return (reader, option) => void reader.number(option, rule, undefined, maximum);
}

export function integer(minimum: number, maximum: number): Rule {
  return (reader, option) => void reader.integer(option, minimum, undefined, maximum);
}

/** Any whole number that a double holds exactly. */
export const wholeNumber: Rule = (reader, option) => {
  if (!Number.isSafeInteger(reader.value(option))) reader.reject(option, 'a whole number');
};

export function oneOf<const Choice extends string>(...choices: readonly [Choice, ...Choice[]]): Rule {
  return (reader, option) => {
    // Called without a value only for an option that is required.
    if (!reader.has(option)) reader.reject(option, `one of ${choices.map(show).join(', ')}`);
    reader.choice(option, choices, choices[0]);
  };
}

export function callback(example: string): Rule {
  return (reader, option) => void reader.callback(option, example);
}

/** @param rules of what is in it */
export function object(example: string, rules: Readonly<Record<string, Rule>>): Rule {
  return (reader, option) => {
    check(reader.object(option, example), rules);
  };
}

/** @param what one item is */
export function listOf(
  what: string,
  example: string,
  rules: Readonly<Record<string, Rule>>,
  least = 0,
): Rule {
  return (reader, option) => {
    for (const item of reader.list(option, what, example, least)) check(item, rules);
  };
}

/** An object whose names are the caller's own. @param example of the whole */
export function mapOf(example: string, rule: Rule): Rule {
  return (reader, option) => {
    const map = reader.object(option, example);
    for (const name of map.names) rule(map, name);
  };
}

/** A text that is not shown, as it may be a secret. */
export const secretText: Rule = (reader, option) => {
  const value = reader.value(option);
  // Plain JavaScript may pass undefined: the header is omitted.
  if (value === undefined || typeof value === 'string') return;
  throw reader.error(`${reader.pathOf(option)} is of type ${typeof value}; expected a string.`);
};

/** An object with these methods, of any class. */
export function having(expected: string, ...methods: readonly string[]): Rule {
  return (reader, option) => {
    const value = reader.value(option);
    const fits =
      typeof value === 'object' &&
      value !== null &&
      methods.every((method) => typeof (value as Readonly<Record<string, unknown>>)[method] === 'function');
    if (!fits) reader.reject(option, expected);
  };
}

/** Data of the caller's own. */
export const ownData: Rule = (reader, option) => {
  if (!isPlainObject(reader.value(option))) reader.reject(option, 'an object of data');
};
