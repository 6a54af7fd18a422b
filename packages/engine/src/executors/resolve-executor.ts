/*
 * Options of an executor become a resolved one: fills in defaults (k6's, grafana.com/docs/k6, executors, but for caps of users and
 * `externally-controlled`), turns durations to milliseconds and checks everything. `load-shape` becomes `ramping-vus`.
 *
 * Must hold:
 * - What comes out needs no further check: executors, plan and ceilings rely on it. Turns of several scenarios are not compared.
 * - Every thread resolves the same options again and must get the same plan: no clock, no random numbers.
 * - `model` decides more than pacing: 'open' has shared connections by default, and only its iterations can pile up.
 */

import { didYouMean } from '../did-you-mean.ts';
import { EngineError } from '../errors.ts';
import { formatDuration } from '../duration.ts';
import { MAX_SHAPE_TICKS, stagesOfShape } from '../plan/load-shape.ts';
import type { LoadShape } from '../model/load-shape.ts';
import { reasonOf, show } from '../show.ts';
import { MOST_ITERATIONS, MOST_USERS, OptionReader, type OptionOwner } from '../input/option-reader.ts';
import type { ArrivalPattern, ExecutorOptions } from '../model/executor-options.ts';
import type { ResolvedExecutor, ResolvedStage } from '../model/resolved-executor.ts';
import type { Operation } from '../model/scenario.ts';
import { resolveReplay, type OwnerOfRows } from './resolve-replay.ts';
import { DEFAULT_CAP_MOST, resolveUserCaps } from './user-caps.ts';

const COMMON = ['kind', 'startTime', 'gracefulStop', 'tags'];
const CAPS = ['timeUnit', 'preAllocatedVUs', 'maxVUs', 'arrivals', 'turn'];
/** Options of `externally-controlled` that belong to one of its two models only. */
const OF_USERS = ['vus', 'gracefulRampDown'];
const OF_RATE = ['timeUnit', 'preAllocatedVUs', 'arrivals', 'turn'];
const GAMMA = /^gamma:(\d+(?:\.\d+)?)$/;
const STAGE_EXAMPLE = "{ duration: '30s', target: 10 }";

type Kind = ExecutorOptions['kind'];
type Resolver = (reader: OptionReader, common: Common, owner: OwnerOfRows) => ResolvedExecutor;
type Common = ReturnType<typeof readCommon>;

const KINDS: Readonly<Record<Kind, { readonly options: readonly string[]; readonly resolve: Resolver }>> = {
  'constant-vus': {
    options: ['vus', 'duration'],
    resolve(reader, common) {
      const vus = reader.integer('vus', 1, 1);
      const durationMs = reader.duration('duration', undefined, 'positive');
      return {
        kind: 'constant-vus',
        model: 'closed',
        vus,
        durationMs,
        plannedDurationMs: durationMs,
        maxUsers: vus,
        ...common,
      };
    },
  },
  'ramping-vus': {
    options: ['startVUs', 'stages', 'gracefulRampDown'],
    resolve(reader, common) {
      const startVUs = reader.integer('startVUs', 0, 1);
      const stages = readStages(reader, (stage) => stage.integer('target', 0));
      const maxUsers = Math.max(startVUs, ...stages.map((stage) => stage.target));
      if (maxUsers === 0) {
        throw reader.error(
          'startVUs and every target are 0: there would be no users.',
          'Give a stage a target above 0.',
        );
      }
      return {
        kind: 'ramping-vus',
        model: 'closed',
        startVUs,
        stages,
        gracefulRampDownMs: reader.duration('gracefulRampDown', 30_000),
        plannedDurationMs: totalDuration(stages),
        maxUsers,
        ...common,
      };
    },
  },
  'constant-arrival-rate': {
    options: ['rate', 'duration', ...CAPS],
    resolve(reader, common) {
      const rate = reader.number('rate', 'positive');
      const durationMs = reader.duration('duration', undefined, 'positive');
      const timeUnitMs = reader.duration('timeUnit', 1000, 'positive');
      const ratePerSecond = (rate * 1000) / timeUnitMs;
      const caps = resolveUserCaps(reader, ratePerSecond);
      return {
        kind: 'constant-arrival-rate',
        model: 'open',
        rate,
        ratePerSecond,
        timeUnitMs,
        durationMs,
        ...caps,
        ...readArrivals(reader),
        plannedDurationMs: durationMs,
        maxUsers: caps.maxVUs,
        ...common,
      };
    },
  },
  'ramping-arrival-rate': {
    options: ['startRate', 'stages', ...CAPS],
    resolve(reader, common) {
      const startRate = reader.number('startRate', 'any', 0);
      const timeUnitMs = reader.duration('timeUnit', 1000, 'positive');
      const stages = readStages(reader, (stage) => stage.number('target', 'any'));
      const highest = Math.max(startRate, ...stages.map((stage) => stage.target));
      if (highest === 0) {
        throw reader.error(
          'startRate and every target are 0: there would be no iterations.',
          'Give a stage a target above 0.',
        );
      }
      const caps = resolveUserCaps(reader, (highest * 1000) / timeUnitMs);
      return {
        kind: 'ramping-arrival-rate',
        model: 'open',
        startRate,
        startRatePerSecond: (startRate * 1000) / timeUnitMs,
        timeUnitMs,
        stages,
        ...caps,
        ...readArrivals(reader),
        plannedDurationMs: totalDuration(stages),
        maxUsers: caps.maxVUs,
        ...common,
      };
    },
  },
  'replayed-arrivals': {
    options: ['file', 'timeScale', 'duration', 'preAllocatedVUs', 'maxVUs', 'turn'],
    resolve(reader, common, owner) {
      const replay = resolveReplay(reader, readTurn(reader), owner);
      return { kind: 'replayed-arrivals', model: 'open', ...replay, maxUsers: replay.maxVUs, ...common };
    },
  },
  'shared-iterations': {
    options: ['vus', 'iterations', 'maxDuration'],
    resolve(reader, common) {
      const shared = readIterations(reader);
      if (shared.iterations < shared.vus) {
        throw reader.error(
          `iterations is ${shared.iterations}, but vus is ${shared.vus}; expected at least one iteration for each user.`,
          "Lower vus, or use kind 'per-vu-iterations' to give each user that number.",
        );
      }
      return { kind: 'shared-iterations', model: 'closed', ...shared, ...common };
    },
  },
  'per-vu-iterations': {
    options: ['vus', 'iterations', 'maxDuration'],
    resolve: (reader, common) => ({
      kind: 'per-vu-iterations',
      model: 'closed',
      ...readIterations(reader),
      ...common,
    }),
  },
  'load-shape': {
    options: ['shape', 'gracefulRampDown'],
    resolve(reader, common) {
      const stages = readShape(reader);
      return {
        kind: 'ramping-vus',
        model: 'closed',
        startVUs: 0,
        stages,
        gracefulRampDownMs: reader.duration('gracefulRampDown', 30_000),
        plannedDurationMs: totalDuration(stages),
        maxUsers: Math.max(...stages.map((stage) => stage.target)),
        ...common,
      };
    },
  },
  'externally-controlled': {
    options: ['duration', 'rate', 'maxVUs', ...OF_USERS, ...OF_RATE],
    resolve: (reader, common) =>
      reader.has('rate') ? resolveSteeredRate(reader, common) : resolveSteeredUsers(reader, common),
  },
};

function resolveSteeredUsers(reader: OptionReader, common: Common): ResolvedExecutor {
  const foreign = OF_RATE.find((option) => reader.has(option));
  if (foreign !== undefined) {
    throw reader.error(
      `${foreign} is given without a rate; expected it beside rate only.`,
      'Give rate to steer arrivals, or leave it out to steer users.',
    );
  }
  const vus = reader.integer('vus', 0, 1);
  const maxVUs = reader.integer('maxVUs', 1, MOST_USERS);
  if (vus > maxVUs) throw reader.error(`vus is ${vus}; expected at most maxVUs, which is ${maxVUs}.`);
  return {
    kind: 'externally-controlled',
    model: 'closed',
    vus,
    gracefulRampDownMs: reader.duration('gracefulRampDown', 30_000),
    plannedDurationMs: readOptionalDuration(reader),
    maxUsers: maxVUs,
    ...common,
  };
}

function resolveSteeredRate(reader: OptionReader, common: Common): ResolvedExecutor {
  const foreign = OF_USERS.find((option) => reader.has(option));
  if (foreign !== undefined) {
    throw reader.error(
      `has both rate and ${foreign}; expected one model: users (vus) or arrivals (rate).`,
      'Remove one of them.',
    );
  }
  const rate = reader.number('rate', 'any');
  const timeUnitMs = reader.duration('timeUnit', 1000, 'positive');
  const ratePerSecond = (rate * 1000) / timeUnitMs;
  // The rate to come is not known: the cap is that of any high rate.
  const caps = resolveUserCaps(reader, ratePerSecond, DEFAULT_CAP_MOST);
  return {
    kind: 'externally-controlled',
    model: 'open',
    rate,
    ratePerSecond,
    timeUnitMs,
    ...caps,
    ...readArrivals(reader),
    plannedDurationMs: readOptionalDuration(reader),
    maxUsers: caps.maxVUs,
    ...common,
  };
}

/** Infinity where none is given: the executor ends when the run is stopped. */
function readOptionalDuration(reader: OptionReader): number {
  return reader.has('duration')
    ? reader.duration('duration', undefined, 'positive')
    : Number.POSITIVE_INFINITY;
}

/**
 * The executor of a scenario as it is planned.
 * @param scenarioName named in every error
 * @param operations of the scenario, which rows of a file may name
 * @throws EngineError `invalid-option`: names the scenario, the option, its value and what was expected; for a file of arrivals, the
 * file and the line
 */
export function resolveExecutor(
  options: ExecutorOptions,
  scenarioName: string,
  operations: readonly Pick<Operation, 'name'>[] = [],
): ResolvedExecutor {
  const owner: OptionOwner = {
    name: `scenario ${show(scenarioName)}`,
    noun: 'executor option',
    code: 'invalid-option',
  };
  const kinds = Object.keys(KINDS);
  const value: unknown = options;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new EngineError(
      'invalid-option',
      `${owner.name}: executor is ${show(value)}; expected { kind: ... } with kind ${kinds.join(', ')}.`,
    );
  }
  const reader = new OptionReader(options, owner);
  const kind = reader.value('kind');
  if (kind === undefined && 'executor' in options) reader.allow(COMMON);
  if (typeof kind !== 'string' || !Object.hasOwn(KINDS, kind)) {
    const hint = typeof kind === 'string' ? didYouMean(kind, kinds).trim() : '';
    throw reader.error(`executor kind is ${show(kind)}; expected one of ${kinds.join(', ')}.`, hint);
  }
  const entry = KINDS[kind as Kind];
  reader.allow([...COMMON, ...entry.options]);
  return entry.resolve(reader, readCommon(reader), {
    scenario: scenarioName,
    operations: operations.map(({ name }) => name),
  });
}

function readCommon(reader: OptionReader) {
  return {
    startTimeMs: reader.duration('startTime', 0),
    gracefulStopMs: reader.duration('gracefulStop', 30_000),
    tags: reader.tags('tags'),
  };
}

function readArrivals(reader: OptionReader) {
  return { arrivals: readPattern(reader), ...readTurn(reader) };
}

function readTurn(reader: OptionReader) {
  if (!reader.has('turn')) return {};
  const turn = reader.object('turn', '{ index: 0, of: 2 }');
  turn.allow(['index', 'of']);
  const of = turn.integer('of', 1);
  return { turn: { index: turn.integer('index', 0, undefined, of - 1), of } };
}

function readPattern(reader: OptionReader): ArrivalPattern {
  if (!reader.has('arrivals')) return 'uniform';
  const value = reader.value('arrivals');
  if (value === 'uniform' || value === 'poisson') return value;
  const shape = Number(typeof value === 'string' ? GAMMA.exec(value)?.[1] : undefined);
  if (shape >= 0.01 && shape <= 1000) return `gamma:${shape}`;
  const hint = typeof value === 'string' ? didYouMean(value, ['uniform', 'poisson']).trim() : '';
  return reader.reject(
    'arrivals',
    "'uniform', 'poisson', or 'gamma:<shape>' with a shape from 0.01 to 1000",
    hint,
  );
}

function readIterations(reader: OptionReader) {
  const vus = reader.integer('vus', 1, 1);
  const maxDurationMs = reader.duration('maxDuration', 600_000, 'positive');
  const iterations = reader.integer('iterations', 1, 1, MOST_ITERATIONS);
  return { vus, iterations, maxDurationMs, plannedDurationMs: maxDurationMs, maxUsers: vus };
}

function readStages(reader: OptionReader, readTarget: (stage: OptionReader) => number): ResolvedStage[] {
  const stages = reader.list('stages', 'stage', STAGE_EXAMPLE).map((stage) => {
    stage.allow(['duration', 'target']);
    return { durationMs: stage.duration('duration'), target: readTarget(stage) };
  });
  if (totalDuration(stages) === 0) {
    throw reader.error(
      'the stages have a total duration of 0 s: there would be no load.',
      'Give a stage a duration above 0.',
    );
  }
  return stages;
}

function readShape(reader: OptionReader): ResolvedStage[] {
  const shape = reader.callback(
    'shape',
    '(seconds) => seconds < 60 ? { users: 10 } : undefined',
  ) as LoadShape;
  let stages: ResolvedStage[] | undefined;
  try {
    stages = stagesOfShape(shape);
  } catch (error) {
    const text = reasonOf(error);
    throw reader.error(`shape is invalid: ${/[.?!]$/.test(text) ? text : `${text}.`}`, '');
  }
  if (stages === undefined) {
    throw reader.error(
      `shape has not ended within ${formatDuration(MAX_SHAPE_TICKS * 1000)}; expected a function that returns undefined or null at its end.`,
      '',
    );
  }
  if (stages.every(({ target }) => target === 0)) {
    throw reader.error('shape never returns users above 0: there would be no load.', '');
  }
  return stages;
}

function totalDuration(stages: readonly ResolvedStage[]): number {
  return stages.reduce((sum, stage) => sum + stage.durationMs, 0);
}
