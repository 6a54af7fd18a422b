import {
  EngineError,
  defaultMaxVUs,
  planOfArrivals,
  type ExecutorOptions,
  type SuiteProfile,
  type ArrivalPattern,
} from '@jarvis-load/engine';
import { usageError } from '../cli-error.ts';
import { oneOf } from '../did-you-mean.ts';
import { formatDuration } from '../options/duration.ts';
import { flagName } from '../options/flag.ts';
import { LOAD_KEYS } from '../options/load-conflicts.ts';
import { LIMITS } from '../options/limits.ts';
import { writtenAs } from '../options/resolve-settings.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import type { RampStage } from '../options/stages.ts';
import { defaultProfile, profilesOf } from '../suites/suites.ts';
import type { CliSuite } from '../suites/cli-suite.ts';
import type { ChosenTests } from './chosen-tests.ts';

/**
 * The load over time of all scenarios together, before it is distributed to their executors.
 *
 * Must hold: a further kind gets a case in `executorsFor` and `describeShape` (the compiler asks for both), in `lengthOf` if it
 * has a planned length, and in `shapeOfPart` if it has a cap of iterations in flight and can be a part: steered ones cannot.
 */
export type LoadShape =
  | { readonly kind: 'once' }
  | {
      /** Each scenario brings its load along; one without has that of the profile. */
      readonly kind: 'own';
      readonly executors: readonly (ExecutorOptions | undefined)[];
      readonly profile: SuiteProfile;
    }
  | {
      readonly kind: 'profile';
      readonly profile: SuiteProfile;
      readonly users: number | undefined;
      readonly timeScale: number | undefined;
      readonly durationMs: number | undefined;
    }
  | {
      /** As in Locust: users start at a rate, then stay; distributed in the proportion of the profile. */
      readonly kind: 'spawn';
      readonly profile: SuiteProfile;
      readonly users: number;
      readonly rampMs: number;
      readonly lengthMs: number;
    }
  | { readonly kind: 'stages'; readonly stages: readonly RampStage[] }
  | {
      readonly kind: 'iterations';
      readonly iterations: number;
      /** `undefined`: one per scenario. */
      readonly users: number | undefined;
      readonly maxMs: number;
    }
  | {
      readonly kind: 'rate';
      readonly rate: number;
      readonly durationMs: number;
      readonly maxUsers: number;
      readonly arrivals: ArrivalPattern;
    }
  | {
      readonly kind: 'rate-stages';
      readonly stages: readonly RampStage[];
      readonly maxUsers: number;
      readonly arrivals: ArrivalPattern;
    }
  | {
      /** Arrivals of a file. */
      readonly kind: 'replay';
      readonly file: string;
      readonly timeScale: number | undefined;
      readonly durationMs: number | undefined;
      /** `undefined`: each scenario has the default of its rows. */
      readonly maxUsers: number | undefined;
      readonly plan: ReturnType<typeof planOfArrivals>;
    }
  | {
      /** Users that are set while the run is on, by a session or at the keys; distributed in the proportion of the profile. */
      readonly kind: 'steered-users';
      readonly profile: SuiteProfile;
      readonly users: number;
      /** Set by the client of the session as soon as the load is on. */
      readonly ramp?: { readonly users: number; readonly perSecond: number };
      /** `undefined`: until the run is stopped. */
      readonly durationMs: number | undefined;
    }
  | {
      /** A rate that is set while the run is on, by a session or at the keys. */
      readonly kind: 'steered-rate';
      readonly rate: number;
      readonly durationMs: number | undefined;
      readonly maxUsers: number;
      readonly arrivals: ArrivalPattern;
    };

/** Time limit of an iteration budget, which ends by itself unless the target hangs. */
export const LONGEST_ITERATIONS_MS = 600_000;

function scaled(stages: readonly RampStage[], timeScale = 1): readonly RampStage[] {
  return stages.map((stage) => ({ ...stage, durationMs: Math.round(stage.durationMs * timeScale) }));
}

/** Locust's `--users`, `--spawn-rate` and `--run-time`: ramps up at the spawn rate, then holds. */
function spawned(
  settings: LoadSettings,
  spawnRate: number,
  lengthMs: number,
  profile: SuiteProfile,
): LoadShape {
  const { users } = settings;
  if (users === undefined)
    throw usageError('flag-needs', '--spawn-rate needs to know how many users to start', '--users as well');
  const rampMs = Math.round((users / spawnRate) * 1000);
  if (rampMs > lengthMs)
    throw usageError(
      'spawn-rate',
      `starting ${users} users at ${spawnRate}/s takes ${formatDuration(rampMs)}, but the run lasts ${formatDuration(lengthMs)}`,
      'a run that reaches its users',
      'raise --spawn-rate or --duration, or lower --users',
    );
  return { kind: 'spawn', profile, users, rampMs, lengthMs };
}

/** The planned length of a shape, in milliseconds; undefined when iterations, the scenarios or a session decide on it. */
function lengthOf(shape: LoadShape): number | undefined {
  const sum = (stages: readonly RampStage[]): number =>
    stages.reduce((total, { durationMs }) => total + durationMs, 0);
  switch (shape.kind) {
    case 'stages':
    case 'rate-stages':
      return sum(shape.stages);
    case 'rate':
      return shape.durationMs;
    case 'replay':
      return shape.plan.durationMs;
    case 'spawn':
      return shape.lengthMs;
    case 'profile':
      return shape.durationMs ?? Math.round(shape.profile.durationMs * (shape.timeScale ?? 1));
    default:
      return undefined;
  }
}

/**
 * The load shape defined by the flags; those that exclude each other were settled before (`LOAD_CONFLICTS`).
 * @param usualProfile when no profile is named
 * @throws CliError exit 2
 */
export function loadShape(
  settings: LoadSettings,
  tests: Pick<ChosenTests, 'suite' | 'scenarios'>,
  usualProfile = defaultProfile(tests.suite, settings.target),
): LoadShape {
  const shape = shapeOf(settings, tests, usualProfile);
  const lengthMs = lengthOf(shape);
  if (shape.kind === 'replay' && shape.plan.durationMs > LIMITS.durationMs)
    throw usageError(
      'arrivals-file',
      `${writtenAs(settings, 'arrivalsFile')}: its last arrival is after ${Math.round(shape.plan.durationMs / 1000)} s`,
      `at most ${formatDuration(LIMITS.durationMs)}`,
      'times are seconds from the start: where they are milliseconds, name the column time_ms; lower --time-scale, or end it with --duration',
    );
  // Each flag is within its limits, but the time scale may stretch the result beyond them.
  if (lengthMs !== undefined && (lengthMs < 1 || lengthMs > LIMITS.durationMs))
    throw usageError(
      'time-scale',
      `${writtenAs(settings, 'timeScale')}: ${settings.timeScale} makes the run last ${formatDuration(lengthMs)}`,
      `a run from 1ms to ${formatDuration(LIMITS.durationMs)}`,
    );
  return shape;
}

/** The profile of the settings. @throws CliError exit 2 */
export function profileNamed(
  settings: LoadSettings,
  suite: CliSuite,
  usualProfile = defaultProfile(suite, settings.target),
): SuiteProfile {
  const name = settings.profile ?? usualProfile;
  const profiles = profilesOf(suite);
  const found = profiles.find((profile) => profile.name === name);
  if (found === undefined)
    throw usageError(
      'profile',
      `${writtenAs(settings, 'profile')}: unknown profile "${name}"`,
      oneOf(
        name,
        profiles.map((profile) => profile.name),
      ),
      'npx jarvis-load profiles',
    );
  return found;
}

/** Settings that ask for a load, in place of that of the scenarios. */
const ASKING = ['profile', ...LOAD_KEYS, 'duration'] as const;

function shapeOf(
  settings: LoadSettings,
  { suite, scenarios }: Pick<ChosenTests, 'suite' | 'scenarios'>,
  usualProfile: string,
): LoadShape {
  const { timeScale, rate, rateStages, stages, iterations, spawnRate, arrivals = 'uniform' } = settings;
  if (rate === undefined && rateStages === undefined && settings.arrivalsFile === undefined)
    for (const key of ['maxVus', 'arrivals'] as const)
      if (settings[key] !== undefined)
        throw usageError(
          'flag-needs',
          `--${flagName(key)} belongs to a rate, and none is given`,
          '--rate, --rate-stages or --arrivals-file as well',
        );
  if (settings.once === true) return { kind: 'once' };
  if (settings.arrivalsFile !== undefined) return replayed(settings, settings.arrivalsFile);
  const profile = profileNamed(settings, suite, usualProfile);
  const own = scenarios.map(({ executor }) => executor);
  if (ASKING.every((name) => settings[name] === undefined) && own.some((executor) => executor !== undefined))
    return ownLoad(settings, own, profile);
  const lengthMs = settings.duration ?? Math.round(profile.durationMs * (timeScale ?? 1));
  if (stages !== undefined) return { kind: 'stages', stages: scaled(stages, timeScale) };
  if (rateStages !== undefined) {
    const peak = Math.max(...rateStages.map((stage) => stage.target));
    const maxUsers = settings.maxVus ?? defaultMaxVUs(peak);
    return { kind: 'rate-stages', stages: scaled(rateStages, timeScale), maxUsers, arrivals };
  }
  if (rate !== undefined)
    return {
      kind: 'rate',
      rate,
      durationMs: lengthMs,
      maxUsers: settings.maxVus ?? defaultMaxVUs(rate),
      arrivals,
    };
  if (iterations !== undefined) {
    const maxMs = settings.duration ?? LONGEST_ITERATIONS_MS;
    return { kind: 'iterations', iterations, users: settings.users, maxMs };
  }
  if (spawnRate !== undefined) return spawned(settings, spawnRate, lengthMs, profile);
  return { kind: 'profile', profile, users: settings.users, timeScale, durationMs: settings.duration };
}

function ownLoad(
  settings: LoadSettings,
  executors: readonly (ExecutorOptions | undefined)[],
  profile: SuiteProfile,
): LoadShape {
  if (settings.timeScale === undefined) return { kind: 'own', executors, profile };
  throw usageError(
    'time-scale',
    `${writtenAs(settings, 'timeScale')}: the scenarios have a load of their own, which is not scaled`,
    'a profile to scale',
    '--profile=smoke as well, or change the load in the file',
  );
}

function replayed(settings: LoadSettings, file: string): LoadShape {
  const { timeScale, duration: durationMs, maxVus: maxUsers } = settings;
  try {
    const plan = planOfArrivals(file, timeScale, durationMs);
    return { kind: 'replay', file, timeScale, durationMs, maxUsers, plan };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const problem = error.message.replace(/\.$/, '');
    throw usageError('arrivals-file', `${writtenAs(settings, 'arrivalsFile')}: ${problem}`);
  }
}

/** Describes the shape for the user. */
export function describeShape(shape: LoadShape): string {
  switch (shape.kind) {
    case 'once':
      return 'one user, one iteration of each scenario';
    case 'own':
      return 'the load that the scenarios have';
    case 'profile': {
      const { profile, users, timeScale, durationMs } = shape;
      return [
        `profile ${profile.name}`,
        ...(users === undefined ? [] : [`${users} users in all`]),
        ...(timeScale === undefined ? [] : [`stages x ${timeScale}`]),
        ...(durationMs === undefined ? [] : [`in ${formatDuration(durationMs)}`]),
      ].join(', ');
    }
    case 'spawn':
      return `${shape.users} users in all, started within ${formatDuration(shape.rampMs)}, for ${formatDuration(shape.lengthMs)}`;
    case 'stages':
      return `stages of users in all ${shape.stages.map(({ durationMs, target }) => `${formatDuration(durationMs)}:${target}`).join(',')}`;
    case 'iterations':
      return `${shape.iterations} iterations of each scenario, ${shape.users === undefined ? 'one user each' : `${shape.users} users in all`}`;
    case 'rate':
      return `${shape.rate} iterations/s in all for ${formatDuration(shape.durationMs)}, at most ${shape.maxUsers} in flight`;
    case 'replay': {
      const { rows, leftOut, durationMs } = shape.plan;
      return [
        `${rows} arrivals of ${shape.file} in ${formatDuration(durationMs)}`,
        ...(leftOut === 0 ? [] : [`without the ${leftOut} after that`]),
        ...(shape.timeScale === undefined ? [] : [`times x ${shape.timeScale}`]),
        ...(shape.maxUsers === undefined ? [] : [`at most ${shape.maxUsers} in flight`]),
      ].join(', ');
    }
    case 'steered-users': {
      const { users, ramp } = shape;
      const start =
        ramp === undefined
          ? `${users} users in all`
          : `${ramp.users} users in all, ${ramp.perSecond} started per second,`;
      return `${start} to begin with, steered${lasting(shape.durationMs)}`;
    }
    case 'steered-rate':
      return `${shape.rate} iterations/s in all to begin with, steered${lasting(shape.durationMs)}, at most ${shape.maxUsers} in flight`;
    case 'rate-stages':
      return `rate stages in all ${shape.stages.map(({ durationMs, target }) => `${formatDuration(durationMs)}:${target}/s`).join(',')}, at most ${shape.maxUsers} in flight`;
  }
}

function lasting(durationMs: number | undefined): string {
  return durationMs === undefined ? '' : ` for ${formatDuration(durationMs)}`;
}
