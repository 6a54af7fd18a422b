import { resolveExecutor } from '../executors/resolve.ts';
import type { ExecutorOptions } from '../executors/options.ts';
import type { Demand, ScenarioDefinition } from '../scenario.ts';

/** The most that a planned run asks of its target. */
export interface PlannedLoad {
  readonly users: number;
  /** Requests per second if the target answered at once; Infinity where a scenario does not declare its demand. */
  readonly requestsPerSecond: number;
  readonly durationMs: number;
}

interface Peak {
  readonly users: number;
  /** Iterations per second; nothing where the users' own pace decides. */
  readonly iterationsPerSecond?: number;
  readonly durationMs: number;
}

function peakOf(name: string, executor: ExecutorOptions): Peak {
  const resolved = resolveExecutor(executor, name);
  const peak = { users: resolved.maxUsers, durationMs: resolved.plannedDurationMs };
  switch (resolved.kind) {
    case 'constant-arrival-rate':
      return { ...peak, iterationsPerSecond: resolved.ratePerSecond };
    case 'ramping-arrival-rate': {
      const highest = Math.max(resolved.startRate, ...resolved.stages.map((stage) => stage.target));
      return { ...peak, iterationsPerSecond: (highest * 1000) / resolved.timeUnitMs };
    }
    default:
      return peak;
  }
}

function requestsPerSecond(peak: Peak, demand: Demand | undefined): number {
  // what a scenario does not declare cannot be kept below a ceiling
  if (demand === undefined) return Number.POSITIVE_INFINITY;
  const perIteration = Object.values(demand.requests).reduce((sum, count) => sum + count, 0);
  return perIteration * (peak.iterationsPerSecond ?? peak.users / demand.iterationSeconds);
}

/** The most that scenarios with their executors ask of a target, all together. */
export function plannedLoad(scenarios: readonly ScenarioDefinition[]): PlannedLoad {
  let total: PlannedLoad = { users: 0, requestsPerSecond: 0, durationMs: 0 };
  for (const { name, executor, demand } of scenarios) {
    if (executor === undefined) continue;
    const peak = peakOf(name, executor);
    total = {
      users: total.users + peak.users,
      requestsPerSecond: total.requestsPerSecond + requestsPerSecond(peak, demand),
      durationMs: Math.max(total.durationMs, peak.durationMs),
    };
  }
  return total;
}
