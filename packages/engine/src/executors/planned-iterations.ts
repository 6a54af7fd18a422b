import type { ResolvedExecutor } from '../model/resolved-executor.ts';
import type { PartOfRun } from '../model/run-options.ts';
import { countOfPart } from '../plan/count-of-part.ts';

/**
 * How many iterations an executor plans from the start, over all threads of this part of the run; `undefined` if users or a
 * schedule determine it. What no thread has started by the end counts as dropped (`ThreadMerger`). The numbers of all parts sum
 * to that of the whole run. A part has every `of`-th user: parts without one get none of the shared iterations.
 */
export function plannedIterations(executor: ResolvedExecutor, { index, of }: PartOfRun): number | undefined {
  switch (executor.kind) {
    case 'shared-iterations': {
      const parts = Math.min(of, executor.vus);
      return index < parts ? countOfPart(executor.iterations, index, parts) : 0;
    }
    case 'per-vu-iterations':
      return executor.iterations * countOfPart(executor.vus, index, of);
    case 'constant-vus':
    case 'ramping-vus':
    case 'constant-arrival-rate':
    case 'ramping-arrival-rate':
    case 'replayed-arrivals':
    case 'externally-controlled':
      return undefined;
  }
}
