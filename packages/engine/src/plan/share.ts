/**
 * How many of `total` things numbered from 0 belong to one thread, when thread j of n takes those with k mod n = j.
 * The shares of all threads sum to the total.
 */
export function shareOf(total: number, thread: number, threads: number): number {
  return Math.max(0, Math.ceil((total - thread) / threads));
}
