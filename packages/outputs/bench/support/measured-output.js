import { readdirSync, readFileSync } from 'node:fs';
import { median } from '../../../engine/bench/support/table.js';

/**
 * Passes everything on to an output, and measures what it costs: CPU time of the threads that its start began, and how
 * long a second's snapshot takes in the thread of the load. Linux only.
 *
 * @implements {Required<Pick<import('@jarvis-load/engine').Output, 'name' | 'start' | 'event' | 'interval' | 'stop'>>}
 */
export class MeasuredOutput {
  name = 'measured';
  required = true;
  /** While the load was on. */
  cpuSeconds = 0;
  /** Of the start: its code is loaded and compiled. */
  startCpuSeconds = 0;
  #output;
  /** @type {string[]} */
  #threads = [];
  /** @type {number[]} */
  #handOvers = [];

  /** @param {import('../../dist/index.js').WorkerOutput} output */
  constructor(output) {
    this.#output = output;
  }

  /** Median over the seconds of the run. */
  get handOverMs() {
    return median(this.#handOvers);
  }

  /** @param {import('@jarvis-load/engine').RunInfo} run */
  async start(run) {
    const before = new Set(readdirSync('/proc/self/task'));
    await this.#output.start(run);
    this.#threads = readdirSync('/proc/self/task').filter((thread) => !before.has(thread));
    this.startCpuSeconds = this.#cpu();
  }

  /** @param {import('@jarvis-load/engine').RunEvent} event */
  event(event) {
    return this.#output.event(event);
  }

  /** @param {import('@jarvis-load/engine').RunSnapshot} snapshot */
  interval(snapshot) {
    const startedMs = performance.now();
    const returned = this.#output.interval(snapshot);
    this.#handOvers.push(performance.now() - startedMs);
    return returned;
  }

  /** @type {NonNullable<import('@jarvis-load/engine').Output['stop']>} */
  async stop(result) {
    this.cpuSeconds = this.#cpu() - this.startCpuSeconds;
    await this.#output.stop(result);
  }

  #cpu() {
    return this.#threads.reduce((sum, thread) => {
      try {
        const [nanoseconds] = readFileSync(`/proc/self/task/${thread}/schedstat`, 'utf8').split(' ');
        return sum + Number(nanoseconds) / 1e9;
      } catch {
        return sum; // It has ended.
      }
    }, 0);
  }
}
