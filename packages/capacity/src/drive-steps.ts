import type { CapacityStep, StepOutcome, StepPlan } from './step.ts';

/** What gives the steps: a search, or a sweep. */
export interface StepSource {
  readonly steps: readonly CapacityStep[];
  next(): StepPlan | undefined;
  record(outcome: StepOutcome): void;
}

/**
 * Makes the runs that the source asks for, one after the other.
 * @param run makes one run; where it rejects, `driveSteps` rejects with that, and the source keeps the steps so far
 */
export async function driveSteps(
  source: StepSource,
  run: (plan: StepPlan) => Promise<StepOutcome>,
): Promise<void> {
  for (let plan = source.next(); plan !== undefined; plan = source.next()) {
    source.record(await run(plan));
  }
}
