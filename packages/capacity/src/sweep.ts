import type { CapacityStep, StepOutcome, StepPlan } from './step.ts';

/** The same steps without a search: every level once, in the given order. `record` takes the outcome of the plan of `next`. */
export class Sweep {
  readonly steps: CapacityStep[] = [];
  readonly #levels: readonly number[];
  readonly #stepMs: number;

  constructor(levels: readonly number[], stepMs: number) {
    this.#levels = levels;
    this.#stepMs = stepMs;
  }

  next(): StepPlan | undefined {
    const level = this.#levels[this.steps.length];
    if (level === undefined) return undefined;
    return {
      step: this.steps.length + 1,
      attempt: 1,
      level,
      purpose: 'sweep',
      durationMs: this.#stepMs,
    };
  }

  record(outcome: StepOutcome): void {
    const plan = this.next();
    if (plan !== undefined) this.steps.push({ ...plan, ...outcome });
  }
}
