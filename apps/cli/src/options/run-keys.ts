import { LOAD_FLAGS } from './load-flags.ts';
import type { LoadSettings } from './load-settings.ts';

/** Flags of `load` that every command with runs of this engine has: target, login, connections, how a run is judged and kept. */
export const RUN_KEYS = [
  'target',
  'suite',
  'threshold',
  'objectives',
  'reportDir',
  'format',
  'seed',
  'tag',
  'set',
  'username',
  'password',
  'token',
  'accounts',
  'identity',
  'header',
  'ca',
  'cert',
  'key',
  'maxHeaderBytes',
  'http2',
  'cookies',
  'connections',
  'trace',
  'threads',
  'pacing',
  'requestTimeout',
  'connectTimeout',
  'setupTimeout',
  'confirmTarget',
  'probeWrites',
  'maxDroppedShare',
  'quiet',
  'config',
  'debug',
] as const satisfies readonly (keyof LoadSettings)[];

/** The flags of `load` with these keys. */
export function flagsOfLoad<Key extends keyof LoadSettings>(
  keys: readonly Key[],
): Pick<typeof LOAD_FLAGS, Key> {
  return Object.fromEntries(keys.map((key) => [key, LOAD_FLAGS[key]])) as Pick<typeof LOAD_FLAGS, Key>;
}
