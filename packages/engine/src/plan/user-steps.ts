import type { ResolvedStage } from '../executors/resolved.ts';

/** From `atMs` on, so many users are wanted. Absolute, so that a lost or repeated step does no harm. */
export interface UserStep {
  /** Since the start of the executor, in milliseconds. */
  readonly atMs: number;
  readonly users: number;
}

/**
 * The exact moments at which the number of users of a ramping profile changes, made beforehand instead of sampled on a
 * clock. Within a stage of length D from a to b users, level k is reached at D(k-a)/(b-a) going up, and going down the
 * j-th user to leave does so at D*j/(a-b): nobody leaves at once, and the target is reached at the end, as in k6
 * (lib/executor/ramping_vus.go). A stage without length jumps. The first step is always at 0, times ascend strictly.
 */
export function planUserSteps(startUsers: number, stages: readonly ResolvedStage[]): UserStep[] {
  const steps: UserStep[] = [{ atMs: 0, users: startUsers }];
  let level = startUsers;
  let stageStartMs = 0;

  const add = (atMs: number, users: number): void => {
    if (steps[steps.length - 1]?.atMs === atMs) steps.pop();
    // A jump that was taken back in the same instant leaves nothing to do.
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
