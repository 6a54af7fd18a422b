import type { Demand, ExecutorOptions } from '@jarvis-load/engine';
import { profileByName, profileDurationMs, profileExecutor, type Profile } from '@jarvis-load/jarvis';
import { usageError } from '../cli-error.ts';
import { formatDuration } from '../options/duration.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import type { RampStage } from '../options/stages.ts';

/** How much load over time, before it is made into an executor for each scenario. */
export type LoadShape =
  | { readonly kind: 'once' }
  | {
      readonly kind: 'profile';
      readonly profile: Profile;
      readonly users: number | undefined;
      readonly timeScale: number | undefined;
      readonly durationMs: number | undefined;
    }
  | { readonly kind: 'stages'; readonly stages: readonly RampStage[] }
  | {
      readonly kind: 'iterations';
      readonly iterations: number;
      readonly users: number;
      readonly maxMs: number;
    }
  | {
      readonly kind: 'rate';
      readonly rate: number;
      readonly durationMs: number;
      readonly maxUsers: number;
      readonly arrivals: 'uniform' | 'poisson';
    }
  | {
      readonly kind: 'rate-stages';
      readonly stages: readonly RampStage[];
      readonly maxUsers: number;
      readonly arrivals: 'uniform' | 'poisson';
    };

/** Users that answer a rate may need: ten seconds of it, within these. */
const FEWEST_DEFAULT_USERS = 10;
const MOST_DEFAULT_USERS = 5000;
const DEFAULT_USERS_SECONDS = 10;
/** An iteration budget ends on its own; this is for a target that hangs. */
const LONGEST_ITERATIONS_MS = 600_000;

function scaled(stages: readonly RampStage[], timeScale = 1): readonly RampStage[] {
  return stages.map((stage) => ({ ...stage, durationMs: Math.round(stage.durationMs * timeScale) }));
}

function usersForRate(rate: number): number {
  return Math.min(
    MOST_DEFAULT_USERS,
    Math.max(FEWEST_DEFAULT_USERS, Math.ceil(rate * DEFAULT_USERS_SECONDS)),
  );
}

/** Locust's `--users`, `--spawn-rate` and `--run-time`: ramp up at that rate, then hold. */
function spawned(settings: LoadSettings, spawnRate: number, lengthMs: number): LoadShape {
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
  return {
    kind: 'stages',
    stages: [
      { durationMs: rampMs, target: users },
      ...(lengthMs > rampMs ? [{ durationMs: lengthMs - rampMs, target: users }] : []),
    ],
  };
}

/** What the flags say about how much load there is. */
export function loadShape(settings: LoadSettings, defaultProfile: string): LoadShape {
  const { timeScale, rate, rateStages, stages, iterations, spawnRate, arrivals = 'uniform' } = settings;
  if (rate === undefined && rateStages === undefined)
    for (const name of ['max-vus', 'arrivals'] as const)
      if (settings[name === 'max-vus' ? 'maxVus' : name] !== undefined)
        throw usageError(
          'flag-needs',
          `--${name} says something about a rate, but there is none`,
          '--rate or --rate-stages as well',
        );
  if (settings.once === true) return { kind: 'once' };
  const profile = profileByName(settings.profile ?? defaultProfile);
  const lengthMs = settings.duration ?? Math.round(profileDurationMs(profile) * (timeScale ?? 1));
  if (stages !== undefined) return { kind: 'stages', stages: scaled(stages, timeScale) };
  if (rateStages !== undefined) {
    const peak = Math.max(...rateStages.map((stage) => stage.target));
    const maxUsers = settings.maxVus ?? usersForRate(peak);
    return { kind: 'rate-stages', stages: scaled(rateStages, timeScale), maxUsers, arrivals };
  }
  if (rate !== undefined)
    return {
      kind: 'rate',
      rate,
      durationMs: lengthMs,
      maxUsers: settings.maxVus ?? usersForRate(rate),
      arrivals,
    };
  if (iterations !== undefined) {
    const users = Math.min(settings.users ?? 1, iterations);
    return { kind: 'iterations', iterations, users, maxMs: settings.duration ?? LONGEST_ITERATIONS_MS };
  }
  if (spawnRate !== undefined) return spawned(settings, spawnRate, lengthMs);
  return { kind: 'profile', profile, users: settings.users, timeScale, durationMs: settings.duration };
}

/** Which of the scenarios that a rate is shared by. */
export interface Place {
  readonly index: number;
  readonly count: number;
}
const ALONE: Place = { index: 0, count: 1 };

/** Whole users, as evenly as they go; together as many as there are. */
function shareOf(users: number, { index, count }: Place): number {
  if (users < count)
    throw usageError(
      'max-vus',
      `--max-vus: ${users} is less than one for each of ${count} scenarios`,
      `${count} or more, or fewer scenarios`,
    );
  return Math.floor((users + count - 1 - index) / count);
}

/** Taking turns, scenarios start their iterations as far apart as one alone would: each begins so much later. */
function turnMs(rate: number, durationMs: number, { index, count }: Place): number {
  if ((count - 1) * 1000 >= rate * durationMs)
    throw usageError(
      'rate',
      `--rate: ${rate}/s for ${formatDuration(durationMs)} is less than one iteration for each of ${count} scenarios`,
      'a rate and a duration that let each of them start',
      'raise --rate or --duration, or choose with --scenario',
    );
  // Rounded up: rounded down, the last one of them would have room for one more.
  return Math.ceil((index * 1e6) / rate) / 1000;
}

/** The executor that gives one scenario its load. */
export function executorFor(shape: LoadShape, demand: Demand | undefined, place = ALONE): ExecutorOptions {
  switch (shape.kind) {
    case 'once':
      return { kind: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: LONGEST_ITERATIONS_MS };
    case 'stages':
      return {
        kind: 'ramping-vus',
        startVUs: 0,
        stages: shape.stages.map(({ durationMs, target }) => ({ duration: durationMs, target })),
      };
    case 'iterations':
      return {
        kind: 'shared-iterations',
        vus: shape.users,
        iterations: shape.iterations,
        maxDuration: shape.maxMs,
      };
    case 'rate': {
      const maxVUs = shareOf(shape.maxUsers, place);
      const startTime = shape.arrivals === 'uniform' ? turnMs(shape.rate, shape.durationMs, place) : 0;
      return {
        kind: 'constant-arrival-rate',
        rate: shape.rate,
        timeUnit: place.count * 1000,
        startTime,
        duration: shape.durationMs - startTime,
        preAllocatedVUs: maxVUs,
        maxVUs,
        arrivals: shape.arrivals,
      };
    }
    case 'rate-stages': {
      const maxVUs = shareOf(shape.maxUsers, place);
      return {
        kind: 'ramping-arrival-rate',
        startRate: 0,
        timeUnit: place.count * 1000,
        stages: shape.stages.map(({ durationMs, target }) => ({ duration: durationMs, target })),
        preAllocatedVUs: maxVUs,
        maxVUs,
        arrivals: shape.arrivals,
      };
    }
    case 'profile':
      return profileExecutor(shape.profile, {
        ...(shape.users === undefined ? {} : { users: shape.users }),
        ...(shape.timeScale === undefined ? {} : { timeScale: shape.timeScale }),
        ...(shape.durationMs === undefined ? {} : { durationMs: shape.durationMs }),
        ...(demand === undefined ? {} : { demand }),
      });
  }
}

/** The shape in words, for the person who starts it. */
export function describeShape(shape: LoadShape): string {
  switch (shape.kind) {
    case 'once':
      return 'one user, one iteration of each scenario';
    case 'profile': {
      const { profile, users, timeScale, durationMs } = shape;
      return [
        `profile ${profile.name}`,
        ...(users === undefined ? [] : [`${users} users`]),
        ...(timeScale === undefined ? [] : [`stages x ${timeScale}`]),
        ...(durationMs === undefined ? [] : [`in ${formatDuration(durationMs)}`]),
      ].join(', ');
    }
    case 'stages':
      return `stages ${shape.stages.map(({ durationMs, target }) => `${formatDuration(durationMs)}:${target}`).join(',')}`;
    case 'iterations':
      return `${shape.iterations} iterations of each scenario, ${shape.users} users`;
    case 'rate':
      return `${shape.rate} iterations/s in all for ${formatDuration(shape.durationMs)}, at most ${shape.maxUsers} in flight`;
    case 'rate-stages':
      return `rate stages in all ${shape.stages.map(({ durationMs, target }) => `${formatDuration(durationMs)}:${target}/s`).join(',')}, at most ${shape.maxUsers} in flight`;
  }
}
