/**
 * Number of the items 0 to total - 1 that belong to part `thread` of `threads`, when item k belongs to part k mod threads.
 * Counts only: `splitSchedule` (`arrivals.ts`) selects the items by the same rule. The shares of all parts sum to the total.
 * Parts are threads, or scenarios that share a rate.
 */
export function shareOf(total: number, thread: number, threads: number): number {
  return Math.max(0, Math.ceil((total - thread) / threads));
}
