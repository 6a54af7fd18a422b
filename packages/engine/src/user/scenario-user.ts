import type { Clock } from '../clock/clock.ts';
import type { ScenarioContext, ScenarioDefinition, WaitTime } from '../scenario.ts';
import { EngineError } from '../errors.ts';
import { formatDuration } from '../duration.ts';
import { Interrupted } from './interrupted.ts';
import { createUser } from './create-user.ts';
import type { NativeUser } from './native-user.ts';
import { TimeLimit } from './time-limit.ts';
import type { UserHost } from './user-host.ts';

/** How long a user that could not start waits before it tries again, in seconds. */
const START_RETRY_SECONDS = 1;

/** One user's life in a scenario: start, iterations, stop; each iteration accounted for. */
export class ScenarioUser {
  readonly #host: UserHost;
  readonly #user: NativeUser;
  readonly #shared: unknown;
  readonly #clock: Clock;
  /** What `run`, the tasks and `onStop` are given. */
  #context: ScenarioContext<unknown, unknown> = { shared: undefined, state: undefined };
  /** Whether its executor is a closed one, which begins the next iteration as soon as this one has ended. */
  #closed = false;
  /** Ends the iteration that is on. */
  #iterated: (() => void) | undefined;
  #started = false;
  /** Its `onStart` took too long: the user is cut off. */
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

  /** Cut off: it iterates no more, another user has to take its place. */
  get interrupted(): boolean {
    return this.#user.interrupted;
  }

  /**
   * Runs `onStart` before the clock starts. What it throws is recorded, and tried again when the user is needed.
   * @throws EngineError `setup-timeout`
   */
  async prepare(): Promise<void> {
    if (!(await this.start()) && this.#late !== undefined) throw this.#late;
  }

  /** Runs `onStart` where it has not run yet; whether the user may iterate. */
  async start(): Promise<boolean> {
    if (this.#started) return true;
    const { definition, index } = this.#host.scenario;
    try {
      const state = definition.onStart === undefined ? undefined : await this.#runOnStart(definition);
      this.#context = { shared: this.#shared, state };
      this.#started = true;
      return true;
    } catch (error) {
      if (!(error instanceof Interrupted) && error !== this.#late) {
        this.#host.recorder?.exception(index, error, this.#clock.now());
      }
      return false;
    }
  }

  async #runOnStart(definition: ScenarioDefinition): Promise<unknown> {
    const { prepare, setupTimeoutMs, scenario } = this.#host;
    if (prepare !== undefined) this.#user.enter(prepare);
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
      if (prepare !== undefined) this.#user.enter(this.#host);
    }
  }

  /** One iteration of a closed executor; one whose user cannot start counts as failed, and is followed by a pause. */
  iterate(): Promise<void> {
    const nowMs = this.#clock.now();
    const intendedMs = Number.isNaN(this.#nextIntendedMs) ? nowMs : this.#nextIntendedMs;
    this.#nextIntendedMs = Number.NaN;
    this.#closed = true;
    return this.iterateFrom(Math.min(intendedMs, nowMs), nowMs);
  }

  /** One iteration with its place in the schedule: clock times, milliseconds. */
  iterateFrom(intendedMs: number, handedOutMs: number): Promise<void> {
    this.#host.recorder?.count(this.#host.scenario.index, 'started');
    this.#iterationStartMs = handedOutMs;
    this.#user.beginIteration(intendedMs, handedOutMs);
    return this.#started ? this.#perform() : this.#startAndPerform(intendedMs, handedOutMs);
  }

  async #startAndPerform(intendedMs: number, handedOutMs: number): Promise<void> {
    const { recorder, prepare, scenario } = this.#host;
    if (await this.start()) {
      // The scenario's own first request counts from the intended start, and `onStart` in phase `prepare` does not.
      const readyMs = this.#clock.now() - handedOutMs;
      if (prepare !== undefined) this.#user.beginIteration(intendedMs, handedOutMs, readyMs);
      return this.#perform();
    }
    if (this.#late !== undefined) {
      recorder?.exception(scenario.index, this.#late, this.#clock.now());
      recorder?.count(scenario.index, 'startTimeouts');
    }
    const cutOff = this.#user.interrupted && this.#late === undefined;
    recorder?.count(scenario.index, cutOff ? 'interrupted' : 'failed');
    this.#user.iteration++;
    if (this.#closed && !this.#user.interrupted) await this.#rest(START_RETRY_SECONDS * 1000);
  }

  /**
   * Runs the scenario's code once. One promise and two callbacks that are made once: an `async` function around each
   * iteration, and another around that, cost as much as all that is recorded of its requests.
   */
  #perform(): Promise<void> {
    return new Promise((resolve) => {
      this.#iterated = resolve;
      this.#abandon = this.#cutOff;
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
      this.#user.afterThoseUnderWay(this.#complete);
    } else {
      this.#complete();
    }
  };

  readonly #complete = (): void => {
    if (this.#iterated === undefined) return;
    const { recorder, scenario } = this.#host;
    recorder?.count(scenario.index, 'completed');
    recorder?.iterationDuration(scenario.index, this.#clock.now() - this.#iterationStartMs);
    this.#endIteration();
  };

  readonly #failed = (error: unknown): void => {
    if (this.#iterated === undefined) return;
    const { recorder, scenario } = this.#host;
    if (error instanceof Interrupted || this.#user.interrupted) {
      recorder?.count(scenario.index, 'interrupted');
      this.#endIteration();
      return;
    }
    recorder?.exception(scenario.index, error, this.#clock.now());
    // Of several at once, as in `Promise.all`, the others are still under way.
    if (this.#user.busy) this.#user.afterThoseUnderWay(this.#fail);
    else this.#fail();
  };

  readonly #fail = (): void => {
    if (this.#iterated === undefined) return;
    this.#host.recorder?.count(this.#host.scenario.index, 'failed');
    this.#endIteration();
  };

  readonly #cutOff = (): void => this.#failed(new Interrupted());

  #endIteration(): void {
    const iterated = this.#iterated!;
    this.#iterated = undefined;
    this.#user.iteration++;
    // Or code that waits for nothing would leave the event loop no turn, in which requests are sent and signals heard.
    if (this.#closed && !this.#user.turned) this.#clock.soon(iterated);
    else iterated();
  }

  /** Locust's wait between two iterations of a closed executor; ends early when the user is no longer wanted. */
  async waitBetween(wait: WaitTime): Promise<void> {
    const nowMs = this.#clock.now();
    switch (wait.kind) {
      case 'between':
        return this.#rest((wait.min + (wait.max - wait.min) * this.#user.random()) * 1000);
      case 'constant':
        return this.#rest(wait.seconds * 1000);
      case 'constant-pacing':
        return this.#restUntil(this.#iterationStartMs + wait.seconds * 1000, nowMs);
      case 'constant-throughput':
        return this.#restUntil(this.#iterationStartMs + 1000 / wait.perSecond, nowMs);
    }
  }

  /** Runs `onStop` and closes the user's connections. */
  async finish(): Promise<void> {
    if (this.#started && !this.#user.interrupted) {
      const { definition, index } = this.#host.scenario;
      try {
        await this.#untilInterrupted(definition.onStop?.(this.#user, this.#context));
      } catch (error) {
        if (!(error instanceof Interrupted)) this.#host.recorder?.exception(index, error, this.#clock.now());
      }
    }
    this.#started = false;
    this.#user.leave();
  }

  /** Ends a wait between iterations. */
  wake(): void {
    if (this.#resting) this.#user.wake();
  }

  interrupt(): void {
    this.#user.interrupt();
    // Requests and waits reject now: code that is still there a turn later waits for something of its own.
    this.#clock.soon(() => this.#abandon?.());
  }

  /** A pause by hand is no lateness: the next iteration starts a schedule of its own. */
  forgetSchedule(): void {
    this.#nextIntendedMs = Number.NaN;
  }

  #resting = false;
  #abandon: ((reason?: Error) => void) | undefined;

  /** Waits for scenario code, but no longer than a turn after an interruption: what it awaits need not be ours. */
  #untilInterrupted<T>(work: T | Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#abandon = (reason = new Interrupted()) => reject(reason);
      Promise.resolve(work).then(resolve, reject);
    });
  }

  async #rest(durationMs: number): Promise<void> {
    this.#resting = true;
    try {
      await this.#user.think(Math.max(0, durationMs) / 1000);
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
    } finally {
      this.#resting = false;
    }
  }

  /** The instant is the intended start of the next iteration, even where this one overran it. */
  async #restUntil(instantMs: number, nowMs: number): Promise<void> {
    this.#nextIntendedMs = instantMs;
    if (instantMs > nowMs) await this.#rest(instantMs - nowMs);
  }

  #pickTask() {
    const { taskShares, definition } = this.#host.scenario;
    if (definition.tasks === undefined) return undefined;
    const draw = this.#user.random();
    const place = taskShares.findIndex((end) => draw < end);
    return definition.tasks[place === -1 ? taskShares.length - 1 : place];
  }
}
