import { flagTable, type SettingsOf } from './flag.ts';
import { text } from './flag-kinds.ts';
import { REPORT_FLAGS } from './report-flags.ts';

/** Flags of `merge`. */
export const MERGE_FLAGS = flagTable({
  allowMissing: REPORT_FLAGS.allowMissing,
  k6Exit: REPORT_FLAGS.k6Exit,
  strict: REPORT_FLAGS.strict,
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
