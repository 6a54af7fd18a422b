import type { ResolvedExecutor } from '../model/resolved-executor.ts';

/**
 * How many iterations an executor plans from the start, over all threads; `undefined` if users or a schedule determine it. What
 * no thread has started by the end counts as dropped (`ThreadMerger`).
 */
export function plannedIterations(executor: ResolvedExecutor): number | undefined {
  switch (executor.kind) {
    case 'shared-iterations':
      return executor.iterations;
    case 'per-vu-iterations':
      return executor.iterations * executor.vus;
    case 'constant-vus':
    case 'ramping-vus':
    case 'constant-arrival-rate':
    case 'ramping-arrival-rate':
    case 'replayed-arrivals':
    case 'externally-controlled':
      return undefined;
  }
}
