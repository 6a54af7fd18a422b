import type { FlagTable } from './flag.ts';
import { LOAD_FLAGS } from './load-flags.ts';
import type { LoadSettings } from './load-settings.ts';

/** Flags of `load` for runs of a session: those of the target, and how runs are judged and kept. */
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
  'config',
  'debug',
] as const;

/** Settings of the runs of a session. */
export type SessionSettings = Pick<LoadSettings, (typeof SHARED)[number]>;

/** Flags of commands whose runs are steered: `ui` and `worker`. */
export const SESSION_FLAGS: FlagTable<SessionSettings> = pick(LOAD_FLAGS, SHARED);

function pick<Table extends object, Key extends keyof Table>(
  table: Table,
  keys: readonly Key[],
): Pick<Table, Key> {
  return Object.fromEntries(keys.map((key) => [key, table[key]])) as Pick<Table, Key>;
}
