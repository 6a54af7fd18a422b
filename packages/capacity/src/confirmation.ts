import type { CapacityRound } from './capacity-report.ts';
import type { CapacityStep } from './step.ts';

/** Names in a note; more are counted. */
const MOST_NAMED = 3;

/** The run that confirms the answer of a search; undefined: none passed. */
function confirmationOf({ steps }: CapacityRound): CapacityStep | undefined {
  return steps.findLast(({ purpose, status }) => purpose === 'confirm' && status === 'pass');
}

/** Promises that the confirming run had too few samples to judge, as sentences; one for each search that has some. */
export function unprovenNotes(rounds: readonly CapacityRound[]): string[] {
  return rounds.flatMap((round) => {
    const { unproven = [] } = confirmationOf(round) ?? {};
    if (unproven.length === 0) return [];
    const more = unproven.length - MOST_NAMED;
    const named = unproven.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
    return [
      `too few samples in the run that confirms the answer to judge ${named}: a longer --confirm takes more`,
    ];
  });
}

/** Whether the run that confirms the answer has judged no promise at all: such an answer proves nothing. */
export function isUnproven(round: CapacityRound): boolean {
  const step = confirmationOf(round);
  return step !== undefined && step.unproven.length > 0 && step.tightest === undefined;
}
