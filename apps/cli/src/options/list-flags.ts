import { flagTable, type SettingsOf } from './flag.ts';
import { onOff } from './flag-kinds.ts';
import { TARGET_FLAGS } from './target-flags.ts';

/** Flags of `profiles` and `targets`. */
export const LIST_FLAGS = flagTable({
  config: TARGET_FLAGS.config,
  debug: {
    kind: onOff(),
    description: 'Shows stack traces',
    example: '--debug',
    defaultText: 'off',
  },
});

/** Settings of the commands that list something. */
export type ListSettings = SettingsOf<typeof LIST_FLAGS>;

/** Flags of `scenarios`. */
export const SCENARIOS_FLAGS = flagTable({ suite: TARGET_FLAGS.suite, ...LIST_FLAGS });

/** Settings of `scenarios`. */
export type ScenariosSettings = SettingsOf<typeof SCENARIOS_FLAGS>;
