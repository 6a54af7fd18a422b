import { didYouMean } from '../did-you-mean.ts';
import { formatMeasure } from '../format/measure.ts';
import { OUTCOMES } from '../outcome.ts';
import { judgeClaim, samplesForQuantile, samplesForShare } from '../proof/judge-claim.ts';
import { hasLowSamples } from '../recorder/low-samples.ts';
import type { Measures } from '../recorder/measures.ts';
import { mergeOutcomes, type OperationMeasures } from '../recorder/operation-measures.ts';
import type { RecordedRun, RecordedScenario } from '../model/compiled-run.ts';
import type { Demand } from '../model/scenario.ts';
import type { Objective } from '../model/objective.ts';
import type { ObjectiveResult } from '../document/schema.ts';

const OK = OUTCOMES.indexOf('ok');
/** Significant digits of a limit that follows from the number of users. */
const LIMIT_DIGITS = 4;

interface Facts {
  readonly run: RecordedRun;
  readonly total: Measures;
  /** The share of the planned rate that the measures are of, such as 1/2 of one part of two. */
  readonly offeredShare: number;
}

/**
 * Judges the objectives: latencies over responses with outcome ok, everything else over all. A latency or an error rate has to
 * be below its limit, a throughput above it; an error rate with limit 0 allows no failed request. An objective of an
 * operation that no scenario has is reported as not measurable. Nothing is excused here: see `objectiveResults`; `excuseObjective`
 * repeats the rules of latency and throughput.
 */
export function judgeObjectives(objectives: readonly Objective[], facts: Facts): ObjectiveResult[] {
  return objectives.flatMap((objective) => {
    const compiled = facts.run.operations.find(({ operation }) => operation.name === objective.operation);
    if (compiled === undefined) return notMeasured(objective, facts.run);
    const measures = facts.total.mergeOperations(({ operation }) => operation.name === objective.operation);
    const { name, method, route } = compiled.operation;
    const identity = { operation: name, method, route };
    return [
      ...latency(identity, 'p50', 0.5, objective.p50Ms, measures),
      ...latency(identity, 'p95', 0.95, objective.p95Ms, measures),
      ...latency(identity, 'p99', 0.99, objective.p99Ms, measures),
      ...errorRate(identity, objective.errorRate, measures),
      ...throughput(identity, objective, measures, facts),
    ];
  });
}

type Identity = Pick<ObjectiveResult, 'operation' | 'method' | 'route'>;

/** In the order in which they are judged. */
const ASPECTS = [
  ['p50', 'p50Ms'],
  ['p95', 'p95Ms'],
  ['p99', 'p99Ms'],
  ['errorRate', 'errorRate'],
  ['requestsPerSecond', 'requestsPerSecondPer100Users'],
] as const satisfies readonly (readonly [ObjectiveResult['aspect'], keyof Objective])[];

function notMeasured(objective: Objective, run: RecordedRun): ObjectiveResult[] {
  const hint = didYouMean(
    objective.operation,
    run.operations.map(({ operation }) => operation.name),
  );
  return ASPECTS.flatMap(([aspect, option]) => {
    const limit = objective[option];
    if (limit === undefined) return [];
    return {
      operation: objective.operation,
      method: '',
      route: '',
      aspect,
      limit,
      measured: null,
      margin: null,
      status: 'not-measurable' as const,
      samples: 0,
      samplesNeeded: null,
      lowSamples: false,
      detail: `no scenario calls it${hint === '' ? '' : `.${hint}`}`,
    };
  });
}

function latency(
  identity: Identity,
  aspect: 'p50' | 'p95' | 'p99',
  p: number,
  limit: number | undefined,
  measures: OperationMeasures,
): ObjectiveResult[] {
  if (limit === undefined) return [];
  const histogram = mergeOutcomes(measures.response, [OK]);
  const samples = histogram.count;
  const valueUs = histogram.quantile(p);
  const measured = valueUs === undefined ? null : valueUs / 1000;
  const samplesNeeded = samplesForQuantile(p);
  const status =
    measured === null
      ? 'no-data'
      : judgeClaim({
          holds: measured < limit,
          samples,
          needed: samplesNeeded,
          beyond: { allowedShare: 1 - p, count: histogram.countAbove(limit * 1000) },
        });
  return [
    {
      ...identity,
      aspect,
      limit,
      measured,
      margin: measured === null || status === 'unproven' ? null : (limit - measured) / limit,
      status,
      samples,
      samplesNeeded,
      lowSamples: samples > 0 && hasLowSamples(p, samples),
    },
  ];
}

function errorRate(
  identity: Identity,
  limit: number | undefined,
  measures: OperationMeasures,
): ObjectiveResult[] {
  if (limit === undefined) return [];
  const { requests, failed } = measures;
  const measured = requests === 0 ? null : failed / requests;
  const samplesNeeded = samplesForShare(limit);
  const status =
    measured === null
      ? 'no-data'
      : judgeClaim({
          holds: keepsErrorRate(measured, limit),
          samples: requests,
          needed: samplesNeeded,
          beyond: { allowedShare: limit, count: failed },
        });
  return [
    {
      ...identity,
      aspect: 'errorRate',
      limit,
      measured,
      margin: measured === null || status === 'unproven' ? null : errorMargin(measured, limit),
      status,
      samples: requests,
      samplesNeeded,
      lowSamples: false,
    },
  ];
}

function errorMargin(measured: number, limit: number): number {
  return limit === 0 ? -measured : (limit - measured) / limit;
}

function keepsErrorRate(measured: number, limit: number): boolean {
  return limit === 0 ? measured === 0 : measured < limit;
}

/**
 * The promise is per 100 users, so a closed model is judged against its share of it; an open one offers a rate of its own, and is
 * judged against the whole. Users, requests and what was reachable are all over the time of all scenarios that call the operation:
 * those that take turns do not add up, and what a ramp offers is less than its peak. A rate that the profile, or this part of the
 * run, could not reach even with an instant target is not measurable, nor is that of an executor that is not known.
 */
function throughput(
  identity: Identity,
  { requestsPerSecondPer100Users }: Objective,
  measures: OperationMeasures,
  { run, total, offeredShare }: Facts,
): ObjectiveResult[] {
  if (requestsPerSecondPer100Users === undefined) return [];
  const scenarios = run.scenarios.filter(({ operations }) => operations.has(identity.operation));
  const open = scenarios.some(({ executor }) => executor.model === 'open');
  const seconds = total.activeMs((name) => scenarios.some((scenario) => scenario.name === name)) / 1000;
  const userSeconds = scenarios.reduce((sum, { index }) => sum + total.scenarios[index]!.userMs / 1000, 0);
  const users = seconds > 0 ? userSeconds / seconds : 0;
  // With the digits that views show: the mean number of users is no round number.
  const limit = open
    ? requestsPerSecondPer100Users
    : Number(((requestsPerSecondPer100Users * users) / 100).toPrecision(LIMIT_DIGITS));
  const possible = scenarios.reduce(
    (sum, scenario) => sum + reachableRequests(scenario, identity.operation, total, offeredShare),
    0,
  );
  const reachable = seconds > 0 ? possible / seconds : 0;
  const measured = seconds > 0 && measures.requests > 0 ? measures.requests / seconds : null;
  const base = {
    ...identity,
    aspect: 'requestsPerSecond' as const,
    limit,
    measured,
    samples: measures.requests,
    samplesNeeded: 1,
  };
  if (scenarios.some(({ executor }) => executor.model === null)) {
    const detail = 'the executor is not known: users are judged by their share, a rate by the whole limit';
    return [{ ...base, margin: null, status: 'not-measurable', lowSamples: false, detail }];
  }
  if (measured !== null && measured > limit) {
    return [
      { ...base, margin: limit === 0 ? null : (measured - limit) / limit, status: 'pass', lowSamples: false },
    ];
  }
  if (reachable <= limit) {
    return [
      {
        ...base,
        margin: null,
        status: 'not-measurable',
        lowSamples: false,
        // The reachable rate is an estimate from mean think times: show the measured rate if it is higher.
        detail: `this ${offeredShare < 1 ? 'part of the run' : 'profile'} can reach at most ${formatMeasure(Math.max(reachable, measured ?? 0), 'per second')}`,
      },
    ];
  }
  return [
    {
      ...base,
      margin: measured === null || limit === 0 ? null : (measured - limit) / limit,
      status: measured === null ? 'no-data' : 'fail',
      lowSamples: false,
    },
  ];
}

/** Requests of an operation that a scenario would have sent, in its time, to a target that responds instantly. */
function reachableRequests(
  { executor, definition, index }: RecordedScenario,
  operation: string,
  total: Measures,
  offeredShare: number,
): number {
  const { demand } = definition;
  const perIteration = requestsPerIteration(demand, operation);
  const { counts, userMs } = total.scenarios[index]!;
  if (executor.model === 'open') {
    // What a plan that changes has asked for by now, or by an early end, is known from its arrivals.
    const arrivals =
      executor.kind === 'constant-arrival-rate'
        ? (executor.ratePerSecond * offeredShare * total.activeMsOf(index)) / 1000
        : counts.planned;
    return arrivals * (perIteration ?? 1);
  }
  if (demand === undefined || perIteration === undefined || demand.iterationSeconds === 0) {
    return Number.POSITIVE_INFINITY;
  }
  return ((userMs / 1000) * perIteration) / demand.iterationSeconds;
}

function requestsPerIteration(demand: Demand | undefined, operation: string): number | undefined {
  return demand !== undefined && Object.hasOwn(demand.requests, operation)
    ? demand.requests[operation]
    : undefined;
}
