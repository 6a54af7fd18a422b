import type { SharedCounts } from '../executors/executor.ts';
import type { CompiledRun, CompiledScenario } from '../model/compiled-run.ts';
import type { Feeder } from '../model/feeder.ts';
import type { PartOfRun } from '../model/run-options.ts';
import { WHOLE_RUN } from '../plan/count-of-part.ts';
import type { UserCoordination } from '../user/user-host.ts';

interface Shared {
  readonly run: CompiledRun;
  /** By scenario index. */
  readonly sharedCounts: readonly SharedCounts[];
  /** Of the run, which this process makes. @default all of it */
  readonly part?: PartOfRun | undefined;
  readonly stopRun: (reason: string) => void;
}

/**
 * What users of one scenario share with those of other threads.
 *
 * Must hold: numbers come from `SharedCounts`, made by `SharedCounts.of` with a cell for each feeder of the scenario, and not
 * from a count of this thread: rows and iteration numbers are handed out once in the process. Part k of n hands out k, k + n,
 * k + 2n ..., so that they are handed out once in the run, too.
 */
export function coordinate(shared: Shared, { index }: CompiledScenario): UserCoordination {
  const { sharedCounts, part } = shared;
  return {
    ...coordinateSolo(shared),
    nextIteration: () => ofPart(sharedCounts[index]!.numberIteration(), part),
  };
}

/** What users outside the load share with it: a row that `setup` takes is not handed out again. */
export function coordinateSolo({ run, sharedCounts, part, stopRun }: Shared): UserCoordination {
  return {
    nextIteration: () => 0,
    nextRow: (feeder) => {
      const { owner, place } = placeOf(run, feeder);
      return ofPart(sharedCounts[owner]!.nextRow(place), part);
    },
    stop: stopRun,
  };
}

function ofPart(number: number, { index, of }: PartOfRun = WHOLE_RUN): number {
  return index + of * number;
}

/** Where the position of a feeder is kept: with the first scenario that declares it, in every thread the same. */
function placeOf(run: CompiledRun, feeder: Feeder): { readonly owner: number; readonly place: number } {
  for (const { index, definition } of run.scenarios) {
    const place = definition.feeders?.indexOf(feeder) ?? -1;
    if (place >= 0) return { owner: index, place };
  }
  throw new Error('a feeder that no scenario declares');
}
