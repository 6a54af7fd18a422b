import { JarvisError } from '../error.ts';

/** Settings of the scenarios. */
export interface JarvisSettings {
  /**
   * Folder with the user's own recordings; empty for those of this package. The caller reads the folder and passes
   * `recordings`.
   */
  readonly recordings: string;
  /** Language of synthesis and transcription, and of the recordings of this package. */
  readonly language: string;
  /** Query of chat users and of the chat journey. */
  readonly searchQuery: string;
  /** Maximum number of searches for a stored memory. */
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
  recordings: {
    name: 'recordings',
    description: 'Folder of WAV files to transcribe, each with its words in a .txt of the same name',
    fallback: '',
  },
  language: {
    name: 'language',
    description:
      'Language of what is synthesized and transcribed: fr or en, others with recordings of your own',
    fallback: 'fr',
  },
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
 * Applies defaults and validates the given settings, as strings from a command line or as values.
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
  const text = (entry: SettingEntry<'language' | 'searchQuery' | 'recordings'>): string => {
    const value = given[entry.name] ?? entry.fallback;
    if (typeof value === 'string' && (value !== '' || entry.fallback === '')) return value;
    throw new JarvisError('invalid_setting', `The setting ${entry.name} should be a text that is not empty.`);
  };
  const number = (entry: SettingEntry<'memoryAttempts'>): number => {
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
    recordings: text(SETTINGS.recordings),
    language: text(SETTINGS.language),
    searchQuery: text(SETTINGS.searchQuery),
    memoryAttempts: number(SETTINGS.memoryAttempts),
  };
}
