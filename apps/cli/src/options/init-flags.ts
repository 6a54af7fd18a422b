import type { FlagTable } from './flag.ts';
import { text } from './flag-kinds.ts';
import { LIST_FLAGS } from './list-flags.ts';

/** Settings of `init`. */
export interface InitSettings {
  readonly target?: string;
  readonly path?: string;
  readonly debug?: boolean;
}

/** Flags of `init`; each answers one of its questions. */
export const INIT_FLAGS: FlagTable<InitSettings> = {
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
};
