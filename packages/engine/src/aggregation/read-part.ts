import type { RecordedRun } from '../model/compiled-run.ts';
import type { ExceptionPart } from '../model/snapshot-part.ts';
import type { ExceptionInterval } from '../model/thread-interval.ts';

/** Exceptions as they are recorded. */
export function readExceptions(run: RecordedRun, parts: readonly ExceptionPart[]): ExceptionInterval[] {
  return parts.map(({ scenario, ...rest }) => ({
    scenario: run.scenarios.findIndex(({ name }) => name === scenario),
    ...rest,
  }));
}
