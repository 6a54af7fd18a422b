import { monitorEventLoopDelay, performance, PerformanceObserver } from 'node:perf_hooks';
import type { EventLoopUtilization, IntervalHistogram } from 'node:perf_hooks';
import { systemProcFiles, type ProcFile } from '../machine/proc-files.ts';
import type { ThreadHealthSample } from '../model/thread-interval.ts';
import type { Transport } from '../model/flight.ts';

/**
 * Monitors of this thread that no watch uses: Node keeps the memory of each, 0.4 MB, until the thread ends, and every run has
 * three watches with its warm-up.
 */
const idleMonitors: IntervalHistogram[] = [];

/** Resolution of the event-loop delay monitor; its readings include it. */
const RESOLUTION_MS = 10;
/** Linux counts CPU time in ticks of 10 ms (USER_HZ). */
const TICKS_PER_SECOND = 100;
const UTIME_FIELD = 11;

/**
 * Watches the thread that it is created in: utilisation and delay of its event loop, CPU time, and time of garbage collection.
 *
 * Must hold: `begin` comes first and `end` last, both called by `LoadThread`, as `begin` opens a file and two observers.
 * What `sample` measures is since `begin`; `utilization` alone is since the last `sample`. Connections are those of the caller.
 */
export class ThreadHealthWatch {
  readonly #delay = idleMonitors.pop() ?? monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #gc: PerformanceObserver;
  #gcMs = 0;
  #stat: ProcFile | undefined;
  #cpuStart: number | undefined;
  #start: EventLoopUtilization = performance.eventLoopUtilization();
  #last = this.#start;
  #spunStartMs = 0;
  #spunLastMs = 0;

  constructor() {
    this.#gc = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) this.#gcMs += entry.duration;
    });
  }

  /**
   * Starts the measurement.
   * @param spunMs milliseconds that precise pacing has spent busy-waiting so far
   */
  begin(spunMs: number): void {
    this.#delay.reset();
    this.#delay.enable();
    this.#gc.observe({ entryTypes: ['gc'] });
    this.#stat = systemProcFiles().open('/proc/thread-self/stat');
    this.#cpuStart = cpuSeconds(this.#stat);
    this.#start = performance.eventLoopUtilization();
    this.#last = this.#start;
    this.#spunStartMs = spunMs;
    this.#spunLastMs = spunMs;
  }

  /**
   * Delays and CPU time are null where there is no measurement.
   * @param spunMs as that of `begin`
   */
  sample({ opened, protocol }: Pick<Transport, 'opened' | 'protocol'>, spunMs: number): ThreadHealthSample {
    const now = performance.eventLoopUtilization();
    const utilization = utilizationOf(
      performance.eventLoopUtilization(now, this.#last),
      spunMs - this.#spunLastMs,
    );
    this.#last = now;
    this.#spunLastMs = spunMs;
    const observed = this.#delay.max > 0;
    const delayMs = (valueNs: number): number | null =>
      observed ? Math.max(0, valueNs / 1e6 - RESOLUTION_MS) : null;
    const cpuNow = cpuSeconds(this.#stat);
    return {
      utilization,
      meanUtilization: utilizationOf(
        performance.eventLoopUtilization(now, this.#start),
        spunMs - this.#spunStartMs,
      ),
      delayP50Ms: delayMs(this.#delay.percentile(50)),
      delayP99Ms: delayMs(this.#delay.percentile(99)),
      delayMaxMs: delayMs(this.#delay.max),
      gcMs: this.#gcMs,
      cpuSeconds: cpuNow === undefined || this.#cpuStart === undefined ? null : cpuNow - this.#cpuStart,
      connectionsOpened: opened,
      protocol,
    };
  }

  end(): void {
    this.#delay.disable();
    idleMonitors.push(this.#delay);
    this.#gc.disconnect();
    this.#stat?.close();
    this.#stat = undefined;
  }
}

/** Counts busy-waiting as idle: it yields to other work of the loop. */
function utilizationOf({ active, idle }: EventLoopUtilization, spunMs: number): number {
  const all = active + idle;
  return all > 0 ? Math.max(0, active - spunMs) / all : 0;
}

/** CPU time of the calling thread, in seconds. @param stat its `/proc/thread-self/stat`, open; Node 20 has no API for it */
function cpuSeconds(stat: ProcFile | undefined): number | undefined {
  const text = stat?.read();
  if (text === undefined) return undefined;
  // The command name is in parentheses and may contain spaces and parentheses.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[UTIME_FIELD]) + Number(fields[UTIME_FIELD + 1])) / TICKS_PER_SECOND;
}
