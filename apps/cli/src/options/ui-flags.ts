import type { FlagTable } from './flag.ts';
import { onOff } from './flag-kinds.ts';
import { LOAD_FLAGS } from './load-flags.ts';
import type { LoadSettings } from './load-settings.ts';

/** Flags of `load` that `ui` has too: those of the target, and how its runs are judged and kept. */
const SHARED = [
  'target',
  'threshold',
  'objectives',
  'reportDir',
  'format',
  'out',
  'outRequired',
  'outInterval',
  'outPublic',
  'seed',
  'title',
  'tag',
  'set',
  'username',
  'password',
  'token',
  'accounts',
  'identity',
  'header',
  'ca',
  'http2',
  'cookies',
  'connections',
  'threads',
  'pacing',
  'requestTimeout',
  'connectTimeout',
  'setupTimeout',
  'confirmTarget',
  'probeWrites',
  'maxDroppedShare',
  'strict',
  'quiet',
  'uiPort',
  'uiHost',
  'config',
  'debug',
] as const;

/** Settings of `ui`. */
export interface UiSettings extends Pick<LoadSettings, (typeof SHARED)[number]> {
  readonly open?: boolean;
}

/** Flags of `ui`. */
export const UI_FLAGS: FlagTable<UiSettings> = {
  ...pick(LOAD_FLAGS, SHARED),
  open: {
    kind: onOff(),
    description: 'Opens the page in the browser',
    example: '--open',
    defaultText: 'off: the address is printed',
    inConfig: false,
    notInDocument: 'shown only',
  },
};

function pick<Table extends object, Key extends keyof Table>(
  table: Table,
  keys: readonly Key[],
): Pick<Table, Key> {
  return Object.fromEntries(keys.map((key) => [key, table[key]])) as Pick<Table, Key>;
}
