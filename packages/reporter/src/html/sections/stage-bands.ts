import type { Band } from '@jarvis-load/charts';
import { formatNumber, trimZeros, type RunResult, type ScenarioResult } from '@jarvis-load/engine/result';
import { loadChanges } from '../../view/load-changes.ts';

interface Stage {
  readonly durationMs: number;
  readonly target: number;
}

/**
 * The stages of the load as bands of a chart over time: `to 62`, `hold 62`, `to 0`, of rates `to 20/s`. Several scenarios
 * have bands if they have the same executor and their stages end at the same times; their targets add up. They end where
 * the load was changed while the run was on.
 */
export function stageBands(result: RunResult): Band[] {
  const staged = result.scenarios.map(stagesOf);
  const [first] = staged;
  if (first === undefined || first.length < 2) return [];
  const same = staged.every(
    (stages) =>
      stages.length === first.length && stages.every((each, i) => each.durationMs === first[i]?.durationMs),
  );
  if (!same) return [];
  const kinds = new Set(result.scenarios.map(({ executor }) => executor['kind']));
  if (kinds.size > 1) return [];
  const unit = kinds.has('ramping-arrival-rate') ? '/s' : '';
  const changedMs = loadChanges(result)[0]?.atMs ?? Number.POSITIVE_INFINITY;
  let fromMs = 0;
  let before = staged.length === 0 ? 0 : startOf(result.scenarios);
  return first.flatMap(({ durationMs }, index) => {
    const target = staged.reduce((sum, stages) => sum + (stages[index]?.target ?? 0), 0);
    const band = {
      fromSeconds: fromMs / 1000,
      toSeconds: Math.min(fromMs + durationMs, changedMs) / 1000,
      label: `${isSameLevel(target, before) ? 'hold' : 'to'} ${numberOf(target)}${unit}`,
    };
    fromMs += durationMs;
    before = target;
    return band.toSeconds > band.fromSeconds ? [band] : [];
  });
}

function stagesOf({ executor }: ScenarioResult): Stage[] {
  const { stages, startTimeMs } = executor;
  if (!Array.isArray(stages) || (typeof startTimeMs === 'number' && startTimeMs > 0)) return [];
  const seconds = secondsOf(executor);
  return stages.flatMap((stage: unknown) =>
    isStage(stage) ? [{ durationMs: stage.durationMs, target: stage.target / seconds }] : [],
  );
}

/** What a level is divided by, so that it adds up with others: rates are for a time unit, users are not. */
function secondsOf({ kind, timeUnitMs }: ScenarioResult['executor']): number {
  return kind === 'ramping-arrival-rate' && typeof timeUnitMs === 'number' ? timeUnitMs / 1000 : 1;
}

/** Sums of thirds differ in the last digit. */
function isSameLevel(a: number, b: number): boolean {
  return Math.abs(a - b) < 1e-9 * Math.max(1, Math.abs(a));
}

function isStage(value: unknown): value is Stage {
  return (
    typeof value === 'object' &&
    value !== null &&
    'durationMs' in value &&
    'target' in value &&
    typeof value.durationMs === 'number' &&
    typeof value.target === 'number'
  );
}

function startOf(scenarios: readonly ScenarioResult[]): number {
  return scenarios.reduce((sum, { executor }) => {
    const start = executor['startVUs'] ?? executor['startRate'];
    return sum + (typeof start === 'number' ? start : 0) / secondsOf(executor);
  }, 0);
}

function numberOf(value: number): string {
  return trimZeros(formatNumber(value));
}
