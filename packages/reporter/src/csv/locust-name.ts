import type { RunResult } from '@jarvis-load/engine/result';

/**
 * Locust identifies an entry by method and name; ours has a scenario too. A name used in several scenarios gets the
 * scenario appended, as in `chat.send (chat-journey)`, so that tools that read the file do not merge the entries.
 */
export function locustNames(result: RunResult): (scenario: string, operation: string) => string {
  const scenarios = new Map<string, Set<string>>();
  for (const { scenario, operation } of [...result.operations, ...result.errors]) {
    scenarios.set(operation, (scenarios.get(operation) ?? new Set()).add(scenario));
  }
  return (scenario, operation) =>
    (scenarios.get(operation)?.size ?? 0) > 1 ? `${operation} (${scenario})` : operation;
}

/** Compares names or methods by code units. Locust sorts its rows by name, then by method (`sort_stats`). */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
