import type { Second } from '../exporter.ts';
import { BucketCounts } from './bucket-counts.ts';
import type { FamilySet, Series } from './family.ts';

/**
 * Health of the generator, and what the machine did to it. `health` of a second holds totals since the start of the run
 * (event loop: of the second, memory: of now), which replace the value; `machine.second` holds that second alone, which is added
 * up. A counter keeps its value while nothing is known, or its thread does not report.
 */
export class HealthMetrics {
  readonly #pacerLag = new BucketCounts();
  readonly #utilization: Series;
  readonly #delay: Series;
  readonly #cpu: Series;
  readonly #gc: Series;
  readonly #rss: Series;
  readonly #connections: Series;
  readonly #machineCpu: Series;
  readonly #waitShare: Series;
  readonly #pressure: Series;
  readonly #throttled: Series;
  readonly #stolen: Series;
  /** Per thread, of threads that reported; totals since the start of the run. */
  readonly #threads = new Map<number, { readonly gcMs: number; readonly connections: number }>();

  constructor(set: FamilySet) {
    const gauge = (name: string, help: string): Series =>
      set.add({ name: `jarvis_load_${name}`, type: 'gauge', help });
    const counter = (name: string, help: string): Series =>
      set.add({ name: `jarvis_load_${name}`, type: 'counter', help });
    const lag = {
      name: 'jarvis_load_pacer_lag_seconds',
      type: 'histogram',
      help: 'Lateness of the generator itself at handing out iterations.',
    } as const;
    set.add(lag, {}, this.#pacerLag);
    this.#utilization = gauge('generator_event_loop_utilization', 'Of the busiest thread, 0 to 1.');
    this.#delay = gauge(
      'generator_event_loop_delay_p99_seconds',
      'Of the thread with the most, over the run.',
    );
    this.#cpu = counter(
      'generator_cpu_seconds',
      'Processor time of this process since the start of the run.',
    );
    this.#gc = counter('generator_gc_seconds', 'Garbage collection of all threads.');
    this.#rss = gauge('generator_resident_memory_bytes', 'Memory of this process.');
    this.#connections = counter('generator_connections_opened', 'Connections opened to the target.');
    this.#machineCpu = gauge(
      'machine_cpu_ratio',
      'Busy share of all processors since the start of the run, 0 to 1.',
    );
    this.#waitShare = gauge(
      'machine_cpu_wait_ratio',
      'Of the time in which the generator wanted a processor, the share it waited for one.',
    );
    this.#pressure = gauge(
      'machine_cpu_pressure_ratio',
      'Share of time in which some thread waited for a processor.',
    );
    this.#throttled = counter('machine_throttled_seconds', 'Time in which a quota held the generator.');
    this.#stolen = counter('machine_stolen_seconds', 'Processor time taken by the hypervisor.');
    for (const series of [this.#cpu, this.#rss, this.#utilization, this.#delay, this.#machineCpu])
      series.set(null);
    for (const series of [this.#waitShare, this.#pressure]) series.set(null);
  }

  add({ delta, health, machine }: Second): void {
    this.#pacerLag.add(delta.pacerLag);
    this.#utilization.set(health.eventLoopUtilization);
    const delays = health.threads.flatMap(({ delayP99Ms }) => delayP99Ms ?? []);
    if (delays.length > 0) this.#delay.set(Math.max(...delays) / 1000);
    // A counter keeps its last value while nothing is known.
    if (health.cpuSeconds !== null) this.#cpu.set(health.cpuSeconds);
    this.#rss.set(health.rssBytes);
    this.#machineCpu.set(health.machineCpuShare);
    for (const { thread, gcMs, connectionsOpened } of health.threads)
      this.#threads.set(thread, { gcMs, connections: connectionsOpened });
    const threads = [...this.#threads.values()];
    this.#gc.set(threads.reduce((sum, { gcMs }) => sum + gcMs, 0) / 1000);
    this.#connections.set(threads.reduce((sum, { connections }) => sum + connections, 0));
    if (machine === null) return;
    const { runMs, waitMs, pressureShare, throttledMs, stolenMs } = machine.second;
    this.#waitShare.set(
      runMs === null || waitMs === null || runMs + waitMs <= 0 ? null : waitMs / (runMs + waitMs),
    );
    this.#pressure.set(pressureShare);
    this.#throttled.value += (throttledMs ?? 0) / 1000;
    this.#stolen.value += (stolenMs ?? 0) / 1000;
  }
}
