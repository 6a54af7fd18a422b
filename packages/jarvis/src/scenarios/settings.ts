import type { SettingSchema } from '@jarvis-load/engine';
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

interface SettingEntry<Value extends string | number> extends SettingSchema {
  readonly description: string;
  readonly default: Value;
}

type SettingTable = { readonly [Key in keyof JarvisSettings]: SettingEntry<JarvisSettings[Key]> };

/** The schema of every setting. */
export const SETTINGS: SettingTable = {
  recordings: {
    type: 'string',
    format: 'folder',
    description: 'Folder of WAV files to transcribe, each with its words in a .txt of the same name',
    default: '',
  },
  language: {
    type: 'string',
    description:
      'Language of what is synthesized and transcribed: fr or en, others with recordings of your own',
    default: 'fr',
  },
  searchQuery: { type: 'string', description: 'What chat users search for', default: 'test' },
  memoryAttempts: {
    type: 'integer',
    description: 'How often a memory is searched for before it counts as not found',
    default: 5,
    minimum: 1,
    maximum: 50,
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
  const text = (name: 'language' | 'searchQuery' | 'recordings'): string => {
    const { default: fallback } = SETTINGS[name];
    const value = given[name] ?? fallback;
    if (typeof value === 'string' && (value !== '' || fallback === '')) return value;
    throw new JarvisError('invalid_setting', `The setting ${name} should be a text that is not empty.`);
  };
  const number = (name: 'memoryAttempts'): number => {
    const { default: fallback, type, minimum: min = -Infinity, maximum: max = Infinity } = SETTINGS[name];
    const integer = type === 'integer';
    const raw = given[name] ?? fallback;
    const value = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw;
    const fits = typeof value === 'number' && value >= min && value <= max;
    if (fits && (!integer || Number.isInteger(value))) return value;
    throw new JarvisError(
      'invalid_setting',
      `The setting ${name} should be a ${integer ? 'whole ' : ''}number from ${min} to ${max}, is ${JSON.stringify(raw)}.`,
    );
  };
  return {
    recordings: text('recordings'),
    language: text('language'),
    searchQuery: text('searchQuery'),
    memoryAttempts: number('memoryAttempts'),
  };
}
