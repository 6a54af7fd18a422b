import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * What a scripted server does. Times count from the first request that it has to answer.
 *
 * @typedef {object} Script
 * @property {number} [latencyMs] every answer takes so long. Default 0
 * @property {number} [servicePerSecond] instead: one server, first come first served, so many answers a second
 * @property {{ atMs: number, forMs: number }} [stall] what arrives in it waits for its end before it is served
 * @property {boolean} [precise] answers to a few microseconds, for the price of a core. Default false: to a millisecond
 * @property {boolean} [awake] never sleeps, so that it reads what arrives within microseconds; for the price of a core. Default false
 *
 * What a scripted server saw, in the order of arrival; times are milliseconds of the machine's monotonic clock.
 *
 * @typedef {object} ServerReport
 * @property {Float64Array} numbers of the requests, `k` of their query; -1 without one
 * @property {Float64Array} arrivedMs
 * @property {Float64Array} dueMs when the script wanted them answered
 * @property {Float64Array} answeredMs
 * @property {Record<string, number>} counters requests by `phase path`, faults included
 * @property {number} connections opened since the script began
 * @property {number} mostOpen most connections at once
 * @property {number} latestMs the longest that its event loop stood still
 */

const PROCESS = fileURLToPath(new URL('./scripted-server-process.js', import.meta.url));

/** A server with known behaviour in a process of its own, so that it shares neither event loop nor collector. */
export class ScriptedServer {
  /** @type {string} */
  origin;
  #child;

  /**
   * @param {import('node:child_process').ChildProcess} child
   * @param {number} port
   */
  constructor(child, port) {
    this.#child = child;
    this.origin = `http://127.0.0.1:${port}`;
  }

  /**
   * @param {Script} [script]
   * @param {{ cpu?: number }} [options] cpu: the core it is pinned to, with `taskset`
   */
  static async start(script = {}, { cpu } = {}) {
    const child = fork(PROCESS, [JSON.stringify(script)], {
      serialization: 'advanced',
      ...(cpu !== undefined && { execPath: 'taskset', execArgv: ['-c', String(cpu), process.execPath] }),
    });
    const [{ port }] = await once(child, 'message');
    return new ScriptedServer(child, port);
  }

  get pid() {
    return this.#child.pid;
  }

  /**
   * Begins again with another script and an empty record.
   * @param {Script} script
   */
  async play(script) {
    this.#child.send({ script });
    await once(this.#child, 'message');
  }

  /** @returns {Promise<ServerReport>} */
  async report() {
    this.#child.send({ ask: 'report' });
    const [{ report }] = await once(this.#child, 'message');
    return report;
  }

  async close() {
    if (this.#child.exitCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.disconnect();
    await exited;
  }
}
