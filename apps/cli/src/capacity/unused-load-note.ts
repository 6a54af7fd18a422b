import type { ConfigFile } from '../config/read-config.ts';
import { LOAD_KEYS } from '../options/load-conflicts.ts';

/** Keys of the config file that say how much load. */
const UNUSED = ['profile', ...LOAD_KEYS, 'duration', 'timeScale'] as const;

/** Names the keys of the config file that `load` uses and a search does not; undefined without any. */
export function unusedLoadNote({ name, values }: Pick<ConfigFile, 'name' | 'values'>): string | undefined {
  const keys = UNUSED.filter((key) => values[key] !== undefined);
  return keys.length === 0
    ? undefined
    : `note: ${name}: ${keys.join(', ')}: not used, a search sets the load of its steps itself`;
}
