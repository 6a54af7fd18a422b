import { formatDuration } from '../duration.ts';
import type { Progress } from '../model/events.ts';
import type { CompiledRun, CompiledScenario } from '../model/compiled-run.ts';

type Staged = Extract<CompiledScenario['executor'], { readonly stages: unknown }>;

/** A level of the load in each stage, and before the first. */
interface Levels {
  readonly before: number;
  readonly targets: readonly number[];
  readonly unit: string;
}

/**
 * Progress within the plan, whatever users and rates are set during the run. Several scenarios of one kind whose stages end at the
 * same times have one stage with the load of all; otherwise the stage is that of the longest scenario with stages.
 */
export function progressAt(run: CompiledRun, elapsedMs: number): Progress {
  const staged = run.scenarios
    .flatMap(({ executor }) => ('stages' in executor ? executor : []))
    .sort((a, b) => b.plannedDurationMs - a.plannedDurationMs);
  const [longest] = staged;
  return {
    elapsedMs,
    plannedMs: Number.isFinite(run.plannedDurationMs) ? run.plannedDurationMs : null,
    stage: longest === undefined ? undefined : stageAt(longest, levelsOf(longest, staged), elapsedMs),
  };
}

function stageAt(executor: Staged, { before, targets, unit }: Levels, elapsedMs: number): Progress['stage'] {
  let startMs = executor.startTimeMs;
  let level = before;
  for (const [index, { durationMs }] of executor.stages.entries()) {
    const endMs = startMs + durationMs;
    const target = targets[index]!;
    if (elapsedMs < endMs) {
      return {
        index: index + 1,
        count: executor.stages.length,
        label: target === level ? `hold ${target}${unit}` : `to ${target}${unit}`,
        leftMs: endMs - elapsedMs,
      };
    }
    startMs = endMs;
    level = target;
  }
  return undefined;
}

/** The levels of all if their stages are at the same times, else those of the first. */
function levelsOf(first: Staged, all: readonly Staged[]): Levels {
  const isSame = all.every(
    (each) =>
      each.kind === first.kind &&
      each.startTimeMs === first.startTimeMs &&
      each.stages.length === first.stages.length &&
      each.stages.every(({ durationMs }, index) => durationMs === first.stages[index]?.durationMs),
  );
  const targetsOf = ({ stages }: Staged): number[] => stages.map(({ target }) => target);
  if (!isSame || all.length === 1) {
    const unit = first.kind === 'ramping-vus' ? '' : `/${formatDuration(first.timeUnitMs)}`;
    return { before: startOf(first), targets: targetsOf(first), unit };
  }
  // Rates per second: scenarios that take turns each have a share of the run's rate, as a longer time unit.
  const sum = (read: (executor: Staged) => number): number =>
    rounded(all.reduce((total, each) => total + read(each) / secondsOf(each), 0));
  return {
    before: sum(startOf),
    targets: first.stages.map((_, index) => sum(({ stages }) => stages[index]!.target)),
    unit: first.kind === 'ramping-vus' ? '' : '/s',
  };
}

function startOf(executor: Staged): number {
  return executor.kind === 'ramping-vus' ? executor.startVUs : executor.startRate;
}

/** What a level is divided by: users are not per time. */
function secondsOf(executor: Staged): number {
  return executor.kind === 'ramping-vus' ? 1 : executor.timeUnitMs / 1000;
}

/** Without the error of adding thirds. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
