import {
  distributeUsers,
  type Demand,
  type ExecutorOptions,
  type RampingVusOptions,
  type SuiteProfile,
} from '@jarvis-load/engine';
import { usageError } from '../cli-error.ts';
import { formatDuration } from '../options/duration.ts';
import type { FlagText } from '../options/flag.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import type { RampStage } from '../options/stages.ts';
import { LONGEST_ITERATIONS_MS, type LoadShape } from './load-shape.ts';
import { shareUsers } from './share-users.ts';

/** A load shape of one kind. */
type ShapeOf<Kind extends LoadShape['kind']> = Extract<LoadShape, { readonly kind: Kind }>;

/**
 * The executors that distribute the load of a run over its scenarios, in their order.
 *
 * Must hold:
 * - All executors together make the load that was asked for; `iterations` and `once` hold for each scenario.
 * - Executors with a `turn` differ only in its index and in `maxVUs`: they share one schedule.
 *
 * @param demands requests of a user of each scenario, in their order; undefined: not known
 * @throws CliError when there is too little load for the number of scenarios
 */
export function executorsFor(
  shape: LoadShape,
  demands: readonly (Demand | undefined)[],
): readonly ExecutorOptions[] {
  switch (shape.kind) {
    case 'once':
      return demands.map(() => ({
        kind: 'per-vu-iterations',
        vus: 1,
        iterations: 1,
        maxDuration: LONGEST_ITERATIONS_MS,
      }));
    case 'own':
      return demands.map(
        (demand, index) =>
          shape.executors[index] ?? shape.profile.executor(demand === undefined ? {} : { demand }),
      );
    case 'profile':
      return profileExecutors(shape, demands);
    case 'spawn':
      return spawnExecutors(shape, demands);
    case 'stages':
      return stageExecutors(shape.stages, demands.length);
    case 'iterations': {
      const users = evenly(shape.users ?? demands.length, demands.length, '--users');
      return users.map((vus) => ({
        kind: 'shared-iterations',
        vus: Math.min(vus, shape.iterations),
        iterations: shape.iterations,
        maxDuration: shape.maxMs,
      }));
    }
    case 'rate':
    case 'rate-stages':
      return rateExecutors(shape, demands.length);
    case 'replay':
      return replayExecutors(shape, demands.length);
    case 'steered-users':
      return steeredShares(shape, demands, shape.users).map((vus) => ({
        kind: 'externally-controlled',
        vus,
        ...lengthOf(shape),
      }));
    case 'steered-rate':
      return evenly(shape.maxUsers, demands.length, '--max-vus').map((maxVUs, index) => ({
        kind: 'externally-controlled',
        rate: shape.rate,
        timeUnit: demands.length * 1000,
        maxVUs,
        arrivals: shape.arrivals,
        ...(demands.length === 1 ? {} : { turn: { index, of: demands.length } }),
        ...lengthOf(shape),
      }));
  }
}

function lengthOf({ durationMs }: { readonly durationMs: number | undefined }): { duration?: number } {
  return durationMs === undefined ? {} : { duration: durationMs };
}

/** Steered users of each scenario: in the proportion of the profile, also so few that a scenario gets none. */
export function steeredShares(
  { profile }: Pick<ShapeOf<'steered-users'>, 'profile'>,
  demands: readonly (Demand | undefined)[],
  users: number,
): readonly number[] {
  return distributeUsers(
    users,
    weightsOf(profile, demands).map((weight) => ({ weight })),
  );
}

function evenly(total: number, count: number, flag: FlagText<LoadSettings>): readonly number[] {
  return shareUsers(
    total,
    Array.from({ length: count }, () => 1),
    flag,
  );
}

/** The users that the profile gives each scenario, used as weights for distributing a total. */
export function weightsOf(
  profile: SuiteProfile,
  demands: readonly (Demand | undefined)[],
  bent: { readonly timeScale?: number; readonly durationMs?: number } = {},
): readonly number[] {
  return demands.map((demand) =>
    peakUsers(profile.executor({ ...bent, ...(demand === undefined ? {} : { demand }) })),
  );
}

/** Highest number of users of a ramping executor. */
function peakUsers({ startVUs = 1, stages }: RampingVusOptions): number {
  return Math.max(startVUs, ...stages.map(({ target }) => target));
}

function profileExecutors(
  { profile, users, timeScale, durationMs }: ShapeOf<'profile'>,
  demands: readonly (Demand | undefined)[],
): readonly ExecutorOptions[] {
  const bent = {
    ...(timeScale === undefined ? {} : { timeScale }),
    ...(durationMs === undefined ? {} : { durationMs }),
  };
  const shares =
    users === undefined ? undefined : shareUsers(users, weightsOf(profile, demands, bent), '--users');
  return demands.map((demand, index) =>
    profile.executor({
      ...bent,
      ...(shares === undefined ? {} : { users: shares[index]! }),
      ...(demand === undefined ? {} : { demand }),
    }),
  );
}

function spawnExecutors(
  { profile, users, rampMs, lengthMs }: ShapeOf<'spawn'>,
  demands: readonly (Demand | undefined)[],
): readonly ExecutorOptions[] {
  return shareUsers(users, weightsOf(profile, demands), '--users').map((target) => ({
    kind: 'ramping-vus',
    startVUs: 0,
    stages: [
      { duration: rampMs, target },
      ...(lengthMs > rampMs ? [{ duration: lengthMs - rampMs, target }] : []),
    ],
  }));
}

/** Divides each level evenly; with fewer users than scenarios, the first scenarios get one each. */
function stageExecutors(stages: readonly RampStage[], count: number): readonly ExecutorOptions[] {
  evenly(Math.max(...stages.map(({ target }) => target)), count, '--stages');
  return Array.from({ length: count }, (_, index) => ({
    kind: 'ramping-vus',
    startVUs: 0,
    stages: stages.map(({ durationMs, target }) => ({
      duration: durationMs,
      target: Math.floor((target + count - 1 - index) / count),
    })),
  }));
}

/** Scenarios take turns, so that all together start iterations at the times of a single schedule. */
function rateExecutors(
  shape: ShapeOf<'rate'> | ShapeOf<'rate-stages'>,
  count: number,
): readonly ExecutorOptions[] {
  const { arrivals } = shape;
  if (arrivals === 'uniform') requireTurns(shape, count);
  return evenly(shape.maxUsers, count, '--max-vus').map((maxVUs, index) => {
    const common = {
      timeUnit: count * 1000,
      maxVUs,
      arrivals,
      ...(count === 1 ? {} : { turn: { index, of: count } }),
    };
    return shape.kind === 'rate'
      ? { kind: 'constant-arrival-rate', rate: shape.rate, duration: shape.durationMs, ...common }
      : {
          kind: 'ramping-arrival-rate',
          startRate: 0,
          stages: shape.stages.map(({ durationMs, target }) => ({ duration: durationMs, target })),
          ...common,
        };
  });
}

/** Rows that name no scenario start them in turn. */
function replayExecutors(
  { file, timeScale, durationMs, maxUsers }: ShapeOf<'replay'>,
  count: number,
): readonly ExecutorOptions[] {
  const caps = maxUsers === undefined ? undefined : evenly(maxUsers, count, '--max-vus');
  return Array.from({ length: count }, (_, index) => ({
    kind: 'replayed-arrivals',
    file,
    ...(timeScale === undefined ? {} : { timeScale }),
    ...(durationMs === undefined ? {} : { duration: durationMs }),
    ...(caps === undefined ? {} : { maxVUs: caps[index]! }),
    ...(count === 1 ? {} : { turn: { index, of: count } }),
  }));
}

function requireTurns(shape: ShapeOf<'rate'> | ShapeOf<'rate-stages'>, count: number): void {
  const [flag, wanted, iterations] =
    shape.kind === 'rate'
      ? [
          'rate',
          `${shape.rate}/s for ${formatDuration(shape.durationMs)} comes`,
          (shape.rate * shape.durationMs) / 1000,
        ]
      : ['rate-stages', 'these stages come', iterationsIn(shape.stages)];
  if (iterations > count - 1) return;
  throw usageError(
    flag,
    `--${flag}: ${wanted} to less than one iteration for each of ${count} scenarios`,
    'a rate and a length that let each of them start',
    'raise them, or choose with --scenario',
  );
}

/** Number of iterations of rate stages: the area under the ramps. */
function iterationsIn(stages: readonly RampStage[]): number {
  let level = 0;
  let iterations = 0;
  for (const { durationMs, target } of stages) {
    iterations += (((level + target) / 2) * durationMs) / 1000;
    level = target;
  }
  return iterations;
}
