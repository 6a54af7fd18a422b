/*
 * Health of the generator over a run: its figures in the document, and whether it limited the result (`generatorLimited`).
 *
 * Must hold:
 * - `add` gets each interval once, in order: a busy event loop counts after `BUSY_INTERVALS` consecutive intervals.
 * - Samples are cumulative since the start of the run, but for `utilization`: the last sample of a thread is its result. A thread
 *   without a sample in an interval keeps the one before.
 * - Threads are numbered from 0 to `threads - 1`, those of a merged run over all parts (`PartInterval.firstThread`).
 */

import type { ThreadHealth } from '../model/run-snapshot.ts';
import type { Measures } from '../recorder/measures.ts';
import type { ErrorGroups } from '../result/error-groups.ts';
import { latencyStats, quantileMs } from '../result/latency-stats.ts';
import type { GeneratorHealth, MachineHealth, PartMachine } from '../document/schema.ts';
import { GENERATOR_LIMIT_CODES } from '../transport/failure.ts';
import type { HttpProtocol } from '../model/flight.ts';

/** Above this the schedule was not kept; ten times what timer resolution and usual garbage collection cause. */
const PACER_LAG_P99_LIMIT_MS = 50;
/** Event-loop delay that counts as a stall of the generator, anywhere in the run. */
const STALL_LIMIT_MS = 400;
/** An event loop this busy for several consecutive intervals processes responses late. */
const BUSY_SHARE = 0.95;
const BUSY_INTERVALS = 3;

/** Figures of the generator that the record gets beside its samples. */
interface Work {
  /** Iterations of open executors, as `started`. */
  readonly planned: number;
  readonly started: number;
  readonly warmUpRequests: number;
  /** Of this process over the run; null: not known, as the next one. */
  readonly cpuSeconds: number | null;
  readonly machineCpuShare: number | null;
  /** What the machine did to the run; null: not known. */
  readonly machine: MachineHealth | null;
  /** Those of a merged run. */
  readonly machines: readonly PartMachine[];
}

/** Health of the generator over a run. */
export class HealthRecord {
  #maxRssBytes = 0;
  #busyRow = 0;
  #longestBusyRow = 0;
  /** The last sample of each thread. */
  #samples: (ThreadHealth | undefined)[] = [];
  readonly #threads: number;

  constructor(threads: number) {
    this.#threads = threads;
  }

  /** Event-loop utilisation of the busiest thread in the last interval, 0 to 1. */
  get utilization(): number {
    return Math.max(0, ...this.#samples.map((sample) => sample?.utilization ?? 0));
  }

  /** Takes an interval's samples. */
  add(threads: readonly ThreadHealth[], rssBytes: number | null): void {
    if (this.#samples.length === 0) this.#samples = Array.from({ length: this.#threads });
    for (const sample of threads) this.#samples[sample.thread] = sample;
    this.#maxRssBytes = Math.max(this.#maxRssBytes, rssBytes ?? 0);
    this.#busyRow = this.utilization > BUSY_SHARE ? this.#busyRow + 1 : 0;
    this.#longestBusyRow = Math.max(this.#longestBusyRow, this.#busyRow);
  }

  /** What the target speaks; undefined where no connection was opened. */
  get protocol(): HttpProtocol | undefined {
    return this.#samples.find((sample) => sample?.protocol !== undefined)?.protocol;
  }

  result(total: Measures, errors: ErrorGroups, work: Work): GeneratorHealth {
    const all = total.mergeOperations();
    const { requests } = all;
    const { cpuSeconds } = work;
    const samples = this.#samples.flatMap((sample) => sample ?? []);
    const most = (read: (sample: ThreadHealth) => number | null): number | null => {
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
      cpuSeconds,
      cpuMicrosPerRequest: cpuSeconds !== null && requests > 0 ? (cpuSeconds * 1e6) / requests : null,
      machineCpuShare: work.machineCpuShare,
      machine: work.machine,
      ...(work.machines.length === 0 ? {} : { machines: [...work.machines] }),
      maxRssBytes: this.#maxRssBytes > 0 ? this.#maxRssBytes : null,
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
    if (stallMs > STALL_LIMIT_MS) reasons.push(`the generator was blocked for ${stallMs.toFixed(0)} ms`);
    if (this.#longestBusyRow >= BUSY_INTERVALS) {
      reasons.push(
        `its event loop was busy more than ${BUSY_SHARE * 100}% of the time for ${this.#longestBusyRow} s`,
      );
    }
    const own = errors.countOf(GENERATOR_LIMIT_CODES);
    if (own > 0) {
      const codes = [...GENERATOR_LIMIT_CODES].join(', ');
      reasons.push(
        `${own} requests failed because this machine had no free file descriptor or local port (${codes})`,
      );
    }
    return { generatorLimited: reasons.length > 0, reasons };
  }
}
