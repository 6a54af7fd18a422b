import type { Arrival } from '../model/arrival.ts';
import type { Clock } from '../model/clock.ts';
import type { ScenarioContext, ScenarioDefinition, WaitTime } from '../model/scenario.ts';
import { EngineError } from '../errors.ts';
import { formatDuration } from '../duration.ts';
import { pickTask, START_RETRY_SECONDS, waitAfter } from '../plan/iteration-rules.ts';
import { Interrupted } from './interrupted.ts';
import { createUser } from './create-user.ts';
import type { NativeUser } from './native-user.ts';
import { TimeLimit } from './time-limit.ts';
import type { UserHost } from './user-host.ts';

/**
 * Runs one user of a scenario: start, iterations, stop; counts how each iteration ended.
 *
 * Must hold:
 * - The caller awaits an iteration before it starts the next one; it never rejects.
 * - Each iteration counts as started once, and once as completed, failed or interrupted. Whatever its code does after that
 *   is ignored (`#iterated` is undefined).
 * - An executor does not use a user any more once `interrupted` is true, also after an `onStart` over its limit: new
 *   requests and waits of it never settle (`NativeUser`).
 */
export class ScenarioUser {
  readonly #host: UserHost;
  readonly #user: NativeUser;
  readonly #shared: unknown;
  readonly #clock: Clock;
  /** Argument of `run`, the tasks and `onStop`. */
  #context: ScenarioContext<unknown, unknown> = { shared: undefined, state: undefined };
  /** Whether the executor is closed: it starts the next iteration as soon as this one has ended. */
  #closed = false;
  /** Resolves the promise of the current iteration. */
  #iterated: (() => void) | undefined;
  #started = false;
  /** Whether `onStart` ended itself by `stop`, or for lack of rows. */
  #startCut = false;
  /** Set when `onStart` exceeded its time limit: the user is interrupted. */
  #late: EngineError | undefined;
  #iterationStartMs = Number.NaN;
  /** Intended start of the next iteration where the wait has a schedule (constant pacing). */
  #nextIntendedMs = Number.NaN;

  constructor(host: UserHost, id: number, shared: unknown) {
    this.#host = host;
    this.#clock = host.clock;
    this.#user = createUser(host, id);
    this.#shared = shared;
  }

  get id(): number {
    return this.#user.id;
  }

  /** Whether it was interrupted: it runs no further iteration, another user must replace it. */
  get interrupted(): boolean {
    return this.#user.interrupted;
  }

  /**
   * Runs `onStart` before the clock starts. A failure is recorded, and `onStart` runs again when the user is needed.
   * @throws EngineError `setup-timeout`
   */
  async prepare(): Promise<void> {
    if (!(await this.start()) && this.#late !== undefined) throw this.#late;
  }

  /** Runs `onStart` unless it has succeeded before; returns whether the user may iterate. */
  async start(): Promise<boolean> {
    if (this.#started) return true;
    const { definition, index } = this.#host.scenario;
    try {
      const state = definition.onStart === undefined ? undefined : await this.#runOnStart(definition);
      this.#context = { shared: this.#shared, state };
      this.#started = true;
      return true;
    } catch (error) {
      this.#startCut = error instanceof Interrupted;
      if (!this.#startCut && error !== this.#late) {
        this.#host.recorder?.exception(index, error, this.#clock.now(), this.#user);
      }
      return false;
    }
  }

  async #runOnStart(definition: ScenarioDefinition): Promise<unknown> {
    const { prepare, setupTimeoutMs, scenario } = this.#host;
    if (prepare !== undefined) this.#user.enter(prepare);
    this.#user.lasting = true;
    const limit = new TimeLimit(
      this.#clock,
      setupTimeoutMs,
      () => this.#user.pacedMs,
      () => {
        this.#late = new EngineError(
          'setup-timeout',
          `onStart of scenario "${scenario.name}" (user ${this.id}) did not end within ${formatDuration(setupTimeoutMs)} (timeouts.setupMs).`,
        );
        this.#abandon?.(this.#late);
        this.#user.interrupt();
      },
    );
    try {
      return await this.#untilInterrupted(definition.onStart?.(this.#user, this.#shared));
    } finally {
      limit.clear();
      this.#user.lasting = false;
      if (prepare !== undefined) this.#user.enter(this.#host);
    }
  }

  /**
   * Runs one iteration of a closed executor. If `onStart` fails, the iteration counts as failed (cut off: as interrupted), and a
   * pause follows.
   */
  iterate(): Promise<void> {
    const nowMs = this.#clock.now();
    const intendedMs = Number.isNaN(this.#nextIntendedMs) ? nowMs : this.#nextIntendedMs;
    this.#nextIntendedMs = Number.NaN;
    this.#closed = true;
    return this.iterateFrom(Math.min(intendedMs, nowMs), nowMs);
  }

  /** Runs one scheduled iteration; times are those of the clock in milliseconds. */
  iterateFrom(intendedMs: number, handedOutMs: number, arrival?: Arrival): Promise<void> {
    this.#user.arrival = arrival;
    this.#host.recorder?.count(this.#host.scenario.index, 'started');
    this.#iterationStartMs = handedOutMs;
    this.#user.beginIteration(intendedMs, handedOutMs);
    return this.#started ? this.#perform() : this.#startAndPerform(intendedMs, handedOutMs);
  }

  async #startAndPerform(intendedMs: number, handedOutMs: number): Promise<void> {
    const { recorder, prepare, scenario } = this.#host;
    if (await this.start()) {
      // After `onStart` in phase `prepare`, set the intended start again: it belongs to the scenario's first request.
      const readyMs = this.#clock.now() - handedOutMs;
      if (prepare !== undefined) this.#user.beginIteration(intendedMs, handedOutMs, readyMs);
      return this.#perform();
    }
    if (this.#late !== undefined) {
      recorder?.exception(scenario.index, this.#late, this.#clock.now(), this.#user);
      recorder?.count(scenario.index, 'startTimeouts');
    }
    const cutOff = (this.#user.interrupted || this.#startCut) && this.#late === undefined;
    recorder?.count(scenario.index, cutOff ? 'interrupted' : 'failed');
    this.#user.iteration++;
    if (this.#closed && !this.#user.interrupted) await this.#rest(START_RETRY_SECONDS * 1000);
  }

  /**
   * Runs the scenario's code once. Uses one promise and two reused callbacks: two nested `async` functions per
   * iteration would cost as much as recording all its requests.
   */
  #perform(): Promise<void> {
    if (this.#iterated !== undefined) throw new Error('a user runs one iteration at a time');
    return new Promise((resolve) => {
      this.#iterated = resolve;
      this.#abandon = this.#cutOff;
      this.#user.inIteration = true;
      const { definition } = this.#host.scenario;
      const task = this.#pickTask();
      try {
        const work =
          task === undefined
            ? definition.run!(this.#user, this.#context)
            : task.run(this.#user, this.#context);
        Promise.resolve(work).then(this.#completed, this.#failed);
      } catch (error) {
        this.#failed(error);
      }
    });
  }

  readonly #completed = (): void => {
    if (this.#iterated === undefined) return;
    if (this.#user.busy) {
      this.#host.recorder?.count(this.#host.scenario.index, 'notAwaited');
      this.#user.afterThoseUnderWay(() => this.#complete());
    } else {
      this.#complete();
    }
  };

  #complete(): void {
    if (this.#iterated === undefined) return;
    const { recorder, scenario } = this.#host;
    recorder?.count(scenario.index, 'completed');
    recorder?.iterationDuration(scenario.index, this.#clock.now() - this.#iterationStartMs);
    this.#endIteration();
  }

  readonly #failed = (error: unknown): void => {
    if (this.#iterated === undefined) return;
    const { recorder, scenario } = this.#host;
    if (error instanceof Interrupted || this.#user.interrupted) {
      recorder?.count(scenario.index, 'interrupted');
      this.#endIteration();
      return;
    }
    recorder?.exception(scenario.index, error, this.#clock.now(), this.#user);
    // Other parallel requests, as in `Promise.all`, may still be in flight: wait for them.
    if (this.#user.busy) this.#user.afterThoseUnderWay(() => this.#fail());
    else this.#fail();
  };

  #fail(): void {
    if (this.#iterated === undefined) return;
    this.#host.recorder?.count(this.#host.scenario.index, 'failed');
    this.#endIteration();
  }

  readonly #cutOff = (): void => this.#failed(new Interrupted());

  #endIteration(): void {
    const iterated = this.#iterated!;
    this.#iterated = undefined;
    this.#user.inIteration = false;
    this.#user.closeChannels();
    this.#user.iteration++;
    // Yield one loop turn after an iteration that awaited nothing: otherwise sockets and signals would never be served.
    if (this.#closed && !this.#user.turned) this.#clock.soon(iterated);
    else iterated();
  }

  /** Locust's wait between two iterations of a closed executor; ends early when the user is no longer wanted. */
  async waitBetween(wait: WaitTime): Promise<void> {
    const nowMs = this.#clock.now();
    const { from, seconds } = waitAfter(wait, () => this.#user.random());
    if (from === 'end') return this.#rest(seconds * 1000);
    return this.#restUntil(this.#iterationStartMs + seconds * 1000, nowMs);
  }

  /** Runs `onStop`, if `onStart` has succeeded and the user is not interrupted, and closes its connections. */
  async finish(): Promise<void> {
    if (this.#started && !this.#user.interrupted) {
      const { definition, index } = this.#host.scenario;
      try {
        await this.#untilInterrupted(definition.onStop?.(this.#user, this.#context));
      } catch (error) {
        if (!(error instanceof Interrupted))
          this.#host.recorder?.exception(index, error, this.#clock.now(), this.#user);
      }
    }
    this.#started = false;
    this.#user.leave();
  }

  /** Ends a wait between iterations early, not those of requests and code that nothing awaits. */
  wake(): void {
    if (this.#rests !== undefined) this.#user.wake(this.#rests);
  }

  interrupt(): void {
    this.#user.interrupt();
    // Requests and waits reject now. Code that has not ended one turn later awaits something outside the engine:
    // abandon it.
    this.#clock.soon(() => this.#abandon?.());
  }

  /** Restarts constant pacing at the next iteration, so that a manual pause does not count as lateness. */
  forgetSchedule(): void {
    this.#nextIntendedMs = Number.NaN;
  }

  /** The wait between two iterations, while it lasts. */
  #rests: Promise<void> | undefined;
  #abandon: ((reason?: Error) => void) | undefined;

  /**
   * Waits for scenario code, at most one turn after an interruption: it may await something that the engine cannot
   * reject.
   */
  #untilInterrupted<T>(work: T | Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#abandon = (reason = new Interrupted()) => reject(reason);
      Promise.resolve(work).then(resolve, reject);
    });
  }

  async #rest(durationMs: number): Promise<void> {
    this.#rests = this.#user.think(Math.max(0, durationMs) / 1000);
    try {
      await this.#rests;
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
    } finally {
      this.#rests = undefined;
    }
  }

  /** Waits until `instantMs`, the intended start of the next iteration even if this one took longer. */
  async #restUntil(instantMs: number, nowMs: number): Promise<void> {
    this.#nextIntendedMs = instantMs;
    if (instantMs > nowMs) await this.#rest(instantMs - nowMs);
  }

  #pickTask() {
    const { taskShares, definition } = this.#host.scenario;
    if (definition.tasks === undefined) return undefined;
    return pickTask(definition.tasks, taskShares, this.#user.random());
  }
}
