import type { Demand, Duration, ExecutorOptions, ScenarioDefinition } from '@jarvis-load/engine';
import type { PlannedLoad } from '../guard/ceilings.ts';

/** The executors of this program are made with milliseconds. */
function ms(duration: Duration | undefined): number {
  return typeof duration === 'number' ? duration : 0;
}

interface Peak {
  readonly users: number;
  /** Iterations per second; nothing where the users' own pace decides. */
  readonly iterationsPerSecond?: number;
  readonly durationMs: number;
}

function peakOf(executor: ExecutorOptions): Peak {
  switch (executor.kind) {
    case 'constant-vus':
      return { users: executor.vus ?? 1, durationMs: ms(executor.duration) };
    case 'ramping-vus':
      return {
        users: Math.max(executor.startVUs ?? 1, ...executor.stages.map((stage) => stage.target)),
        durationMs: executor.stages.reduce((sum, stage) => sum + ms(stage.duration), 0),
      };
    case 'constant-arrival-rate':
      return {
        users: executor.maxVUs ?? 1,
        iterationsPerSecond: executor.rate,
        durationMs: ms(executor.duration),
      };
    case 'ramping-arrival-rate':
      return {
        users: executor.maxVUs ?? 1,
        iterationsPerSecond: Math.max(...executor.stages.map((stage) => stage.target)),
        durationMs: executor.stages.reduce((sum, stage) => sum + ms(stage.duration), 0),
      };
    case 'shared-iterations':
    case 'per-vu-iterations':
      return { users: executor.vus ?? 1, durationMs: ms(executor.maxDuration) };
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
  for (const { executor, demand } of scenarios) {
    if (executor === undefined) continue;
    const peak = peakOf(executor);
    total = {
      users: total.users + peak.users,
      requestsPerSecond: total.requestsPerSecond + requestsPerSecond(peak, demand),
      durationMs: Math.max(total.durationMs, peak.durationMs),
    };
  }
  return total;
}
