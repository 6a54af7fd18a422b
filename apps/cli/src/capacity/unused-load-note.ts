import type { ConfigFile } from '../config/read-config.ts';
import type { LoadSettings } from '../options/load-settings.ts';

/** Keys that say how much load; the lists of such keys are named in `options/load-conflicts.ts`. */
const LOAD_KEYS = [
  'profile',
  'users',
  'spawnRate',
  'duration',
  'iterations',
  'rate',
  'rateStages',
  'stages',
  'arrivalsFile',
  'timeScale',
] as const satisfies readonly (keyof LoadSettings)[];

/** Names the keys of the config file that `load` uses and a search does not; undefined without any. */
export function unusedLoadNote({ name, values }: Pick<ConfigFile, 'name' | 'values'>): string | undefined {
  const keys = LOAD_KEYS.filter((key) => values[key] !== undefined);
  return keys.length === 0
    ? undefined
    : `note: ${name}: ${keys.join(', ')}: not used, a search sets the load of its steps itself`;
}
