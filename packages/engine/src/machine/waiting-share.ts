import type { MachineSecond } from '../model/run-snapshot.ts';

/** Of the time in which our threads wanted a processor, the part in which they had none; null: not measured. */
export function waitingShare({ runMs, waitMs }: Pick<MachineSecond, 'runMs' | 'waitMs'>): number | null {
  if (runMs === null || waitMs === null || runMs + waitMs <= 0) return null;
  return waitMs / (runMs + waitMs);
}
