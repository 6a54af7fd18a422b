import { flagTable, type SettingsOf } from './flag.ts';
import { onOff } from './flag-kinds.ts';
import { PAGE_FLAGS } from './page-flags.ts';
import type { Conflict } from './resolve-settings.ts';
import { flagsOfLoad } from './run-keys.ts';
import { SESSION_FLAGS } from './session-flags.ts';
import { TARGET_CONFLICTS } from './load-conflicts.ts';

/** What the form of the page begins with: `planOfStart` replaces these, and `LEFT_OUT` (`live/load-command.ts`) names them. */
const FORM_KEYS = ['scenario', 'profile', 'users', 'spawnRate', 'rate', 'duration'] as const;

/** Flags of `ui`. */
export const UI_FLAGS = flagTable({
  ...SESSION_FLAGS,
  ...flagsOfLoad(FORM_KEYS),
  ...PAGE_FLAGS,
  open: {
    kind: onOff(),
    description: 'Opens the page in the browser',
    example: '--open',
    defaultText: 'off: the address is printed',
    inConfig: false,
    notInDocument: 'shown only',
  },
});

/** Pairs of flags that contradict each other. */
export const UI_CONFLICTS: readonly Conflict<UiSettings>[] = [
  ['profile', 'rate'],
  ['profile', 'spawnRate'],
  ['rate', 'users'],
  ['rate', 'spawnRate'],
  ...TARGET_CONFLICTS,
];

/** Settings of `ui`. */
export type UiSettings = SettingsOf<typeof UI_FLAGS>;
