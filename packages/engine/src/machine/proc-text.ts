/*
 * Texts of `/proc` and of control groups as numbers. All are cumulative counters, since the start of a thread, of a group or of
 * the machine, so that callers take differences; their units differ, and stand in names or comments.
 */

/** Processor time of one thread, as in `/proc/<pid>/task/<tid>/schedstat` (Documentation/scheduler/sched-stats.rst). */
export interface ThreadTimes {
  readonly runNs: number;
  /** Ready to run, waiting for a processor; time that a quota takes is in it. */
  readonly waitNs: number;
}

/** `undefined` for a text of another form, and for a kernel that does not count (all fields are 0). */
export function parseSchedstat(text: string): ThreadTimes | undefined {
  const [runNs, waitNs, slices] = text.trim().split(/\s+/).map(Number);
  if (runNs === undefined || waitNs === undefined || slices === undefined) return undefined;
  if (![runNs, waitNs, slices].every(Number.isFinite)) return undefined;
  return runNs === 0 && waitNs === 0 && slices === 0 ? undefined : { runNs, waitNs };
}

/** Processor time of the machine in ticks, added up over its processors, as in the first line of `/proc/stat` (proc(5)). */
export interface MachineTicks {
  /** Time in which a processor had work. */
  readonly busy: number;
  /** Time that the hypervisor gave to others while a processor had work. */
  readonly steal: number;
}

/** `undefined` for a text that is none. A kernel before 2.6.11 has no steal: 0. */
export function parseStat(text: string): MachineTicks | undefined {
  const line = /^cpu +([\d ]+)$/m.exec(text)?.[1];
  if (line === undefined) return undefined;
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0, steal = 0] = line.split(/ +/).map(Number);
  return { busy: user + nice + system + irq + softIrq, steal };
}

/**
 * Microseconds in which some thread of the machine waited for a processor, as `/proc/pressure/cpu` counts them
 * (Documentation/accounting/psi.rst).
 */
export function parsePressure(text: string): number | undefined {
  const total = /^some .*\btotal=(\d+)/m.exec(text)?.[1];
  return total === undefined ? undefined : Number(total);
}

/**
 * Milliseconds for which a quota held a control group, as its `cpu.stat` counts them: `throttled_time` in nanoseconds
 * (version 1), `throttled_usec` (version 2). `undefined` in version 2 for a group without the cpu controller, whose file has
 * neither.
 */
export function parseThrottled(text: string): number | undefined {
  const ns = /^throttled_time (\d+)$/m.exec(text)?.[1];
  if (ns !== undefined) return Number(ns) / 1e6;
  const us = /^throttled_usec (\d+)$/m.exec(text)?.[1];
  return us === undefined ? undefined : Number(us) / 1e3;
}
