import { flagTable, type SettingsOf } from './flag.ts';
import { duration, number, onOff, share } from './flag-kinds.ts';
import { LIMITS } from './limits.ts';
import type { LoadSettings } from './load-settings.ts';
import { flagsOfLoad, RUN_KEYS } from './run-keys.ts';

/** Flags of `load` that `capacity` takes too; none has the name of one of its own below. */
const KEYS = [
  ...RUN_KEYS,
  'scenario',
  'maxVus',
  'arrivals',
] as const satisfies readonly (keyof LoadSettings)[];

const { target, suite, scenario, ...others } = flagsOfLoad(KEYS);

/**
 * Flags of `capacity`, in the order of the reference. The help groups them by `help/flag-groups.ts`: a flag without a heading there is
 * shown by `--help=all` only.
 */
export const CAPACITY_FLAGS = flagTable({
  target,
  suite,
  scenario,
  users: {
    kind: onOff(),
    // JARVIS_LOAD_USERS is a number of users.
    inEnvironment: false,
    description: 'Searches for the number of users of a closed model, instead of the rate of an open one',
    example: '--users',
    defaultText: 'off: iterations per second',
    inConfig: false,
  },
  from: {
    kind: number({ above: 0, max: LIMITS.ratePerSecond }),
    description: 'The first level; levels double until one fails, or shrink if this one does',
    example: '--from=50',
    defaultText: '10',
    inConfig: false,
  },
  to: {
    kind: number({ above: 0, max: LIMITS.ratePerSecond }),
    description: 'The highest level that may be tried',
    example: '--to=1000',
    defaultText: 'none: until a promise fails, or this machine or the permission of the target is the limit',
    inConfig: false,
  },
  precision: {
    kind: share(),
    description: 'By how much the answer and the failed level above it may differ',
    example: '--precision=2%',
    defaultText: '5%',
    inConfig: false,
  },
  step: {
    kind: duration(),
    description: 'Length of the run of each level',
    example: '--step=30s',
    defaultText: '15s',
    inConfig: false,
  },
  confirm: {
    kind: duration(),
    description: 'Length of the run that confirms the answer',
    example: '--confirm=5m',
    defaultText: '1m',
    inConfig: false,
  },
  repeat: {
    kind: number({ integer: true, min: 1, max: 20 }),
    description: 'Number of searches; the report says between which levels their answers lie',
    example: '--repeat=3',
    defaultText: '1',
    inConfig: false,
  },
  dryRun: {
    kind: onOff(),
    description: 'Shows the steps and their time, and sends nothing',
    example: '--dry-run',
    defaultText: 'off',
    inConfig: false,
  },
  ...others,
});

/** Settings of `capacity`; durations in milliseconds. */
export type CapacitySettings = SettingsOf<typeof CAPACITY_FLAGS>;
