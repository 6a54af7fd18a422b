import { Pacer, type PacerMode } from '../clock/pacer.ts';
import { createExecutor } from '../executors/create-executor.ts';
import { peakRate } from '../executors/peak-rate.ts';
import type { RunningExecutor, SharedCounts, UserRamp } from '../executors/executor.ts';
import type { ThreadHealthSample, ThreadInterval } from '../model/thread-interval.ts';
import type { MetricSelection } from '../recorder/metric-recorder.ts';
import { ThreadRecorder } from '../recorder/thread-recorder.ts';
import { TracingRecorder } from '../recorder/tracing-recorder.ts';
import { deriveRandom } from '../random.ts';
import { OwnConnection, SharedConnections } from '../transport/connections.ts';
import type { Transport } from '../model/flight.ts';
import { ScenarioUser } from '../user/scenario-user.ts';
import { UnkeptCookies } from '../user/unkept-cookies.ts';
import type { UserHost } from '../user/user-host.ts';
import type { CompiledRun, CompiledScenario } from '../model/compiled-run.ts';
import type { PartOfRun } from '../model/run-options.ts';
import { coordinate } from './coordinate.ts';
import { createHost, type HostOptions } from './host.ts';
import { ThreadHealthWatch } from './thread-health.ts';

/*
 * `LoadThread`: one thread's part of the users and arrivals of every scenario.
 *
 * Must hold:
 * - All threads of a run get the same `seed`, `threads` and scenarios, and each its own `place`: the parts then add up to
 *   the plan.
 * - `prepare` precedes `run`. Users, rates and a pause that are set before `prepare` take effect in it.
 * - After `stop`, iterations in flight have at most `gracefulStop` from that moment; an earlier deadline of the executor stays.
 * - Who created it calls `close`, which interrupts what is left and closes the shared connections; users close their own.
 */

/** What one thread of a run works with. */
export interface ThreadOptions extends HostOptions {
  readonly run: CompiledRun;
  readonly transport: Transport;
  readonly thread: number;
  /** Among the threads of all parts of the run; users and arrivals are divided by it. */
  readonly place: number;
  readonly part: PartOfRun;
  readonly counters: Float64Array;
  readonly sharedCounts: readonly SharedCounts[];
  readonly selections: ReadonlyMap<string, readonly MetricSelection[]>;
  /** Statuses that are recorded separately. */
  readonly statuses: readonly number[];
  /** Share of the requests that carry a `traceparent`. */
  readonly traceShare: number;
  readonly connections: 'per-user' | 'shared' | undefined;
  readonly maxConnections: number;
  readonly pacing: PacerMode;
  /** Ends the run; called by scenario code. */
  readonly stopRun: (reason: string) => void;
}

/** Connections opened before the start per arrival/s: as many as responses of 10 ms keep busy. */
const WARM_CONNECTIONS_PER_RATE = 0.01;
const MIN_WARM_CONNECTIONS = 4;
const LEAST_EXTENSION_MS = 100;
const MAX_WARM_CONNECTIONS = 100;
/** Random stream that chooses the requests with a trace; negative, as those of scenarios are positive. */
const TRACES = -1;

/** Runs one thread's part of the load. */
export class LoadThread {
  readonly recorder: ThreadRecorder;
  readonly #options: ThreadOptions;
  readonly #executors: RunningExecutor[] = [];
  /** Shared connections, by transport. */
  readonly #shared = new Map<Transport, SharedConnections>();
  readonly #pacer: Pacer;
  readonly #health = new ThreadHealthWatch();
  readonly #unkept: UnkeptCookies | undefined;
  #stopped = false;
  #paused = false;
  /** What was set before the executors existed. */
  readonly #toSet: (() => void)[] = [];
  /** Called when the run stops: ends waits for a start and shortens deadlines. */
  readonly #onStop: (() => void)[] = [];

  constructor(options: ThreadOptions) {
    const { run, thread, counters, selections, statuses, traceShare: share } = options;
    const traces =
      share === 0 ? undefined : { share, random: deriveRandom(options.seed, TRACES, options.place) };
    this.#unkept = options.cookies === true ? undefined : new UnkeptCookies();
    this.#options = { ...options, traces, unkept: this.#unkept };
    const Recorder = traces === undefined ? ThreadRecorder : TracingRecorder;
    this.recorder = new Recorder(run, thread, counters, selections, statuses);
    this.#pacer = new Pacer(options.clock, options.pacing);
  }

  /** @param sharedData what each scenario's `setup` returned, by scenario index */
  async prepare(sharedData: readonly unknown[]): Promise<void> {
    const { run } = this.#options;
    if (run.operations.some(({ stream }) => stream?.format === 'websocket')) {
      await this.#options.transport.prepareMessages?.();
    }
    for (const scenario of run.scenarios) {
      const host = this.#host(scenario);
      this.#executors.push(
        createExecutor({
          scenario,
          clock: this.#options.clock,
          pacer: this.#pacer,
          recorder: this.recorder,
          thread: this.#options.place,
          threads: this.#options.threads,
          part: this.#options.part,
          seed: this.#options.seed,
          shared: this.#options.sharedCounts[scenario.index]!,
          createUser: (id) => new ScenarioUser(host, id, sharedData[scenario.index]),
        }),
      );
    }
    for (const set of this.#toSet.splice(0)) set();
    if (this.#paused) this.pause();
    const warm = Math.max(0, ...run.scenarios.map((scenario) => this.#warmConnections(scenario)));
    if (warm > 0) await this.#sharedOver(this.#options.transport).open(warm);
    // Users that start before the clock are not measured.
    this.recorder.begin(this.#options.clock.now());
    await Promise.all(this.#executors.map((executor) => executor.prepare()));
  }

  /** Runs every scenario to its end. @param originMs clock time of the start of the run */
  async run(originMs: number): Promise<void> {
    this.recorder.begin(originMs);
    this.#health.begin(this.#pacer.spunMs);
    await Promise.all(
      this.#executors.map((executor, index) =>
        this.#runExecutor(executor, this.#options.run.scenarios[index]!, originMs),
      ),
    );
  }

  stop(): void {
    if (!this.#stopped) for (const stop of this.#onStop) stop();
    this.#stopped = true;
    for (const executor of this.#executors) executor.stop();
  }

  interrupt(): void {
    this.stop();
    for (const executor of this.#executors) executor.interrupt();
  }

  pause(): void {
    this.#paused = true;
    for (const executor of this.#executors) executor.pause();
  }

  resume(): void {
    this.#paused = false;
    for (const executor of this.#executors) executor.resume();
  }

  setUsers(scenario: number, users: number, ramp?: UserRamp): void {
    this.#set(scenario, (executor) => executor.setUsers(users, ramp));
  }

  /** @param atMs clock time from which the rate holds */
  setRate(scenario: number, rate: number, atMs: number): void {
    this.#set(scenario, (executor) => executor.setRate(rate, atMs));
  }

  #set(scenario: number, set: (executor: RunningExecutor) => void): void {
    const executor = this.#executors[scenario];
    if (executor !== undefined) set(executor);
    else this.#toSet.push(() => set(this.#executors[scenario]!));
  }

  flush(): ThreadInterval {
    const idle = { users: 0, targetUsers: 0, inFlight: 0, maxUsers: 0, userMs: 0, loadMs: 0, loadUserMs: 0 };
    return this.recorder.flush(
      this.#options.run.scenarios.map(({ index }) => this.#executors[index] ?? idle),
    );
  }

  health(): ThreadHealthSample {
    const { transport, bases } = this.#options;
    const opened = transport.opened + (bases?.opened ?? 0);
    return this.#health.sample({ opened, protocol: transport.protocol }, this.#pacer.spunMs);
  }

  /** Whether requests were refused for want of a cookie that nobody keeps, as far as answers show it. */
  get cookiesMissed(): boolean {
    return this.#unkept?.missed === true;
  }

  close(): void {
    this.interrupt();
    this.#health.end();
    for (const shared of this.#shared.values()) shared.close();
  }

  async #runExecutor(executor: RunningExecutor, scenario: CompiledScenario, originMs: number): Promise<void> {
    const { clock } = this.#options;
    const { startTimeMs, gracefulStopMs, plannedDurationMs } = scenario.executor;
    const startMs = originMs + startTimeMs;
    if (startTimeMs > 0) await this.#delay(startMs - clock.now());
    if (this.#stopped) return;
    // Add 1 ms, so that the executor's own end comes first.
    let deadlineMs = startMs + plannedDurationMs + gracefulStopMs + 1;
    let grantedMs = 0;
    const interrupt = (): void => {
      const moreMs = executor.extensionMs - grantedMs;
      if (moreMs <= 0 || this.#stopped) return executor.interrupt();
      grantedMs += moreMs;
      deadlineMs += moreMs;
      // The pause may continue: check again, at most once per `LEAST_EXTENSION_MS`.
      deadline = clock.setTimer(Math.max(moreMs, LEAST_EXTENSION_MS), interrupt);
    };
    // An executor without an end of its own has no deadline until it is stopped.
    let deadline =
      deadlineMs === Number.POSITIVE_INFINITY
        ? undefined
        : clock.setTimer(deadlineMs - clock.now(), interrupt);
    let over = false;
    this.#onStop.push(() => {
      // After an early end, `gracefulStop` counts from that moment.
      const nowMs = clock.now();
      if (over || nowMs + gracefulStopMs >= deadlineMs) return;
      deadlineMs = nowMs + gracefulStopMs;
      if (deadline !== undefined) clock.clearTimer(deadline);
      deadline = clock.setTimer(gracefulStopMs, interrupt);
    });
    await executor.run(startMs);
    over = true;
    if (deadline !== undefined) clock.clearTimer(deadline);
  }

  #delay(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#options.clock.setTimer(Math.max(0, durationMs), resolve);
      this.#onStop.push(() => {
        this.#options.clock.clearTimer(timer);
        resolve();
      });
    });
  }

  #host(scenario: CompiledScenario): UserHost {
    const { transport, connections } = this.#options;
    const kind = connections ?? (isOpen(scenario) ? 'shared' : 'per-user');
    return createHost(
      { ...this.#options, coordination: coordinate(this.#options, scenario) },
      transport,
      scenario,
      'run',
      this.recorder,
      (over) => (kind === 'per-user' ? new OwnConnection(over) : this.#sharedOver(over).view()),
      (nowMs) => this.#pacer.answered(nowMs),
    );
  }

  #sharedOver(transport: Transport): SharedConnections {
    let shared = this.#shared.get(transport);
    if (shared === undefined) {
      const { maxConnections, clock } = this.#options;
      this.#shared.set(transport, (shared = new SharedConnections(transport, maxConnections, clock)));
    }
    return shared;
  }

  #warmConnections(scenario: CompiledScenario): number {
    const { executor } = scenario;
    if (executor.model !== 'open' || this.#options.connections === 'per-user') return 0;
    const count = Math.ceil((peakRate(executor) / this.#options.threads) * WARM_CONNECTIONS_PER_RATE);
    return Math.min(Math.max(count, MIN_WARM_CONNECTIONS), MAX_WARM_CONNECTIONS);
  }
}

function isOpen({ executor }: CompiledScenario): boolean {
  return executor.model === 'open';
}
