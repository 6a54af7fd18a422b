import { processors } from '../processors.ts';
import type { ThreadHealthSample } from '../model/thread-interval.ts';
import type { Measures } from '../recorder/measures.ts';
import type { ErrorGroups } from '../result/error-groups.ts';
import { latencyStats, quantileMs } from '../result/latency-stats.ts';
import type { GeneratorHealth, MachineHealth } from '../document/schema.ts';
import { GENERATOR_LIMIT_CODES } from '../transport/failure.ts';
import type { HttpProtocol } from '../model/flight.ts';
import type { ThreadReport } from '../threads/thread-handle.ts';

/** Above this the schedule was not kept; ten times what timer resolution and usual garbage collection cause. */
const PACER_LAG_P99_LIMIT_MS = 50;
/** Event-loop delay that counts as a stall of the generator, anywhere in the run. */
const STALL_LIMIT_MS = 400;
/** An event loop this busy for several consecutive intervals processes responses late. */
const BUSY_SHARE = 0.95;
const BUSY_INTERVALS = 3;

/** Counts of the run that the verdict on the generator needs besides its samples. */
interface Work {
  /** Of open executors. */
  readonly planned: number;
  readonly started: number;
  readonly warmUpRequests: number;
  /** What the machine did to the run; null: not known. */
  readonly machine: MachineHealth | null;
}

/** Watches the generator, so that the result says when the generator was the limit. */
export class HealthWatch {
  #cpuStart = process.cpuUsage();
  #machineStart = machineTimes();
  #maxRssBytes = 0;
  #busyRow = 0;
  #longestBusyRow = 0;
  /** The last sample of each thread. */
  readonly #samples: (ThreadHealthSample | undefined)[] = [];
  readonly #realTime: boolean;

  /** @param realTime whether the run uses the system clock; on another clock the machine's load is irrelevant */
  constructor(realTime = true) {
    this.#realTime = realTime;
  }

  /** Starts the measurement. */
  begin(): void {
    this.#cpuStart = process.cpuUsage();
    this.#machineStart = machineTimes();
  }

  /** Takes an interval's reports; returns the busiest thread's event-loop utilisation, 0 to 1. */
  interval(reports: readonly ThreadReport[]): number {
    for (const { interval, health } of reports) {
      const sample = health === undefined || this.#realTime ? health : withoutMachine(health);
      this.#samples[interval.thread] = sample ?? this.#samples[interval.thread];
    }
    this.#maxRssBytes = Math.max(this.#maxRssBytes, rssBytes() ?? 0);
    const utilization = Math.max(0, ...this.#samples.map((sample) => sample?.utilization ?? 0));
    this.#busyRow = utilization > BUSY_SHARE ? this.#busyRow + 1 : 0;
    this.#longestBusyRow = Math.max(this.#longestBusyRow, this.#busyRow);
    return utilization;
  }

  /** What the target speaks; undefined where no connection was opened. */
  get protocol(): HttpProtocol | undefined {
    return this.#samples.find((sample) => sample?.protocol !== undefined)?.protocol;
  }

  result(total: Measures, errors: ErrorGroups, work: Work): GeneratorHealth {
    const cpu = process.cpuUsage(this.#cpuStart);
    const cpuSeconds = (cpu.user + cpu.system) / 1e6;
    const all = total.mergeOperations();
    const { requests } = all;
    const samples = this.#samples.flatMap((sample) => sample ?? []);
    const most = (read: (sample: ThreadHealthSample) => number | null): number | null => {
      const values = samples.flatMap((sample) => read(sample) ?? []);
      return values.length === 0 ? null : Math.max(...values);
    };
    return {
      ...this.#judge(total, errors, most(({ delayMaxMs }) => delayMaxMs) ?? 0),
      eventLoopUtilization: most(({ meanUtilization }) => meanUtilization),
      eventLoopDelayMs: {
        p50: most(({ delayP50Ms }) => delayP50Ms),
        p99: most(({ delayP99Ms }) => delayP99Ms),
        max: most(({ delayMaxMs }) => delayMaxMs),
      },
      pacerLag: latencyStats(total.pacerLag),
      queueWait: latencyStats(all.queueWait),
      achievedOfOffered: work.planned === 0 ? null : work.started / work.planned,
      cpuSeconds: this.#realTime ? cpuSeconds : null,
      cpuMicrosPerRequest: this.#realTime && requests > 0 ? (cpuSeconds * 1e6) / requests : null,
      machineCpuShare: this.#realTime ? machineShare(this.#machineStart, machineTimes()) : null,
      machine: work.machine,
      maxRssBytes: this.#realTime && this.#maxRssBytes > 0 ? this.#maxRssBytes : null,
      gcSeconds: samples.reduce((sum, { gcMs }) => sum + gcMs, 0) / 1000,
      connectionsOpened: samples.reduce((sum, { connectionsOpened }) => sum + connectionsOpened, 0),
      warmUpRequests: work.warmUpRequests,
      threads: this.#samples.map((sample, thread) => ({
        thread,
        eventLoopUtilization: sample?.meanUtilization ?? null,
        eventLoopDelayMaxMs: sample?.delayMaxMs ?? null,
        cpuSeconds: sample?.cpuSeconds ?? null,
      })),
    };
  }

  #judge(total: Measures, errors: ErrorGroups, maxDelayMs: number) {
    const reasons: string[] = [];
    const lagP99 = quantileMs(total.pacerLag, 0.99);
    const lagMax = quantileMs(total.pacerLag, 1);
    if (lagP99 !== null && lagP99 > PACER_LAG_P99_LIMIT_MS) {
      reasons.push(`iterations were handed out late: p99 of the pacer lag is ${lagP99.toFixed(0)} ms`);
    }
    const stallMs = Math.max(lagMax ?? 0, maxDelayMs);
    if (stallMs > STALL_LIMIT_MS) reasons.push(`the generator stood still for ${stallMs.toFixed(0)} ms`);
    if (this.#longestBusyRow >= BUSY_INTERVALS) {
      reasons.push(
        `its event loop was busy more than ${BUSY_SHARE * 100}% of the time for ${this.#longestBusyRow} s`,
      );
    }
    const own = errors.countOf(GENERATOR_LIMIT_CODES);
    if (own > 0) {
      const codes = [...GENERATOR_LIMIT_CODES].join(', ');
      reasons.push(`${own} requests found no free descriptor or port on this machine (${codes})`);
    }
    return { generatorLimited: reasons.length > 0, reasons };
  }
}

/** Removes machine measurements from a sample, for runs on another clock. */
function withoutMachine({ connectionsOpened, protocol }: ThreadHealthSample): ThreadHealthSample {
  return {
    utilization: 0,
    meanUtilization: 0,
    delayP50Ms: null,
    delayP99Ms: null,
    delayMaxMs: null,
    gcMs: 0,
    cpuSeconds: null,
    connectionsOpened,
    protocol,
  };
}

interface MachineTimes {
  readonly idle: number;
  readonly all: number;
}

/** Null if the system cannot be asked, such as without a free descriptor. */
function rssBytes(): number | null {
  try {
    return process.memoryUsage.rss();
  } catch {
    return null;
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
