import type { Worker } from 'node:worker_threads';

/**
 * Threads that still serve the last values of a run that has ended, in a process that makes several runs: such a process does not
 * wait for their last scrape. They keep no process alive. The next run with the same output ends them, before it listens itself.
 */
export class LastPages {
  readonly #threads = new Map<string, Worker>();

  /** @param spec of the output, as written */
  keep(spec: string, thread: Worker): void {
    thread.unref();
    this.#threads.set(spec, thread);
  }

  async end(spec: string): Promise<void> {
    const thread = this.#threads.get(spec);
    this.#threads.delete(spec);
    await thread?.terminate();
  }
}
