import { COMPARE_FLAGS } from './compare-flags.ts';
import { flagTable, type SettingsOf } from './flag.ts';
import { choice } from './flag-kinds.ts';

/** Flags of `history`. */
export const HISTORY_FLAGS = flagTable({
  format: {
    kind: choice(['text', 'html']),
    inEnvironment: false,
    description: 'Form of the history on standard output; html: a page with charts',
    example: '--format=html > history.html',
    defaultText: 'text',
  },
  viewsDir: {
    ...COMPARE_FLAGS.viewsDir,
    description: 'Also writes history.html into this folder',
    example: '--views-dir=/tmp/history',
  },
  tolerance: COMPARE_FLAGS.tolerance,
  debug: COMPARE_FLAGS.debug,
});

/** Settings of `history`. */
export type HistorySettings = SettingsOf<typeof HISTORY_FLAGS>;
