import { processors } from '../processors.ts';

interface MachineTimes {
  readonly idle: number;
  readonly all: number;
}

/**
 * Reads what this process and the machine spent since {@link begin}, which the caller calls as the clock of the run starts. Null
 * on a virtual clock, to which they do not apply.
 */
export class GeneratorProbe {
  #cpuStart = process.cpuUsage();
  #machineStart = machineTimes();
  readonly #realTime: boolean;

  /** @param realTime whether the run is on the machine's clock */
  constructor(realTime: boolean) {
    this.#realTime = realTime;
  }

  /** Starts the measurement. */
  begin(): void {
    this.#cpuStart = process.cpuUsage();
    this.#machineStart = machineTimes();
  }

  /** CPU time of this process. */
  get cpuSeconds(): number | null {
    if (!this.#realTime) return null;
    const { user, system } = process.cpuUsage(this.#cpuStart);
    return (user + system) / 1e6;
  }

  /** Busy share of all processors, 0 to 1; null where the machine does not tell. */
  get machineCpuShare(): number | null {
    return this.#realTime ? machineShare(this.#machineStart, machineTimes()) : null;
  }

  /** Memory of this process now; null if the system cannot be asked, such as without a free descriptor. */
  get rssBytes(): number | null {
    if (!this.#realTime) return null;
    try {
      return process.memoryUsage.rss();
    } catch {
      return null;
    }
  }
}

/** All zero where the system does not tell, or cannot be asked. */
function machineTimes(): MachineTimes {
  let idle = 0;
  let all = 0;
  for (const { times } of processors()) {
    idle += times.idle;
    all += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { idle, all };
}

/** Busy share of all processors, 0 to 1; null where the machine does not tell. */
function machineShare(before: MachineTimes, now: MachineTimes): number | null {
  const all = before.all === 0 ? 0 : now.all - before.all;
  return all > 0 ? 1 - (now.idle - before.idle) / all : null;
}
