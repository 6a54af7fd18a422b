/** What the machine did to the run in one interval; null where the system does not tell. */
export interface MachineSecond {
  readonly durationMs: number;
  /** Threads of the generator and of the watched processes, added up. */
  readonly runMs: number | null;
  readonly waitMs: number | null;
  /** Of each process, the waiting of the thread that waited longest, added up over the processes. */
  readonly longestWaitMs: number | null;
  /** Held by a quota, at most `durationMs`. */
  readonly throttledMs: number | null;
  /** Taken by the hypervisor, added up over the processors. */
  readonly stolenMs: number | null;
  /** Of the processor time that the machine wanted, the part that the hypervisor took. */
  readonly stealShare: number | null;
  /** Part of the interval in which some thread of the machine waited for a processor. */
  readonly pressureShare: number | null;
}

/** Of the time in which our threads wanted a processor, the part in which they had none; null: not measured. */
export function waitingShare({ runMs, waitMs }: Pick<MachineSecond, 'runMs' | 'waitMs'>): number | null {
  if (runMs === null || waitMs === null || runMs + waitMs <= 0) return null;
  return waitMs / (runMs + waitMs);
}
