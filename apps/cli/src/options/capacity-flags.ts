import type { FlagTable } from './flag.ts';
import { duration, number, onOff, share } from './flag-kinds.ts';
import { LIMITS } from './limits.ts';
import { LOAD_FLAGS } from './load-flags.ts';
import type { LoadSettings } from './load-settings.ts';

/** Flags of `load` that `capacity` has too: those of the target, and how its runs are made, judged and kept. */
const SHARED = [
  'target',
  'scenario',
  'maxVus',
  'arrivals',
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
  'quiet',
  'config',
  'debug',
] as const satisfies readonly (keyof LoadSettings)[];

/** Settings of `capacity`; durations in milliseconds. */
export interface CapacitySettings extends Pick<LoadSettings, (typeof SHARED)[number]> {
  readonly users?: boolean;
  readonly from?: number;
  readonly to?: number;
  /** 0 to 1. */
  readonly precision?: number;
  readonly step?: number;
  readonly confirm?: number;
  readonly repeat?: number;
  readonly dryRun?: boolean;
}

/** The flags of `load` with these keys. */
function sharedFlags(): Pick<FlagTable<LoadSettings>, (typeof SHARED)[number]> {
  return Object.fromEntries(SHARED.map((key) => [key, LOAD_FLAGS[key]])) as Pick<
    FlagTable<LoadSettings>,
    (typeof SHARED)[number]
  >;
}

const { target, scenario, ...others } = sharedFlags();

/** Flags of `capacity`, in the order of its help. */
export const CAPACITY_FLAGS: FlagTable<CapacitySettings> = {
  target,
  scenario,
  users: {
    kind: onOff(),
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
    description: 'Searches so often, and says between which levels the answers lie',
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
};
