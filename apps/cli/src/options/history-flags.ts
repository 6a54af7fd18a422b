import { COMPARE_FLAGS } from './compare-flags.ts';
import type { FlagTable } from './flag.ts';

/** Settings of `history`. */
export interface HistorySettings {
  readonly tolerance?: Readonly<Record<string, string>>;
  readonly debug?: boolean;
}

/** Flags of `history`. */
export const HISTORY_FLAGS: FlagTable<HistorySettings> = {
  tolerance: COMPARE_FLAGS.tolerance,
  debug: COMPARE_FLAGS.debug,
};
