import type { Clock } from '../model/clock.ts';
import type { SharedCounts, UserRamp } from '../executors/executor.ts';
import type { ThreadHandle, ThreadReport } from './thread-handle.ts';
import { reasonOf } from '../show.ts';

/** How long an interval waits for a busy thread; after that, its part comes with a later interval. */
const FLUSH_PATIENCE_MS = 250;

/**
 * All threads of a run behind one interface.
 *
 * Must hold:
 * - Each hand-over is returned once: the caller awaits one `flush` before the next, or both would return a late one.
 * - `flushAll` waits for every thread, so it comes after `run`: a blocked thread has been terminated by then.
 * - A rate is sent to the threads before it is announced: a thread that sees the announcement waits for the message.
 */
export class ThreadGroup {
  readonly #threads: readonly ThreadHandle[];
  readonly #clock: Clock;
  readonly #shared: readonly SharedCounts[];
  /** Hand-overs that are still under way, by thread. */
  readonly #flushes = new Map<ThreadHandle, Promise<ThreadReport>>();

  /** @param shared by scenario index */
  constructor(threads: readonly ThreadHandle[], clock: Clock, shared: readonly SharedCounts[]) {
    this.#shared = shared;
    this.#threads = threads;
    this.#clock = clock;
  }

  async prepare(sharedData: readonly unknown[]): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.prepare(sharedData)));
  }

  /**
   * Resolves when every thread has ended its part, or has died.
   * @param died called when a thread dies, with the reason
   */
  async run(originMs: number, died: (reason: string) => void): Promise<void> {
    await Promise.all(
      this.#threads.map((thread) =>
        thread.run(originMs).catch((error: unknown) => {
          died(reasonOf(error));
        }),
      ),
    );
  }

  stop(): void {
    for (const thread of this.#threads) thread.stop();
  }

  interrupt(): void {
    for (const thread of this.#threads) thread.interrupt();
  }

  pause(): void {
    for (const thread of this.#threads) thread.pause();
  }

  resume(): void {
    for (const thread of this.#threads) thread.resume();
  }

  setUsers(scenario: number, users: number, ramp: UserRamp | undefined): void {
    for (const thread of this.#threads) thread.setUsers(scenario, users, ramp);
  }

  /** @param atMs clock time from which the rate holds, in every thread */
  setRate(scenario: number, rate: number, atMs: number): void {
    for (const thread of this.#threads) thread.setRate(scenario, rate, atMs);
    this.#shared[scenario]!.announceChange();
  }

  /**
   * What the threads have measured since they last handed over. A thread that computes for long does not hold up the
   * others: it is missing here, and hands over more next time.
   */
  async flush(): Promise<ThreadReport[]> {
    const ready: ThreadReport[] = [];
    const pending = this.#threads.map((thread) => {
      const flush = this.#flushes.get(thread) ?? thread.flush();
      this.#flushes.set(thread, flush);
      return flush.then((report) => {
        if (closed) return;
        this.#flushes.delete(thread);
        ready.push(report);
      });
    });
    let closed = false;
    let timer: object | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = this.#clock.setTimer(FLUSH_PATIENCE_MS, resolve);
    });
    await Promise.race([Promise.all(pending), patience]);
    closed = true;
    if (timer !== undefined) this.#clock.clearTimer(timer);
    return ready;
  }

  /** The last hand-overs, of every thread, in as many parts as are under way. */
  async flushAll(): Promise<ThreadReport[]> {
    const late = await Promise.all(this.#flushes.values());
    this.#flushes.clear();
    return [...late, ...(await Promise.all(this.#threads.map((thread) => thread.flush())))];
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}
