import type { CompiledOperation } from '../model/compiled-run.ts';
import type { Measures } from '../recorder/measures.ts';

/** Good streams among those that were planned. */
export interface Goodput {
  readonly good: number;
  /** Ended streams, those of iterations that were never started, and interrupted ones that had missed an objective by then. */
  readonly planned: number;
  /** Those that did not fail and are not good, as they were too slow. */
  readonly late: number;
  /** As written; of several operations each once. */
  readonly objectives: readonly string[];
}

/**
 * Counts the streams of operations with objectives. A dropped iteration counts with the requests of the operation that its
 * scenario's `demand` says, where it says nothing with one.
 */
export function goodputOf(measures: Measures, wanted: (operation: CompiledOperation) => boolean): Goodput {
  let good = 0;
  let planned = 0;
  let late = 0;
  const objectives = new Set<string>();
  for (const operation of measures.run.operations) {
    if (operation.operation.good === undefined || !wanted(operation)) continue;
    const { streams, requests, failed } = measures.operations[operation.index]!;
    const counts = streams?.counts;
    const { dropped } = measures.scenarios[operation.scenarioIndex]!.counts;
    const { demand } = measures.run.scenarios[operation.scenarioIndex]!.definition;
    objectives.add(operation.operation.good);
    good += counts?.good ?? 0;
    late += Math.max(0, requests - failed - (counts?.good ?? 0));
    const { name } = operation.operation;
    const perIteration =
      demand !== undefined && Object.hasOwn(demand.requests, name) ? demand.requests[name]! : 1;
    planned += (counts?.judged ?? 0) + dropped * perIteration;
  }
  return { good, planned, late, objectives: [...objectives] };
}
