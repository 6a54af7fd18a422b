import {
  monitorEventLoopDelay,
  performance,
  PerformanceObserver,
  type EventLoopUtilization,
} from 'node:perf_hooks';
import type { Measures } from '../recorder/measures.ts';
import type { ErrorGroups } from '../result/error-groups.ts';
import { latencyStats, quantileMs } from '../result/latency-stats.ts';
import type { GeneratorHealth } from '../result/schema.ts';
import { GENERATOR_LIMIT_CODES } from '../transport/failure.ts';

/** Beyond this the schedule was not kept: an order of magnitude above a timer's grain and usual collections. */
const PACER_LAG_P99_LIMIT_MS = 50;
/** A stall of the generator itself, in whatever part of the run. */
const STALL_LIMIT_MS = 400;
/** An event loop this busy for several intervals in a row has no time left for the answers. */
const BUSY_SHARE = 0.95;
const BUSY_INTERVALS = 3;

/** Watches the generator itself, so that a run in which it was the limit says so. */
export class HealthWatch {
  readonly #delay = monitorEventLoopDelay({ resolution: 10 });
  readonly #gc: PerformanceObserver;
  #gcMs = 0;
  #cpuStart = process.cpuUsage();
  #loopStart: EventLoopUtilization = performance.eventLoopUtilization();
  #loopLast = this.#loopStart;
  #maxRssBytes = 0;
  #busyRow = 0;
  #longestBusyRow = 0;

  constructor() {
    this.#gc = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) this.#gcMs += entry.duration;
    });
  }

  /** From here on it counts. */
  begin(): void {
    this.#delay.enable();
    this.#gc.observe({ entryTypes: ['gc'] });
    this.#cpuStart = process.cpuUsage();
    this.#loopStart = performance.eventLoopUtilization();
    this.#loopLast = this.#loopStart;
  }

  /** Event-loop utilisation since the last call, 0 to 1. */
  interval(): number {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.#loopLast);
    this.#loopLast = now;
    this.#maxRssBytes = Math.max(this.#maxRssBytes, process.memoryUsage.rss());
    this.#busyRow = utilization > BUSY_SHARE ? this.#busyRow + 1 : 0;
    this.#longestBusyRow = Math.max(this.#longestBusyRow, this.#busyRow);
    return utilization;
  }

  end(): void {
    this.#delay.disable();
    this.#gc.disconnect();
  }

  /** @param offered planned arrivals of open executors; 0: none */
  result(
    total: Measures,
    errors: ErrorGroups,
    arrivals: { readonly offered: number; readonly started: number },
    connectionsOpened: number,
    warmUpRequests: number,
  ): GeneratorHealth {
    const cpu = process.cpuUsage(this.#cpuStart);
    const cpuSeconds = (cpu.user + cpu.system) / 1e6;
    const all = total.mergeOperations();
    const { requests } = all;
    const delayMs = (percentile: number): number =>
      Math.max(0, this.#delay.percentile(percentile) / 1e6 - 10);
    const maxDelayMs = Math.max(0, this.#delay.max / 1e6 - 10);
    const observed = this.#delay.max > 0;
    return {
      ...this.#judge(total, errors, maxDelayMs),
      eventLoopUtilization: performance.eventLoopUtilization(this.#loopStart).utilization,
      eventLoopDelayMs: {
        p50: observed ? delayMs(50) : null,
        p99: observed ? delayMs(99) : null,
        max: observed ? maxDelayMs : null,
      },
      pacerLag: latencyStats(total.pacerLag),
      queueWait: latencyStats(all.queueWait),
      achievedOfOffered: arrivals.offered === 0 ? null : arrivals.started / arrivals.offered,
      cpuSeconds,
      cpuMicrosPerRequest: requests === 0 ? null : (cpuSeconds * 1e6) / requests,
      maxRssBytes: this.#maxRssBytes,
      gcSeconds: this.#gcMs / 1000,
      connectionsOpened,
      warmUpRequests,
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
    if (stallMs > STALL_LIMIT_MS) {
      reasons.push(`the generator stood still for ${stallMs.toFixed(0)} ms`);
    }
    if (this.#longestBusyRow >= BUSY_INTERVALS) {
      reasons.push(
        `its event loop was busy more than ${BUSY_SHARE * 100} % of the time for ${this.#longestBusyRow} s`,
      );
    }
    const own = errors.countOf(GENERATOR_LIMIT_CODES);
    if (own > 0) {
      reasons.push(
        `${own} requests found no free descriptor or port on this machine (${[...GENERATOR_LIMIT_CODES].join(', ')})`,
      );
    }
    return { generatorLimited: reasons.length > 0, reasons };
  }
}
