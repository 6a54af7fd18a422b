import type { SnapshotPart } from '@jarvis-load/engine';
import { equalRows } from './equal-rows.ts';

/** How often one check of a scenario passed and failed. Lines of `ndjson` hold it as it is: its names are part of that format. */
export type CheckRow = SnapshotPart['checks'][number];

/** The rows of the checks that were evaluated. */
export function checkRows({ checks }: SnapshotPart): readonly CheckRow[] {
  return equalRows(checks, ({ scenario, name }) => JSON.stringify([scenario, name])).map((equal) => ({
    ...equal[0]!,
    passes: equal.reduce((sum, { passes }) => sum + passes, 0),
    fails: equal.reduce((sum, { fails }) => sum + fails, 0),
  }));
}
