import type { FlagTable } from './flag.ts';
import { onOff } from './flag-kinds.ts';
import { TARGET_FLAGS } from './target-flags.ts';

/** Settings of the commands that list something. */
export interface ListSettings {
  readonly config?: string;
  readonly debug?: boolean;
}

/** Flags of `scenarios`, `profiles` and `targets`. */
export const LIST_FLAGS: FlagTable<ListSettings> = {
  config: TARGET_FLAGS.config,
  debug: {
    kind: onOff(),
    description: 'Shows stack traces',
    example: '--debug',
    defaultText: 'off',
  },
};
