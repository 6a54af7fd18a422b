import type { CapacityAnswer } from './answer.ts';
import type { CapacityStep } from './step.ts';

/** Of one search, or of one sweep. */
export interface CapacityRound {
  /** null: a sweep, or the search was ended before its answer. */
  readonly answer: CapacityAnswer | null;
  readonly steps: readonly CapacityStep[];
}
