import type { ResolvedExecutor } from '../model/resolved-executor.ts';

/** How many iterations an executor plans from the start; `undefined` if users or a schedule determine it. */
export function plannedIterations(executor: ResolvedExecutor): number | undefined {
  switch (executor.kind) {
    case 'shared-iterations':
      return executor.iterations;
    case 'per-vu-iterations':
      return executor.iterations * executor.vus;
    default:
      return undefined;
  }
}
