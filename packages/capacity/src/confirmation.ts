import type { CapacityRound } from './capacity-round.ts';
import type { CapacityStep, StepOutcome } from './step.ts';

/* Sentences on the confirming run. They name flags of `jarvis-load capacity` (`apps/cli`). */

/** Names in a note; more are counted. */
const MOST_NAMED = 3;
/**
 * Standard error of the mean response time, as a share of it, above which searches of a queue scatter by more than 5 %:
 * `docs/reference/proof-capacity.md`.
 */
const MOST_MEAN_ERROR = 0.1;

/** The run that confirms the answer of a search; undefined: none passed. */
function confirmationOf({ steps }: CapacityRound): CapacityStep | undefined {
  return steps.findLast(({ purpose, status }) => purpose === 'confirm' && status === 'pass');
}

/** Promises that the confirming run had no data or too few samples to judge, as sentences: one of each kind for each search. */
export function unprovenNotes(rounds: readonly CapacityRound[]): string[] {
  return rounds.flatMap((round) => {
    const { unproven = [], withoutData = [] } = confirmationOf(round) ?? {};
    return [
      ...(withoutData.length === 0
        ? []
        : [`the run that confirms the answer has no data for ${named(withoutData)}: it proves nothing`]),
      ...(unproven.length === 0
        ? []
        : [
            `too few samples in the run that confirms the answer to judge ${named(unproven)}: a longer --confirm takes more`,
          ]),
    ];
  });
}

function named(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return names.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** Searches whose confirming run was short for how slowly the target forgets, as sentences. */
export function scatterNotes(rounds: readonly CapacityRound[]): string[] {
  return rounds.flatMap((round) => {
    const error = confirmationOf(round)?.figures?.meanError ?? 0;
    if (round.answer?.kind !== 'found' || error <= MOST_MEAN_ERROR) return [];
    return [
      `the run that confirms the answer is short for this target: its mean response time is known to ${Math.round(100 * error)}% only ` +
        '(standard error, by ten parts), since waiting requests make the next ones wait. Answers of such runs scatter, and more of them are too high: ' +
        'make --step and --confirm longer, or take several searches with --repeat',
    ];
  });
}

/** Whether a pass proves something: every promise has data, and one at least enough of it. */
export function isProven({ withoutData = [], unproven, tightest }: StepOutcome): boolean {
  return withoutData.length === 0 && (unproven.length === 0 || tightest !== undefined);
}

/** Whether the run that confirms the answer proves nothing. */
export function isUnproven(round: CapacityRound): boolean {
  const step = confirmationOf(round);
  return step !== undefined && !isProven(step);
}
