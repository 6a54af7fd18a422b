import type { SharedCounts } from '../executors/executor.ts';
import type { CompiledRun, CompiledScenario } from '../model/compiled-run.ts';
import type { Feeder } from '../model/feeder.ts';
import type { UserCoordination } from '../user/user-host.ts';

interface Shared {
  readonly run: CompiledRun;
  /** By scenario index. */
  readonly sharedCounts: readonly SharedCounts[];
  readonly stopRun: (reason: string) => void;
}

/**
 * What users of one scenario share with those of other threads.
 *
 * Must hold: numbers come from `SharedCounts`, made by `SharedCounts.of` with a cell for each feeder of the scenario, and not
 * from a count of this thread: rows and iteration numbers are handed out once in the process.
 */
export function coordinate(
  { run, sharedCounts, stopRun }: Shared,
  { index }: CompiledScenario,
): UserCoordination {
  return {
    nextIteration: () => sharedCounts[index]!.numberIteration(),
    nextRow: (feeder) => {
      const { owner, place } = placeOf(run, feeder);
      return sharedCounts[owner]!.nextRow(place);
    },
    stop: stopRun,
  };
}

/** Where the position of a feeder is kept: with the first scenario that declares it, in every thread the same. */
function placeOf(run: CompiledRun, feeder: Feeder): { readonly owner: number; readonly place: number } {
  for (const { index, definition } of run.scenarios) {
    const place = definition.feeders?.indexOf(feeder) ?? -1;
    if (place >= 0) return { owner: index, place };
  }
  throw new Error('a feeder that no scenario declares');
}
