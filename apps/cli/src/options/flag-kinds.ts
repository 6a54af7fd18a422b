/**
 * Kinds of flags: how a value is read from text and from the config file, where it has matched `schema`.
 *
 * Must hold: errors may contain the value, but for those of `text`, `anyText`, `token` and `pairs`: a flag with a secret has one of
 * these kinds.
 */
import { Type, type TSchema } from '@jarvis-load/engine/typebox';
import { usageError } from '../cli-error.ts';
import { oneOf } from '../did-you-mean.ts';
import { formatDuration, parseDurationMs } from './duration.ts';
import type { FlagKind, SourceName } from './flag.ts';
import { LIMITS } from './limits.ts';
import { parseNumber } from './parse-number.ts';
import { formatStages, parseStages, type RampStage, type StageTargets } from './stages.ts';

/** The last occurrence of a flag with a single value. */
function last(texts: readonly string[]): string {
  return texts.at(-1) ?? '';
}

/** A kind whose values in the config file are parsed as text, like those of the flag. */
function ofText<T>(
  placeholder: string,
  schema: TSchema,
  read: (text: string, source: SourceName) => T,
): FlagKind<T> {
  return {
    placeholder,
    repeatable: false,
    schema,
    fromText: (texts, source) => read(last(texts), source),
    fromConfig: (value, source) => read(String(value), source),
  };
}

/** A switch: `--quiet`. */
export function onOff(): FlagKind<boolean> {
  const words: Readonly<Record<string, boolean>> = {
    '': true,
    '1': true,
    true: true,
    yes: true,
    on: true,
    '0': false,
    false: false,
    no: false,
    off: false,
  };
  return {
    placeholder: undefined,
    repeatable: false,
    schema: Type.Boolean(),
    fromText: (texts, source) => {
      const value = words[last(texts).trim().toLowerCase()];
      if (value === undefined)
        throw usageError('flag-value', `${source}: "${last(texts)}" is neither on nor off`, 'true or false');
      return value;
    },
    fromConfig: (value) => value === true,
  };
}

/** Text that is not blank and has no control characters. */
export function text(placeholder: string): FlagKind<string> {
  return ofText(placeholder, Type.String({ minLength: 1 }), (value, source) => {
    if (value.trim() === '') throw usageError('flag-value', `${source}: the value is empty`, placeholder);
    if (/\p{Cc}/u.test(value))
      throw usageError(
        'flag-value',
        `${source}: the value holds a control character, such as a line break`,
        `${placeholder} in one line`,
      );
    return value;
  });
}

/** Non-empty text that may contain any character, such as a password. */
export function anyText(placeholder: string): FlagKind<string> {
  return ofText(placeholder, Type.String({ minLength: 1 }), (value, source) => {
    if (value === '') throw usageError('flag-value', `${source}: the value is empty`, placeholder);
    return value;
  });
}

/**
 * A bearer token, sent in a header unchanged (RFC 6750: visible ASCII without spaces). Errors do not contain its value.
 */
export function token(placeholder: string): FlagKind<string> {
  return ofText(placeholder, Type.String({ minLength: 1 }), (value, source) => {
    if (!/^[\x21-\x7e]+$/.test(value))
      throw usageError(
        'flag-value',
        value === '' ? `${source}: the value is empty` : `${source}: the value is no token`,
        'letters, digits and signs without spaces, line breaks or accents; "Bearer" is added to it',
      );
    if (/^bearer$/i.test(value))
      throw usageError('flag-value', `${source}: the value is the word Bearer alone`, 'the token after it');
    return value;
  });
}

/** One of the given words. */
export function choice<const Word extends string>(words: readonly Word[]): FlagKind<Word> {
  return ofText(
    `<${words.join('|')}>`,
    Type.Union(words.map((word) => Type.Literal(word))),
    (value, source) => {
      const found = words.find((word) => word === value.trim());
      if (found === undefined)
        throw usageError('flag-value', `${source}: unknown value "${value}"`, oneOf(value, words));
      return found;
    },
  );
}

/** One of the given words; the flag without a value means the first one. */
export function optionalChoice<const Word extends string>(words: readonly [Word, ...Word[]]): FlagKind<Word> {
  const kind = choice(words);
  return {
    ...kind,
    placeholder: `[${words.join('|')}]`,
    fromText: (texts, source) =>
      ['', 'true'].includes(last(texts).trim()) ? words[0] : kind.fromText(texts, source),
  };
}

/** Limits of a {@link number} flag. */
export interface NumberLimits {
  readonly integer?: boolean;
  readonly min?: number;
  /** Exclusive minimum. */
  readonly above?: number;
  readonly max?: number;
}

function describeNumber(limits: NumberLimits): string {
  const bounds = [
    limits.min === undefined ? undefined : `at least ${limits.min}`,
    limits.above === undefined ? undefined : `greater than ${limits.above}`,
    limits.max === undefined ? undefined : `at most ${limits.max}`,
  ].filter((bound) => bound !== undefined);
  return [limits.integer === true ? 'a whole number' : 'a number', ...bounds].join(', ');
}

/** A number within limits. */
export function number(limits: NumberLimits): FlagKind<number> {
  const make = limits.integer === true ? Type.Integer : Type.Number;
  const schema = make({
    ...(limits.min === undefined ? {} : { minimum: limits.min }),
    ...(limits.above === undefined ? {} : { exclusiveMinimum: limits.above }),
    ...(limits.max === undefined ? {} : { maximum: limits.max }),
  });
  return ofText('<n>', schema, (value, source) => {
    const parsed = parseNumber(value);
    if (parsed === undefined)
      throw usageError('flag-value', `${source}: "${value}" is no number`, describeNumber(limits));
    const fits =
      Number.isFinite(parsed) &&
      (limits.integer !== true || Number.isSafeInteger(parsed)) &&
      parsed >= (limits.min ?? Number.NEGATIVE_INFINITY) &&
      parsed > (limits.above ?? Number.NEGATIVE_INFINITY) &&
      parsed <= (limits.max ?? Number.POSITIVE_INFINITY);
    if (!fits)
      throw usageError('flag-value', `${source}: "${value}" is out of range`, describeNumber(limits));
    return parsed;
  });
}

/** A share above 0 and up to 1, as `5%` or `0.05`; the value is the fraction. */
export function share(): FlagKind<number> {
  const kind = ofText('<percent>', Type.Union([Type.String(), Type.Number()]), (value, source) => {
    const match = /^(\d+(?:\.\d+)?) ?(%?)$/.exec(value.trim());
    const parsed = match === null ? Number.NaN : Number(match[1]) / (match[2] === '%' ? 100 : 1);
    if (!(parsed > 0 && parsed <= 1))
      throw usageError(
        'flag-value',
        `${source}: "${value}" is no share`,
        'above 0% and up to 100%, such as 5% or 0.05',
      );
    return parsed;
  });
  return { ...kind, toConfig: (value) => `${Number((value * 100).toPrecision(4))}%` };
}

/** A share from 0 to 1, as `5%` or `0.05`; without a value, or `on`, it is 1; `off` is 0. */
export function optionalShare(): FlagKind<number> {
  const words: Readonly<Record<string, number>> = {
    '': 1,
    on: 1,
    true: 1,
    off: 0,
    false: 0,
    '0': 0,
    '0%': 0,
  };
  const given = share();
  const read = (value: string, source: SourceName): number =>
    words[value.trim().toLowerCase()] ?? given.fromText([value], source);
  return {
    placeholder: '[<share>]',
    repeatable: false,
    schema: Type.Union([Type.Boolean(), Type.Number({ minimum: 0, maximum: 1 }), Type.String()]),
    fromText: (texts, source) => read(last(texts), source),
    fromConfig: (value, source) => read(String(value), source),
  };
}

/** Levels of load, one run each: `rate=1,2,5`. */
export interface SweepLevels {
  readonly unit: 'rate' | 'users';
  readonly levels: readonly number[];
}

/** Most levels of a sweep: each is a run with a folder of its own. */
const MOST_LEVELS = 50;

/** `rate=1,2,5` or `users=10,20`. */
export function sweep(): FlagKind<SweepLevels> {
  const kind = ofText<SweepLevels>('<rate|users=levels>', Type.String(), (value, source) => {
    const [, unit = '', given = ''] = /^([^=]*)=(.*)$/.exec(value) ?? [];
    const levels = given.split(',').map((each) => parseNumber(each) ?? Number.NaN);
    const most = unit === 'users' ? LIMITS.users : LIMITS.ratePerSecond;
    const isLevel = (level: number): boolean =>
      level > 0 && level <= most && (unit === 'rate' || Number.isInteger(level));
    if ((unit !== 'rate' && unit !== 'users') || !levels.every(isLevel) || levels.length > MOST_LEVELS)
      throw usageError(
        'flag-value',
        `${source}: "${value}" names no levels`,
        `rate=1,2,5 or users=10,20,50: above 0, at most ${most}, whole users, at most ${MOST_LEVELS} of them`,
      );
    return { unit, levels };
  });
  return { ...kind, toConfig: ({ unit, levels }) => `${unit}=${levels.join(',')}` };
}

/** A part of a run: `2/5` is the second of five; the value counts from 0. */
export function part(): FlagKind<{ readonly index: number; readonly of: number }> {
  const kind = ofText('<n/m>', Type.String(), (value, source) => {
    const match = /^(\d{1,5})\/(\d{1,5})$/.exec(value.trim());
    const [place, of] = [Number(match?.[1]), Number(match?.[2])];
    if (!(place >= 1 && place <= of && of <= 10_000))
      throw usageError(
        'flag-value',
        `${source}: "${value}" is no part of a run`,
        'such as 2/5, the second of five',
      );
    return { index: place - 1, of };
  });
  return { ...kind, toConfig: ({ index, of }) => `${index + 1}/${of}` };
}

/** A moment in UTC; the value is in milliseconds since the epoch. */
export function moment(): FlagKind<number> {
  const kind = ofText('<UTC>', Type.String(), (value, source) => {
    const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/.test(value)
      ? Date.parse(value)
      : Number.NaN;
    // `Date.parse` reads 2026-02-30 as 2 March.
    const exists = !Number.isNaN(at) && new Date(at).toISOString().startsWith(value.slice(0, 16));
    if (!exists)
      throw usageError(
        'flag-value',
        `${source}: "${value}" is no moment in UTC`,
        'such as 2026-12-01T09:30:00Z',
      );
    return at;
  });
  return { ...kind, toConfig: (value) => new Date(value).toISOString() };
}

/** A positive duration, at most that of `LIMITS`; the value is in milliseconds. */
export function duration(): FlagKind<number> {
  const schema = Type.Union([Type.String(), Type.Number({ exclusiveMinimum: 0 })], {
    description: 'Such as 90s, 1m30s; a number is seconds',
  });
  const longest = formatDuration(LIMITS.durationMs);
  const kind = ofText('<duration>', schema, (value, source) => {
    const parsed = parseDurationMs(value);
    if (parsed === undefined || parsed <= 0)
      throw usageError(
        'flag-value',
        `${source}: "${value}" is no duration`,
        'such as 30s, 1m30s, 2h, 500ms, or seconds as a positive number',
      );
    if (parsed > LIMITS.durationMs)
      throw usageError('flag-value', `${source}: "${value}" is too long`, `at most ${longest}`);
    return parsed;
  });
  return { ...kind, toConfig: formatDuration };
}

/** Stages of a ramp: `30s:10,1m:50`. */
export function stages(targets: StageTargets): FlagKind<readonly RampStage[]> {
  const kind = ofText('<stages>', Type.String({ minLength: 1 }), (value, source) =>
    parseStages(value, source, targets),
  );
  return { ...kind, toConfig: (value) => formatStages(value, formatDuration) };
}

/** Several values, repeated or separated by commas, each once. */
export function list(placeholder: string): FlagKind<readonly string[]> {
  const read = (texts: readonly string[], source: SourceName): readonly string[] => {
    const words = texts.flatMap((value) => value.split(',')).map((word) => word.trim());
    if (words.length === 0 || words.some((word) => word === ''))
      throw usageError(
        'flag-value',
        `${source}: an element of the list is empty`,
        'words separated by commas',
      );
    return [...new Set(words)];
  };
  return {
    placeholder,
    repeatable: true,
    schema: Type.Union([Type.String(), Type.Array(Type.String())]),
    fromText: read,
    fromConfig: (value, source) => read(Array.isArray(value) ? value.map(String) : [String(value)], source),
  };
}

/** Several texts as they are, with any characters: a comma separates nothing. */
export function anyTexts(placeholder: string): FlagKind<readonly string[]> {
  return {
    placeholder,
    repeatable: true,
    schema: Type.Union([Type.String(), Type.Array(Type.String())]),
    fromText: (values, source) => {
      if (values.some((value) => value.trim() === ''))
        throw usageError('flag-value', `${source}: the value is empty`, placeholder);
      return values;
    },
    fromConfig: (value) => (Array.isArray(value) ? value.map(String) : [String(value)]),
  };
}

/** Several of the given words. @param placeholder for words that are too many for the help, whose description names them */
export function choices<const Word extends string>(
  words: readonly Word[],
  placeholder = `<${words.join(',')}>`,
): FlagKind<readonly Word[]> {
  const names = list(placeholder);
  const check = (values: readonly string[], source: SourceName): readonly Word[] =>
    values.map((value) => {
      const found = words.find((word) => word === value);
      if (found === undefined)
        throw usageError('flag-value', `${source}: unknown value "${value}"`, oneOf(value, words));
      return found;
    });
  return {
    placeholder: names.placeholder,
    repeatable: true,
    schema: Type.Union([Type.String(), Type.Array(Type.Union(words.map((word) => Type.Literal(word))))]),
    fromText: (texts, source) => check(names.fromText(texts, source), source),
    fromConfig: (value, source) => check(names.fromConfig(value, source), source),
  };
}

/** `name=value` or, for headers, `Name: value`; repeatable. Merged by name with sources of lower precedence. */
export function pairs(placeholder: string, separator: '=' | ':'): FlagKind<Readonly<Record<string, string>>> {
  const readOne = (value: string, source: SourceName): readonly [string, string] => {
    const at = value.indexOf(separator);
    const name = value.slice(0, at).trim();
    if (at < 1 || name === '')
      throw usageError(
        'flag-value',
        `${source}: an element has no "${separator}" after its name`,
        placeholder,
      );
    return [name, value.slice(at + 1).trim()];
  };
  return {
    placeholder,
    repeatable: true,
    schema: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
    fromText: (texts, source) => Object.fromEntries(texts.map((value) => readOne(value, source))),
    fromConfig: (value) =>
      Object.fromEntries(Object.entries(value as object).map(([name, one]) => [name, String(one)])),
    merge: (lower, higher) => ({ ...lower, ...higher }),
  };
}
