import type { FlagTable } from './flag.ts';
import { onOff, text } from './flag-kinds.ts';
import type { Format } from './load-settings.ts';
import { REPORT_FLAGS } from './report-flags.ts';

/** Settings of `merge`. */
export interface MergeSettings {
  readonly allowMissing?: boolean;
  readonly reportDir?: string;
  readonly format?: readonly Format[];
  readonly debug?: boolean;
}

/** Flags of `merge`. */
export const MERGE_FLAGS: FlagTable<MergeSettings> = {
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
};
