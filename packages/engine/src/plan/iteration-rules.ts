/*
 * What a user does around its iterations, on the native engine and in k6 alike (entry `@jarvis-load/engine/user-rules`). Plain code:
 * k6 runs it.
 */

import type { WaitTime } from '../model/scenario.ts';
import type { Random } from '../random.ts';

/** Seconds before a user whose `onStart` failed tries again. */
export const START_RETRY_SECONDS = 1;

/** Where the part of each task ends when all weights together are 1; ascending. */
export function taskShares(tasks: readonly { readonly weight: number }[]): readonly number[] {
  const total = tasks.reduce((sum, { weight }) => sum + weight, 0);
  let sum = 0;
  return tasks.map(({ weight }) => (sum += weight) / total);
}

/** The task of an iteration. @param tasks at least one @param shares of them @param draw from 0, below 1 */
export function pickTask<Task>(tasks: readonly Task[], shares: readonly number[], draw: number): Task {
  // The last share may be a little below 1.
  return tasks[shares.findIndex((end) => draw < end)] ?? tasks.at(-1)!;
}

/** The wait between two iterations: so many seconds from the end of the one before, or from its start. */
export function waitAfter(
  wait: WaitTime,
  random: Random,
): { readonly from: 'end' | 'start'; readonly seconds: number } {
  switch (wait.kind) {
    case 'between':
      return { from: 'end', seconds: wait.min + (wait.max - wait.min) * random() };
    case 'constant':
      return { from: 'end', seconds: wait.seconds };
    case 'constant-pacing':
      return { from: 'start', seconds: wait.seconds };
    case 'constant-throughput':
      return { from: 'start', seconds: 1 / wait.perSecond };
  }
}
