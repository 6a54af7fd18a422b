import { Worker } from 'node:worker_threads';
import { formatDuration } from '../duration.ts';
import { EngineError } from '../errors.ts';
import type { UserRamp } from '../executors/executor.ts';
import { CounterLayout } from '../recorder/counters.ts';
import { Histogram } from '../recorder/histogram.ts';
import type { ThreadInterval } from '../model/thread-interval.ts';
import type { CompiledRun } from '../model/compiled-run.ts';
import type { ThreadHandle, ThreadReport } from './thread-handle.ts';
import type { WorkerCall, WorkerData, WorkerNotice, WorkerReply } from './worker-protocol.ts';
import { reasonOf } from '../show.ts';

/** How long a thread may take to interrupt everything before it is terminated. */
const INTERRUPT_PATIENCE_MS = 1500;
/** Longest time between two questions whether a thread still answers. */
const PING_EVERY_MS = 5000;
/** Where the whole process was suspended, both the limit and the answer are there when it goes on. */
const PING_GRACE_MS = 1000;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A worker thread. If it dies, its counts survive in shared memory; histogram values since the last hand-over are lost.
 *
 * Must hold:
 * - Only the worker writes its counters. They are read here after its death: what was in flight counts as interrupted.
 * - When it dies, `run` and `prepare` reject with `thread-died`, or `setup-timeout` where it was blocked, and the caller ends the run; `flush` gives the counts.
 * - A thread blocked in scenario code receives no message: `interrupt` and `close` terminate it after a limit. So does `#watched`
 *   while it prepares or runs: its own time limits, such as that of `onStart`, run in the blocked thread. While it runs, an
 *   iteration that computes for longer than `timeouts.setupMs` ends the run, too: it cannot be told from an `onStart`.
 */
export class WorkerThread implements ThreadHandle {
  readonly #worker: Worker;
  readonly #run: CompiledRun;
  readonly #data: WorkerData;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  #death: EngineError | undefined;
  #deadline: NodeJS.Timeout | undefined;
  /** It has started: how long that takes depends on the machine and on its modules. */
  readonly #answers: Promise<unknown>;

  constructor(data: WorkerData, run: CompiledRun, stopRun: (reason: string) => void) {
    this.#data = data;
    this.#run = run;
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: data });
    this.#worker.on('message', (message: WorkerReply | WorkerNotice) => {
      if ('stop' in message) stopRun(message.stop);
      else this.#settle(message);
    });
    this.#worker.on('error', (error) => this.#die(error));
    this.#worker.on('messageerror', (error) => this.#die(error));
    this.#worker.on('exit', (code) => this.#die(new Error(`it ended with code ${code}`)));
    this.#answers = this.#call({ kind: 'ping' }).catch(() => undefined);
  }

  prepare(sharedData: readonly unknown[]): Promise<void> {
    return this.#watched(this.#call({ kind: 'prepare', sharedData })) as Promise<void>;
  }

  async run(originMs: number): Promise<void> {
    try {
      await this.#watched(this.#call({ kind: 'run', originMs }));
    } finally {
      clearTimeout(this.#deadline);
      this.#deadline = undefined;
    }
  }

  stop(): void {
    this.#tell({ kind: 'stop' });
  }

  interrupt(): void {
    this.#tell({ kind: 'interrupt' });
    this.#endWithin(INTERRUPT_PATIENCE_MS);
  }

  pause(): void {
    this.#tell({ kind: 'pause' });
  }

  resume(): void {
    this.#tell({ kind: 'resume' });
  }

  setUsers(scenario: number, users: number, ramp: UserRamp | undefined): void {
    this.#tell({ kind: 'set-users', scenario, users, ramp });
  }

  setRate(scenario: number, rate: number, atMs: number): void {
    this.#tell({ kind: 'set-rate', scenario, rate, atMs });
  }

  async flush(): Promise<ThreadReport> {
    if (this.#death === undefined) {
      try {
        return (await this.#call({ kind: 'flush' })) as ThreadReport;
      } catch (error) {
        if (this.#death === undefined) throw error;
      }
    }
    return { interval: this.#lastWords(), health: undefined };
  }

  /** Terminates a thread that does not reply in time, such as one in an endless loop. */
  async close(): Promise<void> {
    this.#endWithin(INTERRUPT_PATIENCE_MS);
    if (this.#death === undefined) await this.#call({ kind: 'close' }).catch(() => undefined);
    clearTimeout(this.#deadline);
    await this.#worker.terminate();
  }

  /** Asks the thread from time to time until `work` settles, and ends it when it does not answer within `timeouts.setupMs`. */
  #watched<T>(work: Promise<T>): Promise<T> {
    const limitMs = this.#data.setupTimeoutMs;
    let timer: NodeJS.Timeout | undefined;
    let isOver = false;
    const ask = (): void => {
      timer = setTimeout(() => (timer = setTimeout(() => this.#blocked(), PING_GRACE_MS)), limitMs);
      this.#call({ kind: 'ping' }).then(
        () => {
          clearTimeout(timer);
          if (!isOver) timer = setTimeout(ask, Math.min(PING_EVERY_MS, limitMs));
        },
        () => clearTimeout(timer),
      );
    };
    void this.#answers.then(() => {
      if (!isOver) ask();
    });
    return work.finally(() => {
      isOver = true;
      clearTimeout(timer);
    });
  }

  #blocked(): void {
    const limit = formatDuration(this.#data.setupTimeoutMs);
    this.#die(
      new EngineError(
        'setup-timeout',
        `thread ${this.#data.thread + 1} did not respond for ${limit} (timeouts.setupMs): scenario code blocks it, such as an onStart that computes without end.`,
      ),
    );
    void this.#worker.terminate();
  }

  #endWithin(limitMs: number): void {
    this.#deadline ??= setTimeout(() => void this.#worker.terminate(), limitMs);
  }

  #tell(call: WorkerCall): void {
    // No reply needed; a thread that has died need not receive the call.
    this.#call(call).catch(() => undefined);
  }

  #call(call: WorkerCall): Promise<unknown> {
    if (this.#death !== undefined) return Promise.reject(this.#death);
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ id, call });
    });
  }

  #settle({ id, value, error }: WorkerReply): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (error === undefined) pending?.resolve(value);
    else pending?.reject(error);
  }

  #die(cause: unknown): void {
    if (this.#death !== undefined) return;
    this.#death =
      cause instanceof EngineError
        ? cause
        : new EngineError('thread-died', `thread ${this.#data.thread + 1} died: ${reasonOf(cause)}`, {
            cause,
          });
    for (const { reject } of this.#pending.values()) reject(this.#death);
    this.#pending.clear();
  }

  /** Last interval of a thread that died: exact counts, no durations. */
  #lastWords(): ThreadInterval {
    const { scenarios, operations } = this.#run;
    const layout = new CounterLayout(scenarios.length, operations.length);
    const nothing = new Histogram().snapshot();
    return {
      thread: this.#data.thread,
      counters: layout.closed(this.#data.counters, scenarios.length, operations.length),
      scenarios: scenarios.map(() => ({
        iterationDuration: nothing,
        users: 0,
        targetUsers: 0,
        inFlight: 0,
        maxUsers: 0,
        userMs: 0,
        loadMs: 0,
        loadUserMs: 0,
      })),
      operations: [],
      intended: [],
      pacerLag: nothing,
      checks: [],
      metrics: [],
      groups: [],
      errors: [],
      errorsNotKept: 0,
      exceptions: [],
    };
  }
}
