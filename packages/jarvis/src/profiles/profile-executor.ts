import type { Demand, RampingVusOptions } from '@jarvis-load/engine';
import { JarvisError } from '../error.ts';
import { OBJECTIVE_SETS } from '../objectives.ts';
import { profileByName, profileDurationMs, type Profile, type ProfileName } from './profile.ts';

/** Adjustments of a profile for one scenario. */
export interface ProfileExecutorOptions {
  /** Highest number of users; all levels are scaled in proportion, rounded up. @default as the profile says */
  readonly users?: number;
  /** Factor on the length of every stage; think times stay as they are. @default 1 */
  readonly timeScale?: number;
  /** Total length in ms; all stages are scaled in proportion. Exclusive with `timeScale`. @default as the profile says */
  readonly durationMs?: number;
  /** Requests per iteration of the scenario; needed by `selftest` to compute the number of users. */
  readonly demand?: Demand;
}

/** Users for a profile that counts samples, when the scenario has no judged operation or its demand is not known. */
const DEFAULT_SAMPLE_USERS = 10;

/** Time for users that are ramped down to end their iteration: short in `selftest`, whose stages take 30 s. */
const SELFTEST_GRACE_MS = 1500;

/**
 * The executor of a profile for one scenario.
 * @throws JarvisError `unknown_profile`, `invalid_option`
 */
export function profileExecutor(
  profile: Profile | ProfileName | (string & {}),
  options: ProfileExecutorOptions = {},
): RampingVusOptions {
  const { load, ...rest } = typeof profile === 'string' ? profileByName(profile) : profile;
  const factor = stageFactor({ load, ...rest }, options);
  const duration = (ms: number): number => Math.round(ms * factor);
  const users = options.users === undefined ? undefined : requireCount('users', options.users);

  if (load.kind === 'samples') {
    const level = users ?? usersForSamples(load, options.demand, factor);
    return {
      kind: 'ramping-vus',
      startVUs: 0,
      stages: [
        { duration: duration(load.rampMs), target: level },
        { duration: duration(load.holdMs), target: level },
        { duration: duration(load.rampDownMs), target: 0 },
      ],
      gracefulRampDown: SELFTEST_GRACE_MS,
      gracefulStop: SELFTEST_GRACE_MS,
    };
  }
  const peak = Math.max(load.startUsers, ...load.stages.map((stage) => stage.users));
  const scale = (level: number): number => (users === undefined ? level : Math.ceil((level * users) / peak));
  return {
    kind: 'ramping-vus',
    startVUs: Math.min(scale(load.startUsers), users ?? load.startUsers),
    stages: load.stages.map((stage) => ({
      duration: duration(stage.durationMs),
      target: scale(stage.users),
    })),
  };
}

/** Highest number of users of a ramping executor. */
export function peakUsers(executor: RampingVusOptions): number {
  return Math.max(executor.startVUs ?? 1, ...executor.stages.map((stage) => stage.target));
}

function stageFactor(profile: Profile, options: ProfileExecutorOptions): number {
  const { timeScale, durationMs } = options;
  if (timeScale !== undefined && durationMs !== undefined) {
    throw new JarvisError('invalid_option', 'Give either a time scale or a duration, not both.');
  }
  if (durationMs !== undefined) return requirePositive('durationMs', durationMs) / profileDurationMs(profile);
  return requirePositive('timeScale', timeScale ?? 1);
}

/**
 * Users needed for the required number of samples of every judged operation, from the think times of the scenario and
 * an assumed response time of half the promised p95 of the suite.
 */
function usersForSamples(
  load: Extract<Profile['load'], { kind: 'samples' }>,
  demand: Demand | undefined,
  factor: number,
): number {
  if (demand === undefined) return DEFAULT_SAMPLE_USERS;
  const judged = OBJECTIVE_SETS.suite.objectives.filter(
    (objective) => (demand.requests[objective.operation] ?? 0) > 0,
  );
  if (judged.length === 0) return DEFAULT_SAMPLE_USERS;
  const perIteration = (operation: string): number => demand.requests[operation] ?? 0;
  const respondingMs = judged.reduce(
    (sum, { operation, p95Ms }) => sum + perIteration(operation) * ((p95Ms ?? 0) / 2),
    0,
  );
  const iterationMs = demand.iterationSeconds * 1000 + respondingMs;
  // A user that starts or stops during a ramp is present for half of it on average. A run shorter than the profile gets
  // no extra users: missing samples are reported instead.
  const presentMs = (load.rampMs / 2 + load.holdMs + load.rampDownMs / 2) * Math.max(1, factor);
  const scarcest = Math.min(...judged.map(({ operation }) => perIteration(operation)));
  return Math.ceil((load.samples * iterationMs) / (scarcest * presentMs));
}

function requireCount(name: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value;
  throw new JarvisError('invalid_option', `${name} should be a whole number above 0, is ${value}.`);
}

function requirePositive(name: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw new JarvisError('invalid_option', `${name} should be a number above 0, is ${value}.`);
}
