import type { Ceilings } from '@jarvis-load/engine';
import { usageError } from '../cli-error.ts';
import { LIMITS } from '../options/limits.ts';
import { LOAD_KEYS } from '../options/load-conflicts.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import { profileNamed, type LoadShape } from '../run/load-shape.ts';
import type { CliSuite } from '../suites/cli-suite.ts';

/** What a steered run begins with: users, or iterations per second, over all scenarios. */
export type SteeredLoad =
  | {
      readonly users: number;
      /** What the client sets as soon as the load is on, for the description of the run. */
      readonly ramp?: { readonly users: number; readonly perSecond: number };
    }
  | { readonly rate: number };

/** Most iterations in flight of a steered rate, whose height is not known beforehand. */
const MOST_IN_FLIGHT = 5000;
/** Settings that plan a load, which a steered run does not have. */
const PLANNING = [...LOAD_KEYS, 'timeScale', 'once'] as const;

/**
 * The load of a steered run. Where the target limits the length of a run, an open end becomes that length.
 * @throws CliError exit 2
 */
export function steeredShape(
  settings: LoadSettings,
  load: SteeredLoad,
  ceilings: Ceilings | undefined,
  suite: CliSuite,
): LoadShape {
  const planned = PLANNING.find((name) => settings[name] !== undefined);
  if (planned !== undefined) {
    throw usageError(
      'steered-load',
      `the settings have ${planned}, which plans a load, but this run is steered`,
      'one of them',
    );
  }
  const mostMs = ceilings?.maxDurationMs ?? Number.POSITIVE_INFINITY;
  const durationMs = settings.duration ?? (Number.isFinite(mostMs) ? mostMs : undefined);
  if ('users' in load) {
    requireNumber('users', load.users, LIMITS.users, Number.isInteger(load.users), 'a whole number');
    return {
      kind: 'steered-users',
      profile: profileNamed(settings, suite),
      users: load.users,
      ...(load.ramp === undefined ? {} : { ramp: load.ramp }),
      durationMs,
    };
  }
  requireNumber('rate', load.rate, LIMITS.ratePerSecond, Number.isFinite(load.rate), 'a number');
  return {
    kind: 'steered-rate',
    rate: load.rate,
    durationMs,
    maxUsers: settings.maxVus ?? Math.min(MOST_IN_FLIGHT, ceilings?.maxUsers ?? MOST_IN_FLIGHT),
    arrivals: settings.arrivals ?? 'uniform',
  };
}

/**
 * The same load with a rate that the page may change, where it may (`--ui=control`). Users can be changed in every plan of
 * users; the rate of a part is that of all machines together.
 */
export function shapeToSteer(shape: LoadShape, { ui, part }: Pick<LoadSettings, 'ui' | 'part'>): LoadShape {
  if (ui !== 'control' || shape.kind !== 'rate' || part !== undefined) return shape;
  return { ...shape, kind: 'steered-rate' };
}

function requireNumber(name: string, value: number, most: number, fits: boolean, what: string): void {
  if (fits && value >= 0 && value <= most) return;
  throw usageError(`steered-${name}`, `${name} is ${String(value)}`, `${what} from 0 to ${most}`);
}
