import type { RunResult } from '../../src/index.ts';

/**
 * Number of requests by operation that the target must have received: those that ended and those that were interrupted,
 * minus those whose time limit ended before they had a connection (possible on a busy machine).
 */
export function seenByServer({
  operations,
  errors,
}: Pick<RunResult, 'operations' | 'errors'>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { operation, requests, interrupted } of operations) {
    const seen = requests + interrupted;
    if (seen > 0) counts[operation] = (counts[operation] ?? 0) + seen;
  }
  for (const { operation, code, count } of errors) {
    if (code === 'not_sent') counts[operation] = (counts[operation] ?? 0) - count;
  }
  return counts;
}

/** Keys as in the counters of the scripted server. */
export function inPhaseRun(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([operation, count]) => [`run ${operation}`, count]));
}
