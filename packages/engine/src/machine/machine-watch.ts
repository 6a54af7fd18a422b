import { cpuStatPaths } from './control-group.ts';
import type { MachineNow, MachineSecond } from '../model/run-snapshot.ts';
import { ProcessTimes } from './process-times.ts';
import { systemProcFiles, type ProcFile, type ProcFiles } from './proc-files.ts';
import { parsePressure, parseStat, parseThrottled, type MachineTicks } from './proc-text.ts';
import type { WatchedProcess } from '../model/watched-process.ts';

/** Linux counts processor time in ticks of 10 ms (USER_HZ). */
const TICK_MS = 10;

/**
 * Measures once an interval what the machine did to the run, from `/proc` and the control group. It reads files that
 * stay open and keeps sums: one reading per interval takes a fraction of a millisecond, and nothing runs per request.
 *
 * Must hold: `begin` once, then `sample` at the end of each interval, then `end` on every path: it closes the files. The files
 * hold cumulative counters; `sample` takes the difference to the call before.
 */
export class MachineWatch {
  readonly #files: ProcFiles;
  readonly #watched: readonly WatchedProcess[];
  #processes: readonly ProcessTimes[] = [];
  #sums: { runMs: number; waitMs: number; known: boolean }[] = [];
  #stat: ProcFile | undefined;
  #pressure: ProcFile | undefined;
  #quotas: readonly ProcFile[] = [];
  #ticks: MachineTicks | undefined;
  #pressureUs: number | undefined;
  #throttledMs: number | undefined;

  /** @param watched processes beside this one */
  constructor(watched: readonly WatchedProcess[] = [], files: ProcFiles = systemProcFiles()) {
    this.#watched = watched;
    this.#files = files;
  }

  /** Starts the measurement. */
  begin(): void {
    const files = this.#files;
    this.#processes = [
      new ProcessTimes(files, 'generator', 'self'),
      ...this.#watched.map(({ name, pid }) => new ProcessTimes(files, name, pid)),
    ];
    this.#sums = this.#processes.map((process) => {
      const known = process.sample() !== undefined;
      return { runMs: 0, waitMs: 0, known };
    });
    this.#stat = files.open('/proc/stat');
    this.#pressure = files.open('/proc/pressure/cpu');
    this.#quotas = cpuStatPaths(files).flatMap((path) => files.open(path) ?? []);
    this.#ticks = this.#readTicks();
    this.#pressureUs = this.#readPressure();
    this.#throttledMs = this.#readThrottled();
  }

  /** What happened since the last call, and to each process since `begin`. @param durationMs since the last call */
  sample(durationMs: number): MachineNow {
    return { second: this.#second(durationMs), processes: this.#shares() };
  }

  #second(durationMs: number): MachineSecond {
    let [runMs, waitMs, longestWaitMs, known] = [0, 0, 0, false];
    this.#processes.forEach((process, index) => {
      const times = process.sample();
      const sum = this.#sums[index]!;
      if (times === undefined || !sum.known) return;
      known = true;
      runMs += times.runMs;
      waitMs += times.waitMs;
      longestWaitMs += times.longestWaitMs;
      sum.runMs += times.runMs;
      sum.waitMs += times.waitMs;
    });
    const [ticks, ticksNow] = [this.#ticks, this.#readTicks()];
    const [pressure, pressureNow] = [this.#pressureUs, this.#readPressure()];
    const [throttled, throttledNow] = [this.#throttledMs, this.#readThrottled()];
    this.#ticks = ticksNow;
    this.#pressureUs = pressureNow;
    this.#throttledMs = throttledNow;
    // Ticks of one processor are not read at the same moment as another's: a difference may be below 0.
    const stolen = ticks && ticksNow && Math.max(0, ticksNow.steal - ticks.steal);
    const busy = ticks && ticksNow && Math.max(0, ticksNow.busy - ticks.busy);
    return {
      durationMs,
      runMs: known ? runMs : null,
      waitMs: known ? waitMs : null,
      longestWaitMs: known ? longestWaitMs : null,
      throttledMs:
        throttled === undefined || throttledNow === undefined
          ? null
          : Math.min(durationMs, Math.max(0, throttledNow - throttled)),
      stolenMs: stolen === undefined ? null : stolen * TICK_MS,
      stealShare:
        stolen === undefined || busy === undefined ? null : stolen === 0 ? 0 : stolen / (stolen + busy),
      pressureShare:
        pressure === undefined || pressureNow === undefined || durationMs <= 0
          ? null
          : Math.min(1, Math.max(0, pressureNow - pressure) / 1000 / durationMs),
    };
  }

  /** None where the system does not tell. */
  #shares(): MachineNow['processes'] {
    return this.#processes.flatMap(({ name }, index) => {
      const { runMs, waitMs, known } = this.#sums[index]!;
      return known ? { name, runMs, waitMs } : [];
    });
  }

  end(): void {
    for (const process of this.#processes) process.close();
    for (const file of [this.#stat, this.#pressure, ...this.#quotas]) file?.close();
    this.#stat = undefined;
    this.#pressure = undefined;
    this.#quotas = [];
  }

  #readTicks(): MachineTicks | undefined {
    const text = this.#stat?.read();
    return text === undefined ? undefined : parseStat(text);
  }

  #readPressure(): number | undefined {
    const text = this.#pressure?.read();
    return text === undefined ? undefined : parsePressure(text);
  }

  /** Over all groups that can hold this process. */
  #readThrottled(): number | undefined {
    const found = this.#quotas.flatMap((file) => {
      const text = file.read();
      return (text === undefined ? undefined : parseThrottled(text)) ?? [];
    });
    return found.length === 0 ? undefined : found.reduce((sum, value) => sum + value, 0);
  }
}
