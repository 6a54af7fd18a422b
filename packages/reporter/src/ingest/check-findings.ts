import type { Finding } from '@jarvis-load/engine/ingest';
import type { Measures } from '@jarvis-load/engine/recorder';
import type { FoundRun } from './found-run.ts';

/** A scenario without requests is judged by its checks: if all of them failed, the run fails. */
export function checkFindings(total: Measures, found: FoundRun): Finding[] {
  return found.run.scenarios.flatMap(({ index, name, operations }): Finding[] => {
    const requests = [...operations.values()].some((each) => total.operations[each.index]!.requests > 0);
    const counts = [...total.checks[index]!.values()];
    const fails = counts.reduce((sum, each) => sum + each.fails, 0);
    if (requests || fails === 0 || counts.some(({ passes }) => passes > 0)) return [];
    return [
      {
        status: 'fail',
        code: 'nothing-succeeded',
        text: `scenario ${name}: none of ${fails} checks passed`,
      },
    ];
  });
}
