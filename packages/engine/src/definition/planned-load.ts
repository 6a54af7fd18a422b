import { resolveExecutor } from '../executors/resolve.ts';
import { peakRate } from '../executors/peak-rate.ts';
import type { ResolvedExecutor } from '../model/resolved-executor.ts';
import type { ScenarioDefinition } from '../model/scenario.ts';
import type { PlannedLoad } from '../model/planned-load.ts';

/** Users of a closed model that may start within one second. */
function startsPerSecond(executor: ResolvedExecutor): number {
  if (executor.kind !== 'ramping-vus') return executor.maxUsers;
  let level = executor.startVUs;
  let most = level;
  for (const { durationMs, target } of executor.stages) {
    most = Math.max(most, ((target - level) * 1000) / Math.max(durationMs, 1000));
    level = target;
  }
  return most;
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

function requestsPerSecond(scenario: ScenarioDefinition, executor: ResolvedExecutor): number {
  const { demand } = scenario;
  // undeclared demand cannot be compared with a ceiling
  if (demand === undefined) return Number.POSITIVE_INFINITY;
  const perIteration = sumOf(demand.requests);
  if (executor.model === 'open') {
    // at worst each iteration needs a user that has to start
    const rate = peakRate(executor);
    return perIteration * rate + startRequestsPerSecond(scenario, rate);
  }
  return (
    (perIteration * executor.maxUsers) / demand.iterationSeconds +
    startRequestsPerSecond(scenario, startsPerSecond(executor))
  );
}

/** The most that scenarios with their executors ask of a target, all together. */
export function plannedLoad(scenarios: readonly ScenarioDefinition[]): PlannedLoad {
  let total: PlannedLoad = { users: 0, requestsPerSecond: 0, durationMs: 0 };
  for (const scenario of scenarios) {
    if (scenario.executor === undefined) continue;
    const executor = resolveExecutor(scenario.executor, scenario.name);
    total = {
      users: total.users + executor.maxUsers,
      requestsPerSecond: total.requestsPerSecond + requestsPerSecond(scenario, executor),
      durationMs: Math.max(total.durationMs, executor.startTimeMs + executor.plannedDurationMs),
    };
  }
  return total;
}
