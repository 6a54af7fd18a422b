import { COMPARE_FLAGS } from './compare-flags.ts';
import type { FlagTable } from './flag.ts';
import { text } from './flag-kinds.ts';

/** Settings of `repeat`. */
export interface RepeatSettings {
  readonly reportDir?: string;
  readonly tolerance?: Readonly<Record<string, string>>;
  readonly debug?: boolean;
}

/** Flags of `repeat`. */
export const REPEAT_FLAGS: FlagTable<RepeatSettings> = {
  reportDir: {
    kind: text('<directory>'),
    description: 'Where results go: a folder repeat-<id> in it, with a folder of runs for each side',
    example: '--report-dir=/tmp/results',
    defaultText: 'results',
  },
  tolerance: COMPARE_FLAGS.tolerance,
  debug: COMPARE_FLAGS.debug,
};
