/*
 * The most that scenarios ask of a target, as ceilings (`guard/ceilings.ts`) are compared with: an upper bound of what the run
 * makes by its plan. Infinity stands for what is not known: requests of a scenario that neither `demand` nor `maxPerSecond` of all its
 * operations bounds, the duration of a run without an end. Scenarios without an executor ask for nothing.
 */

import { resolveExecutor } from '../executors/resolve-executor.ts';
import { peakRate } from '../executors/peak-rate.ts';
import type { ResolvedExecutor } from '../model/resolved-executor.ts';
import type { ScenarioDefinition } from '../model/scenario.ts';
import type { PlannedLoad } from '../model/planned-load.ts';

/** The most that a scenario is asked to do at once. */
export interface AskedLoad {
  readonly users: number;
  /** Users that may start within one second. */
  readonly startsPerSecond: number;
  /** Of the open model; `undefined`: users iterate as fast as answers and think times let them. */
  readonly iterationsPerSecond?: number;
}

/** The most users that start within any one second of a ramp, those of its begin included. */
function startsPerSecond({ startVUs, stages }: Extract<ResolvedExecutor, { kind: 'ramping-vus' }>): number {
  const rises = [{ durationMs: 0, users: startVUs }];
  let level = startVUs;
  for (const { durationMs, target } of stages) {
    rises.push({ durationMs, users: Math.max(0, target - level) });
    level = target;
  }
  const most = (from: number, step: 1 | -1): number => {
    let users = 0;
    let leftMs = 1000;
    for (let at = from; leftMs > 0 && rises[at] !== undefined; at += step) {
      const rise = rises[at]!;
      users += rise.users * (rise.durationMs > leftMs ? leftMs / rise.durationMs : 1);
      leftMs -= rise.durationMs;
    }
    return users;
  };
  // The second with the most of them begins or ends where a stage does.
  return rises.reduce((so, _, at) => Math.max(so, most(at, 1), most(at, -1)), 0);
}

function sumOf(requests: Readonly<Record<string, number>>): number {
  return Object.values(requests).reduce((sum, count) => sum + count, 0);
}

/** Requests per second of users that start, each operation within its own limit. */
function startRequestsPerSecond({ demand, operations }: ScenarioDefinition, starts: number): number {
  return Object.entries(demand?.startRequests ?? {}).reduce((sum, [name, count]) => {
    const limit = operations.find((operation) => operation.name === name)?.maxPerSecond;
    return sum + Math.min(starts * count, limit ?? Number.POSITIVE_INFINITY);
  }, 0);
}

/** What the limits of all operations together allow; Infinity where one has none. */
function limitOf({ operations }: ScenarioDefinition): number {
  return operations.reduce((sum, { maxPerSecond = Number.POSITIVE_INFINITY }) => sum + maxPerSecond, 0);
}

/** The most that an executor asks for by its plan; at its start, where users or rate are set while the run is on. */
export function askedLoad(executor: ResolvedExecutor): AskedLoad {
  if (executor.model === 'open') {
    // at worst each iteration needs a user that has to start
    const rate = peakRate(executor);
    return { users: executor.maxUsers, startsPerSecond: rate, iterationsPerSecond: rate };
  }
  switch (executor.kind) {
    case 'ramping-vus':
      return { users: executor.maxUsers, startsPerSecond: startsPerSecond(executor) };
    case 'externally-controlled':
      return { users: executor.vus, startsPerSecond: executor.vus };
    case 'constant-vus':
    case 'shared-iterations':
    case 'per-vu-iterations':
      return { users: executor.maxUsers, startsPerSecond: executor.maxUsers };
  }
}

/** Requests per second if the target answered at once; Infinity where neither demand nor limits of operations bound them. */
export function requestsPerSecond(scenario: ScenarioDefinition, asked: AskedLoad): number {
  const { demand } = scenario;
  if (demand === undefined) return limitOf(scenario);
  const perIteration = sumOf(demand.requests);
  const iterations = asked.iterationsPerSecond ?? asked.users / demand.iterationSeconds;
  const all = perIteration * iterations + startRequestsPerSecond(scenario, asked.startsPerSecond);
  return Number.isFinite(all) ? all : limitOf(scenario);
}

/**
 * The most that scenarios with their executors ask of a target, all together. The load of an executor that is steered
 * while the run is on is that of its start, its duration Infinity where it has none; the handle of the run checks each
 * change.
 */
export function plannedLoad(scenarios: readonly ScenarioDefinition[]): PlannedLoad {
  let total: PlannedLoad = { users: 0, requestsPerSecond: 0, durationMs: 0 };
  for (const scenario of scenarios) {
    if (scenario.executor === undefined) continue;
    const executor = resolveExecutor(scenario.executor, scenario.name, scenario.operations);
    const asked = askedLoad(executor);
    const requests = requestsPerSecond(scenario, asked);
    const own = Number.isFinite(requests) ? [] : [scenario.name];
    const unbounded = [...(total.unbounded ?? []), ...own];
    const withoutThinkTime = [
      ...(total.withoutThinkTime ?? []),
      ...(scenario.demand?.iterationSeconds === 0 ? own : []),
    ];
    total = {
      users: total.users + asked.users,
      requestsPerSecond: total.requestsPerSecond + requests,
      ...(unbounded.length === 0 ? {} : { unbounded }),
      ...(withoutThinkTime.length === 0 ? {} : { withoutThinkTime }),
      durationMs: Math.max(total.durationMs, executor.startTimeMs + executor.plannedDurationMs),
    };
  }
  return total;
}
