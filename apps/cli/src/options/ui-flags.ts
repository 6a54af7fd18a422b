import type { FlagTable } from './flag.ts';
import { onOff } from './flag-kinds.ts';
import { PAGE_FLAGS, type PageSettings } from './page-flags.ts';
import { SESSION_FLAGS, type SessionSettings } from './session-flags.ts';

/** Settings of `ui`. */
export interface UiSettings extends SessionSettings, PageSettings {
  readonly open?: boolean;
}

/** Flags of `ui`. */
export const UI_FLAGS: FlagTable<UiSettings> = {
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
};
