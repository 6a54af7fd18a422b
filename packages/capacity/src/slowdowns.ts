import { formatLatency } from '@jarvis-load/engine/result';
import { formatLevel } from './format-level.ts';
import type { CapacityRound } from './capacity-round.ts';
import type { CapacityStep } from './step.ts';

/** At the same level, a median that is higher by this factor is a slowdown ... */
const FACTOR = 1.5;
/** ... if it is higher by this as well, in milliseconds. */
const LEAST_MS = 5;

/** A sentence for each level whose p50 was higher in a later step than in its first one, busy ones apart: the target changes with time. */
export function slowdowns(rounds: readonly CapacityRound[], unit: 'rate' | 'users'): string[] {
  const first = new Map<number, CapacityStep & { readonly where: string }>();
  const slower = new Map<number, string>();
  // Each search numbers its steps from 1.
  const steps = rounds.flatMap((round, index) =>
    round.steps.map((step) => ({
      ...step,
      where: `step ${step.step}${rounds.length > 1 ? ` of search ${index + 1}` : ''}`,
    })),
  );
  for (const step of steps) {
    const p50 = step.figures?.p50Ms ?? null;
    if (p50 === null || step.status === 'busy') continue;
    const before = first.get(step.level);
    if (before === undefined) {
      first.set(step.level, step);
      continue;
    }
    const was = before.figures!.p50Ms!;
    if (p50 < was * FACTOR || p50 < was + LEAST_MS) continue;
    slower.set(
      step.level,
      `the target became slower with time: at ${formatLevel(step.level, unit)} p50 was ${formatLatency(was)} in ${before.where} and ${formatLatency(p50)} in ${step.where}`,
    );
  }
  return [...slower.values()];
}
