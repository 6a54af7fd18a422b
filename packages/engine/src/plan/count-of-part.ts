import type { PartOfRun } from '../model/run-options.ts';

/** A run that one process makes. */
export const WHOLE_RUN: PartOfRun = { index: 0, of: 1 };

/**
 * Number of the items 0 to total - 1 that belong to part `part`, from 0, of `parts`, when item k belongs to part k mod parts: the
 * counts of all parts sum to the total. Parts are threads (of all machines, with `--part`), or scenarios that share a rate.
 * `splitSchedule` (`arrivals.ts`) selects the items by the same rule: both change together.
 */
export function countOfPart(total: number, part: number, parts: number): number {
  return Math.max(0, Math.ceil((total - part) / parts));
}
