import type { LoadSettings } from './load-settings.ts';
import { flagsOfLoad, RUN_KEYS } from './run-keys.ts';

const KEYS = [
  ...RUN_KEYS,
  'out',
  'outRequired',
  'outInterval',
  'outNativeHistograms',
  'outLocustNames',
  'outPublic',
  'title',
  'strict',
] as const satisfies readonly (keyof LoadSettings)[];

/** Flags of commands whose runs are steered: `ui` and `worker`. */
export const SESSION_FLAGS = flagsOfLoad(KEYS);
