import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A receiver in a process of its own that takes whatever it is sent, and scrapes a page each second. */
export class Sink {
  #child;

  /**
   * @param {import('node:child_process').ChildProcess} child
   * @param {{ port: number, scrapedPort: number }} ports
   */
  constructor(child, { port, scrapedPort }) {
    this.#child = child;
    this.origin = `http://127.0.0.1:${port}`;
    this.scrapedPort = scrapedPort;
  }

  /** @param {number | undefined} cpu the core it is pinned to */
  static async start(cpu) {
    const program = fileURLToPath(new URL('./sink-process.js', import.meta.url));
    const child = fork(
      program,
      cpu === undefined ? {} : { execPath: 'taskset', execArgv: ['-c', String(cpu), process.execPath] },
    );
    const [ports] = /** @type {[{ port: number, scrapedPort: number }]} */ (await once(child, 'message'));
    return new Sink(child, ports);
  }

  async close() {
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exited;
  }
}
