import type { RunResult } from '../../src/index.ts';

/**
 * The requests that the target must have seen, by operation: those that ended and those that were cut off, less
 * those whose time was up before a connection was there (which happens where the machine takes this process's turn).
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

/** As the scripted server names its counters. */
export function inPhaseRun(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([operation, count]) => [`run ${operation}`, count]));
}
