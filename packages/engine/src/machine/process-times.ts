import type { ProcFile, ProcFiles } from './proc-files.ts';
import { parseSchedstat, type ThreadTimes } from './proc-text.ts';

/** What the threads of a process got and did not get, in milliseconds, added up over them. */
export interface ProcessorTime {
  readonly runMs: number;
  readonly waitMs: number;
  /** Of the thread that waited longest. */
  readonly longestWaitMs: number;
}

interface Thread {
  readonly file: ProcFile;
  times: ThreadTimes;
}

/**
 * Follows the processor time of every thread of one process; what a thread did since the last `sample` before its end is lost.
 *
 * Must hold: a file stays open for each thread, so that the caller calls `close` on every path.
 */
export class ProcessTimes {
  readonly name: string;
  readonly #files: ProcFiles;
  readonly #folder: string;
  readonly #threads = new Map<string, Thread>();

  /** @param pid `self`: this process */
  constructor(files: ProcFiles, name: string, pid: number | 'self') {
    this.#files = files;
    this.name = name;
    this.#folder = `/proc/${pid}/task`;
  }

  /** Since the last call; the first one gives what threads did since they began. `undefined` where the system does not tell. */
  sample(): ProcessorTime | undefined {
    let [runNs, waitNs, longestNs] = [0, 0, 0];
    for (const [id, thread] of this.#threads) {
      const times = read(thread.file);
      if (times === undefined) {
        thread.file.close();
        this.#threads.delete(id);
        continue;
      }
      runNs += times.runNs - thread.times.runNs;
      const waitedNs = times.waitNs - thread.times.waitNs;
      waitNs += waitedNs;
      longestNs = Math.max(longestNs, waitedNs);
      thread.times = times;
    }
    for (const id of this.#files.list(this.#folder)) {
      if (this.#threads.has(id)) continue;
      const file = this.#files.open(`${this.#folder}/${id}/schedstat`);
      const times = file && read(file);
      if (file === undefined || times === undefined) {
        file?.close();
        continue;
      }
      // All that a new thread has came since the last look.
      runNs += times.runNs;
      waitNs += times.waitNs;
      longestNs = Math.max(longestNs, times.waitNs);
      this.#threads.set(id, { file, times });
    }
    return this.#threads.size === 0
      ? undefined
      : { runMs: runNs / 1e6, waitMs: waitNs / 1e6, longestWaitMs: longestNs / 1e6 };
  }

  close(): void {
    for (const { file } of this.#threads.values()) file.close();
    this.#threads.clear();
  }
}

function read(file: ProcFile): ThreadTimes | undefined {
  const text = file.read();
  return text === undefined ? undefined : parseSchedstat(text);
}
