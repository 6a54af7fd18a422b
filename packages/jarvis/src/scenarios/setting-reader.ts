import type { SettingSchema, SettingTexts } from '@jarvis-load/engine';
import { JarvisError } from '../error.ts';

/**
 * Reads settings given as texts, with the defaults of their schemas, which each must have. `named`, `number` and `seconds` throw
 * JarvisError `invalid_setting`; texts without a schema are ignored.
 */
export interface SettingReader<Name extends string> {
  textOf(name: Name): string;
  /** A text that is not empty. */
  named(name: Name): string;
  /** A number within the bounds of the schema, at least 0 where it names none. */
  number(name: Name): number;
  /** Seconds, at most 3600: one number, or a range such as `1..3`. */
  seconds(name: Name): { readonly min: number; readonly max: number };
  /** The error for a value. @param expected continues "expected" */
  refuse(name: Name, expected: string): JarvisError;
}

const MOST_SECONDS = 3600;
const SECONDS = /^(\d+(?:\.\d+)?|\.\d+)(?:\.\.(\d+(?:\.\d+)?|\.\d+))?$/;

/** @param texts as given with --set, by name */
export function settingReader<Name extends string>(
  schemas: Readonly<Record<Name, SettingSchema>>,
  texts: SettingTexts,
): SettingReader<Name> {
  const textOf = (name: Name): string => texts[name] ?? String(schemas[name].default);
  const refuse = (name: Name, expected: string): JarvisError =>
    new JarvisError(
      'invalid_setting',
      `The setting ${name} is ${JSON.stringify(textOf(name))}; expected ${expected}.`,
    );
  return {
    textOf,
    refuse,
    named(name) {
      if (textOf(name).trim() === '') throw refuse(name, 'a name');
      return textOf(name);
    },
    number(name) {
      const { type, minimum = 0, maximum = Infinity } = schemas[name];
      const value = textOf(name).trim() === '' ? Number.NaN : Number(textOf(name));
      const fits = value >= minimum && value <= maximum && (type !== 'integer' || Number.isInteger(value));
      if (fits) return value;
      throw refuse(name, `a ${type === 'integer' ? 'whole ' : ''}number from ${minimum} to ${maximum}`);
    },
    seconds(name) {
      const found = SECONDS.exec(textOf(name));
      const min = Number(found?.[1] ?? Number.NaN);
      const max = Number(found?.[2] ?? min);
      if (max >= min && max <= MOST_SECONDS) return { min, max };
      throw refuse(name, 'seconds, such as 2 or 1..3');
    },
  };
}
