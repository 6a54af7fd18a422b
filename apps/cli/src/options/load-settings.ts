import type { SettingsOf } from './flag.ts';
import type { LOAD_FLAGS } from './load-flags.ts';
import type { TARGET_FLAGS } from './target-flags.ts';

/** Settings of target and credentials. */
export type TargetSettings = SettingsOf<typeof TARGET_FLAGS>;

/** Settings of `load`; durations in milliseconds. */
export type LoadSettings = SettingsOf<typeof LOAD_FLAGS>;
