import type { CompiledScenario } from '../model/compiled-run.ts';
import type { ScenarioMeasures } from '../recorder/scenario-measures.ts';

/** An interval with less load than this share of it is one in which the load ended, or paused. */
export const LOADED_SHARE = 0.95;

/** One of the scenarios that a threshold measures, in an interval. */
interface GapScenario {
  readonly executor: CompiledScenario['executor'];
  /** Of the run so far, this interval included. */
  readonly total: Pick<ScenarioMeasures, 'users' | 'loadMs'>;
  /** How long it made load in this interval. */
  readonly loadedMs: number;
}

/**
 * Whether the plan has no load in an interval, and some later: every scenario has ended by its plan, or with its last iteration, or
 * is still to begin. What was measured does not count where the plan has an end: a thread that hands over late has no load either.
 * @param startMs since the start of the run
 */
export function isPlannedGap(scenarios: readonly GapScenario[], startMs: number, endMs: number): boolean {
  if (scenarios.every(({ executor }) => executor.startTimeMs <= startMs)) return false;
  const spans = scenarios
    .map((scenario) => ({ fromMs: scenario.executor.startTimeMs, toMs: endOf(scenario, startMs) }))
    .sort((a, b) => a.fromMs - b.fromMs);
  let plannedMs = 0;
  let untilMs = startMs;
  for (const { fromMs, toMs } of spans) {
    const beginMs = Math.max(fromMs, untilMs);
    const stopMs = Math.min(toMs, endMs);
    if (stopMs <= beginMs) continue;
    plannedMs += stopMs - beginMs;
    untilMs = stopMs;
  }
  return plannedMs < LOADED_SHARE * (endMs - startMs);
}

/** A number of iterations has no planned end: its users leave with the last one, and stay where a thread hands over late. */
function endOf({ executor, total, loadedMs }: GapScenario, startMs: number): number {
  if (executor.kind === 'shared-iterations' || executor.kind === 'per-vu-iterations') {
    return total.loadMs > 0 && total.users === 0 ? startMs + loadedMs : Number.POSITIVE_INFINITY;
  }
  return executor.startTimeMs + executor.plannedDurationMs;
}
