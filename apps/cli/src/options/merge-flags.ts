import { flagTable, type SettingsOf } from './flag.ts';
import { onOff, text } from './flag-kinds.ts';
import { REPORT_FLAGS } from './report-flags.ts';

/** Flags of `merge`. */
export const MERGE_FLAGS = flagTable({
  allowMissing: {
    kind: onOff(),
    description: 'Judges the parts that are there; without it a run with a missing part is not valid',
    example: '--allow-missing',
    defaultText: 'off',
  },
  reportDir: {
    kind: text('<directory>'),
    description: 'Where the merged run goes: a folder merged-<id> in it',
    example: '--report-dir=/tmp/results',
    defaultText: 'results',
  },
  format: REPORT_FLAGS.format,
  debug: REPORT_FLAGS.debug,
});

/** Settings of `merge`. */
export type MergeSettings = SettingsOf<typeof MERGE_FLAGS>;
