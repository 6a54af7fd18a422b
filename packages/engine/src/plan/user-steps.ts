import type { ResolvedStage } from '../model/resolved-executor.ts';

/** Number of users from `atMs` on. An absolute number, so that a lost or repeated step has no lasting effect. */
export interface UserStep {
  /** Since the start of the executor, in milliseconds. */
  readonly atMs: number;
  readonly users: number;
}

/**
 * The exact times at which the number of users of a ramping profile changes, computed before the run instead of sampled
 * during it. Within a stage of length D from a to b users, level k is reached at D(k-a)/(b-a) going up; going down, the
 * j-th user leaves at D*j/(a-b): no user leaves at the start of the stage, and the target is reached at its end, as in
 * k6 (lib/executor/ramping_vus.go). A stage of duration 0 changes the level at once. The first step is always at 0;
 * times ascend strictly. The steps are those of all threads: each keeps its part of a level, by `countOfPart`.
 * @param startUsers a whole number, as the targets of the stages
 */
export function planUserSteps(startUsers: number, stages: readonly ResolvedStage[]): UserStep[] {
  const steps: UserStep[] = [{ atMs: 0, users: startUsers }];
  let level = startUsers;
  let stageStartMs = 0;

  const add = (atMs: number, users: number): void => {
    if (steps[steps.length - 1]?.atMs === atMs) steps.pop();
    // Skip a step to the current level: a jump that was reverted at the same time.
    if (steps[steps.length - 1]?.users !== users) steps.push({ atMs, users });
  };

  for (const { durationMs, target } of stages) {
    const change = target - level;
    if (durationMs === 0) {
      if (change !== 0) add(stageStartMs, target);
    } else {
      const count = Math.abs(change);
      for (let step = 1; step <= count; step++) {
        add(stageStartMs + (durationMs * step) / count, level + Math.sign(change) * step);
      }
    }
    level = target;
    stageStartMs += durationMs;
  }
  return steps;
}
