import { JarvisError } from '../error.ts';

/** What can be set about the scenarios. */
export interface JarvisSettings {
  /** Length of the recordings that are transcribed, in seconds. */
  readonly audioSeconds: number;
  /** Language that is asked for in synthesis and transcription. */
  readonly language: string;
  /** What chat users and the chat journey search for. */
  readonly searchQuery: string;
  /** How often the memory scenarios search before they give up. */
  readonly memoryAttempts: number;
}

interface SettingEntry<Key extends keyof JarvisSettings> {
  readonly name: Key;
  readonly description: string;
  readonly fallback: JarvisSettings[Key];
  /** For numbers. */
  readonly min?: number;
  readonly max?: number;
  readonly integer?: boolean;
}

type SettingTable = { readonly [Key in keyof JarvisSettings]: SettingEntry<Key> };

/** Every setting with its default and bounds. */
export const SETTINGS: SettingTable = {
  audioSeconds: {
    name: 'audioSeconds',
    description: 'Length of the recordings that are transcribed, in seconds',
    fallback: 3,
    min: 0.1,
    max: 45,
  },
  language: { name: 'language', description: 'Language of synthesis and transcription', fallback: 'fr' },
  searchQuery: { name: 'searchQuery', description: 'What chat users search for', fallback: 'test' },
  memoryAttempts: {
    name: 'memoryAttempts',
    description: 'How often a memory is searched for before it counts as not found',
    fallback: 5,
    min: 1,
    max: 50,
    integer: true,
  },
};

/**
 * Fills in defaults and checks what was given, as typed on a command line or as values.
 * @throws JarvisError `invalid_setting`, naming the setting and what was expected
 */
export function resolveSettings(given: Readonly<Record<string, unknown>> = {}): JarvisSettings {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(SETTINGS, name)) {
      throw new JarvisError(
        'invalid_setting',
        `There is no scenario setting "${name}". Use one of: ${Object.keys(SETTINGS).join(', ')}.`,
      );
    }
  }
  const text = (entry: SettingEntry<'language' | 'searchQuery'>): string => {
    const value = given[entry.name] ?? entry.fallback;
    if (typeof value === 'string' && value !== '') return value;
    throw new JarvisError('invalid_setting', `The setting ${entry.name} should be a text that is not empty.`);
  };
  const number = (entry: SettingEntry<'audioSeconds' | 'memoryAttempts'>): number => {
    const raw = given[entry.name] ?? entry.fallback;
    const value = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw;
    const { min = -Infinity, max = Infinity, integer = false } = entry;
    const fits = typeof value === 'number' && value >= min && value <= max;
    if (fits && (!integer || Number.isInteger(value))) return value;
    throw new JarvisError(
      'invalid_setting',
      `The setting ${entry.name} should be a ${integer ? 'whole ' : ''}number from ${min} to ${max}, is ${JSON.stringify(raw)}.`,
    );
  };
  return {
    audioSeconds: number(SETTINGS.audioSeconds),
    language: text(SETTINGS.language),
    searchQuery: text(SETTINGS.searchQuery),
    memoryAttempts: number(SETTINGS.memoryAttempts),
  };
}
