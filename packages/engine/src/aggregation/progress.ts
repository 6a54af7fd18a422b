import { formatDuration } from '../duration.ts';
import type { Progress } from '../model/events.ts';
import type { CompiledRun, CompiledScenario } from '../model/compiled-run.ts';

/** Progress within the plan; the stage is that of the longest scenario with stages. */
export function progressAt(run: CompiledRun, elapsedMs: number): Progress {
  const staged = run.scenarios
    .filter(({ executor }) => 'stages' in executor)
    .sort((a, b) => b.executor.plannedDurationMs - a.executor.plannedDurationMs)[0];
  return {
    elapsedMs,
    plannedMs: Number.isFinite(run.plannedDurationMs) ? run.plannedDurationMs : null,
    stage: staged === undefined ? undefined : stageAt(staged, elapsedMs),
  };
}

function stageAt({ executor }: CompiledScenario, elapsedMs: number): Progress['stage'] {
  if (!('stages' in executor)) return undefined;
  let startMs = executor.startTimeMs;
  let level = executor.kind === 'ramping-vus' ? executor.startVUs : executor.startRate;
  for (const [index, { durationMs, target }] of executor.stages.entries()) {
    const endMs = startMs + durationMs;
    if (elapsedMs < endMs) {
      const unit = executor.kind === 'ramping-vus' ? '' : `/${formatDuration(executor.timeUnitMs)}`;
      return {
        index: index + 1,
        count: executor.stages.length,
        label: target === level ? `hold ${target}${unit}` : `${level} to ${target}${unit}`,
        leftMs: endMs - elapsedMs,
      };
    }
    startMs = endMs;
    level = target;
  }
  return undefined;
}
