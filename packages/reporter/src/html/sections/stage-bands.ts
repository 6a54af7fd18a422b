import type { Band } from '@jarvis-load/charts';
import { formatNumber, trimZeros, type RunResult, type ScenarioResult } from '@jarvis-load/engine/result';
import { loadChanges } from '../../view/load-changes.ts';

interface Stage {
  readonly durationMs: number;
  readonly target: number;
}

/**
 * The stages of the load as bands of a chart over time: `to 62`, `hold 62`, `to 0`. Several scenarios have bands if their
 * stages end at the same times; their targets add up. They end where the load was changed while the run was on.
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
  const changedMs = loadChanges(result)[0]?.atMs ?? Number.POSITIVE_INFINITY;
  let fromMs = 0;
  let before = staged.length === 0 ? 0 : startOf(result.scenarios);
  return first.flatMap(({ durationMs }, index) => {
    const target = staged.reduce((sum, stages) => sum + (stages[index]?.target ?? 0), 0);
    const band = {
      fromSeconds: fromMs / 1000,
      toSeconds: Math.min(fromMs + durationMs, changedMs) / 1000,
      label: target === before ? `hold ${numberOf(target)}` : `to ${numberOf(target)}`,
    };
    fromMs += durationMs;
    before = target;
    return band.toSeconds > band.fromSeconds ? [band] : [];
  });
}

function stagesOf({ executor }: ScenarioResult): Stage[] {
  const { stages, startTimeMs } = executor;
  if (!Array.isArray(stages) || (typeof startTimeMs === 'number' && startTimeMs > 0)) return [];
  return stages.flatMap((stage: unknown) => (isStage(stage) ? [stage] : []));
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
    return sum + (typeof start === 'number' ? start : 0);
  }, 0);
}

function numberOf(value: number): string {
  return trimZeros(formatNumber(value));
}
