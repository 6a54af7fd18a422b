import { COMPARE_FLAGS } from './compare-flags.ts';
import { flagTable, type SettingsOf } from './flag.ts';

/** Flags of `history`. */
export const HISTORY_FLAGS = flagTable({
  tolerance: COMPARE_FLAGS.tolerance,
  debug: COMPARE_FLAGS.debug,
});

/** Settings of `history`. */
export type HistorySettings = SettingsOf<typeof HISTORY_FLAGS>;
