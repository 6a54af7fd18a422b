import type { ThreadHealthSample, ThreadInterval } from '../model/thread-interval.ts';
import type { UserRamp } from '../executors/executor.ts';
import { LoadThread, type ThreadOptions } from './load-thread.ts';

/** What a thread hands over at the end of an interval. */
export interface ThreadReport {
  readonly interval: ThreadInterval;
  /** `undefined` from a thread that has died. */
  readonly health: ThreadHealthSample | undefined;
  /** Answers set cookies, which are not kept, and requests without one were refused. @default false */
  readonly cookiesMissed?: boolean;
}

/**
 * The coordinator's interface to a thread, local or worker.
 *
 * Must hold:
 * - `prepare`, then `run`, each once; `close` always and last, also where `prepare` has failed.
 * - `flush` hands measurements over: what it returns comes in no later one.
 * - The calls without a promise take effect later in a worker, and not at all in a thread that has died.
 */
export interface ThreadHandle {
  /** Creates users and connections. @param sharedData what `setup` returned, by scenario index */
  prepare(sharedData: readonly unknown[]): Promise<void>;
  /** Resolves when its last iteration has ended; rejects when the thread dies. @param originMs clock time of the start */
  run(originMs: number): Promise<void>;
  /** Starts no further iterations; those in flight have their `gracefulStop`. */
  stop(): void;
  /** Ends iterations in flight. */
  interrupt(): void;
  pause(): void;
  resume(): void;
  /** @param users over all threads */
  setUsers(scenario: number, users: number, ramp: UserRamp | undefined): void;
  /** @param rate over all threads. @param atMs clock time from which it holds */
  setRate(scenario: number, rate: number, atMs: number): void;
  flush(): Promise<ThreadReport>;
  close(): Promise<void>;
}

/** The coordinator's own thread. */
export class LocalThread implements ThreadHandle {
  readonly #thread: LoadThread;

  constructor(options: ThreadOptions) {
    this.#thread = new LoadThread(options);
  }

  prepare(sharedData: readonly unknown[]): Promise<void> {
    return this.#thread.prepare(sharedData);
  }

  run(originMs: number): Promise<void> {
    return this.#thread.run(originMs);
  }

  stop(): void {
    this.#thread.stop();
  }

  interrupt(): void {
    this.#thread.interrupt();
  }

  pause(): void {
    this.#thread.pause();
  }

  resume(): void {
    this.#thread.resume();
  }

  setUsers(scenario: number, users: number, ramp: UserRamp | undefined): void {
    this.#thread.setUsers(scenario, users, ramp);
  }

  setRate(scenario: number, rate: number, atMs: number): void {
    this.#thread.setRate(scenario, rate, atMs);
  }

  flush(): Promise<ThreadReport> {
    const { cookiesMissed } = this.#thread;
    return Promise.resolve({ interval: this.#thread.flush(), health: this.#thread.health(), cookiesMissed });
  }

  close(): Promise<void> {
    this.#thread.close();
    return Promise.resolve();
  }
}
