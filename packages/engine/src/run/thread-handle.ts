import type { ThreadInterval } from '../recorder/interval-data.ts';
import { LoadThread, type ThreadOptions } from './load-thread.ts';

/** A thread of a run as the coordinator sees it, wherever it is. */
export interface ThreadHandle {
  /** Makes users and connections ready. @param sharedData what `setup` returned, by scenario index */
  prepare(sharedData: readonly unknown[]): Promise<void>;
  /** Resolves when its last iteration has ended. */
  run(originMs: number): Promise<void>;
  stop(): void;
  interrupt(): void;
  pause(): void;
  resume(): void;
  setUsers(scenario: number, users: number): void;
  flush(): Promise<ThreadInterval>;
  close(): Promise<void>;
  readonly connectionsOpened: number;
}

/** The coordinator's own thread. */
export class LocalThread implements ThreadHandle {
  readonly #thread: LoadThread;
  readonly #options: ThreadOptions;

  constructor(options: ThreadOptions) {
    this.#options = options;
    this.#thread = new LoadThread(options);
  }

  get connectionsOpened(): number {
    return this.#options.transport.opened;
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

  setUsers(scenario: number, users: number): void {
    this.#thread.setUsers(scenario, users);
  }

  flush(): Promise<ThreadInterval> {
    return Promise.resolve(this.#thread.flush());
  }

  close(): Promise<void> {
    this.#thread.close();
    return Promise.resolve();
  }
}
