import { flagTable, type SettingsOf } from './flag.ts';
import { onOff } from './flag-kinds.ts';
import { PAGE_FLAGS } from './page-flags.ts';
import { SESSION_FLAGS } from './session-flags.ts';

/** Flags of `ui`. */
export const UI_FLAGS = flagTable({
  ...SESSION_FLAGS,
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

/** Settings of `ui`. */
export type UiSettings = SettingsOf<typeof UI_FLAGS>;
