import { CapacitySearch, type SearchOptions } from './capacity-search.ts';
import type { StepOutcome, StepPlan } from './step.ts';

/** The steps that a search would make if the capacity were `capacity`, in order. */
export function foreseenSteps(options: SearchOptions, capacity: number): StepPlan[] {
  const search = new CapacitySearch(options);
  const plans: StepPlan[] = [];
  for (let plan = search.next(); plan !== undefined; plan = search.next()) {
    plans.push(plan);
    search.record(outcomeAt(plan.level <= capacity));
  }
  return plans;
}

function outcomeAt(pass: boolean): StepOutcome {
  return {
    status: pass ? 'pass' : 'fail',
    reasons: [],
    unproven: [],
    figures: null,
    recovered: true,
    runId: null,
    startedAt: null,
  };
}
