import { flagTable, type SettingsOf } from './flag.ts';
import { number, text } from './flag-kinds.ts';

/**
 * Flags about the live page. `ui` takes the whole table; `load` names each one in `LOAD_FLAGS` (`load-flags.ts`), and
 * `live/load-command.ts` leaves them out of the shown command (`LEFT_OUT`): a new one is added there too.
 */
export const PAGE_FLAGS = flagTable({
  uiPort: {
    kind: number({ integer: true, min: 0, max: 65_535 }),
    description: 'Port of the live page; 0: any free one',
    example: '--ui-port=9000',
    defaultText: '8089',
    notInDocument: 'shown only',
  },
  uiHost: {
    kind: text('<address>'),
    description:
      'Address of this machine on which the live page listens, in place of loopback; whoever has the token can use it',
    example: '--ui-host=192.0.2.10',
    defaultText: '127.0.0.1 and ::1',
    inConfig: false,
    notInDocument: 'shown only',
  },
});

/** Where the live page is served. */
export type PageSettings = SettingsOf<typeof PAGE_FLAGS>;
