import type { Objective } from '@jarvis-load/engine';
import { JarvisError } from './error.ts';
import type { OperationName } from './dialects/operation-name.ts';

/** An {@link Objective} on an operation of Jarvis. */
export interface JarvisObjective extends Objective {
  readonly operation: OperationName;
}

/** Names of the sets of objectives. */
export type ObjectiveSetName = 'suite' | 'benchmark';

/** A named set of objectives per operation. */
export interface ObjectiveSet {
  readonly name: ObjectiveSetName;
  readonly description: string;
  readonly objectives: readonly JarvisObjective[];
}

const percent = (value: number): number => value / 100;

/**
 * The objectives of the suite and the older benchmark table. Objectives on operations that a dialect lacks have no data.
 *
 * Must hold: `suite` comes first, as the command line takes the first set as the default. The profile `selftest` computes its
 * number of users from `suite` (`profiles/profile-executor.ts`).
 */
export const OBJECTIVE_SETS: Readonly<Record<ObjectiveSetName, ObjectiveSet>> = {
  suite: {
    name: 'suite',
    description: 'What the load suite promises: p95, p99, error rate, requests/s at 100 users',
    objectives: [
      promise('chat.send', { p95Ms: 300, p99Ms: 500, errorRate: percent(1) }, 50),
      promise('chat.conversations', { p95Ms: 100, p99Ms: 200, errorRate: percent(1) }, 100),
      promise('memory.search', { p95Ms: 200, p99Ms: 400, errorRate: percent(2) }, 80),
      promise('voice.synthesize', { p95Ms: 1500, p99Ms: 2500, errorRate: percent(5) }, 10),
      promise('voice.transcribe', { p95Ms: 2000, p99Ms: 3000, errorRate: percent(5) }, 8),
    ],
  },
  benchmark: {
    name: 'benchmark',
    description:
      'The thresholds of the older benchmark table: p50, p95, p99, error rate, requests/s per 100 users',
    objectives: [
      promise('health', { p50Ms: 10, p95Ms: 50, p99Ms: 100, errorRate: percent(0.1) }, 500),
      promise('chat.send', { p50Ms: 200, p95Ms: 500, p99Ms: 1000, errorRate: percent(1) }, 50),
      promise('chat.conversations', { p50Ms: 50, p95Ms: 150, p99Ms: 300, errorRate: percent(0.5) }, 150),
      promise('chat.history', { p50Ms: 30, p95Ms: 100, p99Ms: 200, errorRate: percent(0.5) }, 200),
      promise('memory.search', { p50Ms: 100, p95Ms: 250, p99Ms: 500, errorRate: percent(2) }, 100),
      promise('memory.store', { p50Ms: 80, p95Ms: 200, p99Ms: 400, errorRate: percent(1) }, 80),
      promise('voice.synthesize', { p50Ms: 1000, p95Ms: 2000, p99Ms: 3500, errorRate: percent(5) }, 15),
      promise('voice.transcribe', { p50Ms: 1500, p95Ms: 2500, p99Ms: 4000, errorRate: percent(5) }, 12),
    ],
  },
};

function promise(
  operation: OperationName,
  limits: Omit<Objective, 'operation' | 'requestsPerSecondPer100Users'>,
  requestsPerSecondPer100Users: number,
): JarvisObjective {
  return { operation, ...limits, requestsPerSecondPer100Users };
}

/**
 * The objectives of a set on the operations that a run requests; objectives on other operations are left out.
 * @throws JarvisError `invalid_option` for an unknown set
 */
export function objectivesFor(
  operations: Iterable<string>,
  set: ObjectiveSetName | (string & {}) = 'suite',
): readonly JarvisObjective[] {
  const found = Object.values(OBJECTIVE_SETS).find(({ name }) => name === set);
  if (found === undefined) {
    throw new JarvisError(
      'invalid_option',
      `There is no objective set "${set}". Use one of: ${Object.keys(OBJECTIVE_SETS).join(', ')}.`,
    );
  }
  const asked = new Set(operations);
  return found.objectives.filter((objective) => asked.has(objective.operation));
}
