import { flagTable, type SettingsOf } from './flag.ts';
import { text } from './flag-kinds.ts';
import { LIST_FLAGS } from './list-flags.ts';

/** Flags of `init`; `target` and `path` answer its questions. */
export const INIT_FLAGS = flagTable({
  target: {
    kind: text('<mock|url>'),
    description: 'What the first test loads: the built-in mock, or an address on this machine',
    example: '--target=http://localhost:3000',
    defaultText: 'asked for on a terminal; else mock',
    inConfig: false,
  },
  path: {
    kind: text('<path>'),
    description: 'What the first test requests',
    example: '--path=/products',
    defaultText: 'asked for on a terminal; else /health on the mock, / elsewhere',
    inConfig: false,
  },
  debug: LIST_FLAGS.debug,
});

/** Settings of `init`. */
export type InitSettings = SettingsOf<typeof INIT_FLAGS>;
