import { COMPARE_FLAGS } from './compare-flags.ts';
import { flagTable, type SettingsOf } from './flag.ts';
import { text } from './flag-kinds.ts';

/** Flags of `repeat`. */
export const REPEAT_FLAGS = flagTable({
  reportDir: {
    kind: text('<directory>'),
    description: 'Where results go: a folder repeat-<id> in it, with a folder of runs for each side',
    example: '--report-dir=/tmp/results',
    defaultText: 'results',
  },
  tolerance: COMPARE_FLAGS.tolerance,
  debug: COMPARE_FLAGS.debug,
});

/** Settings of `repeat`. */
export type RepeatSettings = SettingsOf<typeof REPEAT_FLAGS>;
