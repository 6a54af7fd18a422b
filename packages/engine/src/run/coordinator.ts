import type { PhaseEvent } from '../events.ts';
import { EngineError } from '../errors.ts';
import { SharedCounts } from '../executors/executor.ts';
import { MetricCatalog } from '../metrics/catalog.ts';
import type { RunOptions } from '../options.ts';
import { CounterLayout } from '../recorder/counters.ts';
import { buildResult } from '../result/build.ts';
import type { ResultNote, RunResult } from '../result/schema.ts';
import { ThresholdJudge } from '../thresholds/judge.ts';
import { UndiciTransport } from '../transport/undici-transport.ts';
import { Aggregator } from './aggregator.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { compileRun, type CompiledRun } from './compile.ts';
import { EventStream } from './event-stream.ts';
import { HealthWatch } from './health.ts';
import { resolveRun, type ResolvedRun } from './resolve-options.ts';
import { SoloUsers } from './solo-users.ts';
import { LocalThread, type ThreadHandle } from './thread-handle.ts';
import { warmUp } from './warm-up.ts';

const INTERVAL_MS = 1000;
/** An abort signal ends a run with a short drain, so that the result is there within seconds. */
const SIGNAL_DRAIN_MS = 3000;

/** Takes a run through its phases: warm-up, setup, run, drain, teardown, result. */
export class Coordinator {
  readonly resolved: ResolvedRun;
  readonly stream: EventStream;
  readonly #run: CompiledRun;
  readonly #catalog: MetricCatalog;
  readonly #thresholds: ThresholdJudge;
  readonly #aggregator: Aggregator;
  readonly #breaker: CircuitBreaker | undefined;
  readonly #health = new HealthWatch();
  readonly #threads: readonly ThreadHandle[];
  readonly #solo: SoloUsers;
  readonly #notes: ResultNote[];
  #end: RunResult['run']['end'] = { kind: 'completed' };
  #ending = false;
  #originMs = Number.NaN;
  #startWallMs: number;
  #warmUpRequests = 0;
  #paused = false;
  #running = false;
  #drainTimer: object | undefined;
  /** Resolves when the run is to end before it began. */
  #cancelled!: () => void;
  readonly #cancellation: Promise<void>;

  constructor(options: RunOptions) {
    this.resolved = resolveRun(options);
    this.stream = new EventStream(options.onEvent);
    this.#run = compileRun(options.scenarios);
    this.#catalog = new MetricCatalog(this.#run);
    this.#thresholds = new ThresholdJudge(this.#run, options.thresholds ?? {}, this.#catalog);
    this.#aggregator = new Aggregator(this.#run, 1);
    const { circuitBreaker, clock } = this.resolved;
    this.#breaker = circuitBreaker === undefined ? undefined : new CircuitBreaker(circuitBreaker);
    this.#startWallMs = clock.wallNow();
    this.#notes = [...(options.describe?.notes ?? [])];
    this.#cancellation = new Promise((resolve) => {
      this.#cancelled = resolve;
    });
    this.#threads = [this.#localThread()];
    this.#solo = new SoloUsers(this.#run, this.#hostOptions(), this.#transport());
  }

  async execute(): Promise<RunResult> {
    const { signal } = this.resolved.options;
    const onAbort = (): void => this.#finish('aborted', reasonOf(signal?.reason), SIGNAL_DRAIN_MS);
    if (signal?.aborted === true) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      await this.#prepare();
      if (!this.#ending) await this.#load();
      await this.#teardown();
      return this.#result();
    } finally {
      signal?.removeEventListener('abort', onAbort);
      await Promise.all(this.#threads.map((thread) => thread.close()));
      this.#solo.close();
      this.#phase('done');
      this.stream.end();
    }
  }

  stop(reason: string, withinMs?: number): void {
    this.#finish('stopped', reason, withinMs);
  }

  abort(reason: string): void {
    this.#finish('aborted', reason, 0);
  }

  pause(): void {
    this.#paused = true;
    for (const thread of this.#threads) thread.pause();
  }

  resume(): void {
    this.#paused = false;
    for (const thread of this.#threads) thread.resume();
  }

  setUsers(name: string, users: number): void {
    const scenario = this.#run.scenarios.find((candidate) => candidate.name === name);
    const names = this.#run.scenarios.map((candidate) => candidate.name).join(', ');
    if (scenario === undefined) {
      throw new EngineError('invalid-option', `there is no scenario "${name}"; expected one of: ${names}.`);
    }
    if (!Number.isInteger(users) || users < 0) {
      throw new EngineError('invalid-option', `users is ${users}; expected a whole number from 0 on.`);
    }
    const { kind } = scenario.executor;
    if (kind !== 'constant-vus' && kind !== 'ramping-vus') {
      throw new EngineError(
        'invalid-option',
        `scenario "${name}" runs ${kind}; expected constant-vus or ramping-vus, whose number of users can change.`,
      );
    }
    for (const thread of this.#threads) thread.setUsers(scenario.index, users);
  }

  async #prepare(): Promise<void> {
    if (this.resolved.warmUp && !this.#ending) {
      this.#phase('warm-up');
      this.#warmUpRequests = await warmUp(this.resolved.clock);
    }
    if (this.#ending) return;
    this.#phase('setup');
    const ready = this.#solo
      .setup()
      .then((shared) =>
        this.#ending ? undefined : Promise.all(this.#threads.map((t) => t.prepare(shared))),
      );
    try {
      await Promise.race([ready, this.#cancellation]);
    } catch (error) {
      this.#finish('setup-failed', error instanceof Error ? error.message : String(error), 0);
    }
    // A setup that was cancelled may still fail later: nobody waits for it any more.
    ready.catch(() => undefined);
  }

  async #load(): Promise<void> {
    const { clock } = this.resolved;
    this.#phase('run');
    this.#health.begin();
    this.#originMs = clock.now();
    this.#startWallMs = clock.wallNow();
    this.#running = true;
    const runs = Promise.all(this.#threads.map((thread) => thread.run(this.#originMs)));
    if (this.#paused) this.pause();
    let over = false;
    const ended = runs.finally(() => {
      over = true;
    });
    ended.catch(() => undefined);
    for (let last = false; !last; ) {
      await Promise.race([ended, this.#untilNextInterval()]);
      // Read before the hand-over: the last one has to come after the end, or it would miss the tail.
      last = over;
      await this.#interval();
    }
    await runs;
    this.#running = false;
    if (this.#drainTimer !== undefined) clock.clearTimer(this.#drainTimer);
    this.#health.end();
  }

  /** Intervals end on whole seconds of the run; a late one is longer, and the next one shorter. */
  #untilNextInterval(): Promise<void> {
    const { clock } = this.resolved;
    const elapsedMs = clock.now() - this.#originMs;
    const nextMs = (Math.floor(elapsedMs / INTERVAL_MS + 0.01) + 1) * INTERVAL_MS;
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.#intervalTimer = clock.setTimer(nextMs - elapsedMs, resolve);
    });
  }

  #wake: (() => void) | undefined;
  #intervalTimer: object | undefined;

  async #interval(): Promise<void> {
    const { clock } = this.resolved;
    if (this.#intervalTimer !== undefined) clock.clearTimer(this.#intervalTimer);
    const intervals = await Promise.all(this.#threads.map((thread) => thread.flush()));
    const startMs = this.#aggregator.endMs;
    const endMs = clock.now() - this.#originMs;
    const { interval, event } = this.#aggregator.add(intervals, endMs, {
      paused: this.#paused,
      eventLoopUtilization: this.#health.interval(),
    });
    const failed = this.#thresholds.watch(interval, this.#aggregator.total, startMs, endMs);
    if (failed !== undefined) this.#finish('threshold', failed);
    const broken = this.#breaker?.watch(interval, startMs, endMs);
    if (broken !== undefined) this.#finish('circuit-breaker', broken, 0);
    this.stream.emit(event);
  }

  /** Ends the run: no iteration starts any more; what runs is cut off after `withinMs`, else by its graceful stop. */
  #finish(kind: RunResult['run']['end']['kind'], reason: string | undefined, withinMs?: number): void {
    if (!this.#ending) {
      this.#ending = true;
      this.#end = reason === undefined ? { kind } : { kind, reason };
      this.#cancelled();
      if (kind === 'circuit-breaker' || kind === 'threshold') {
        this.stream.emit({ type: 'notice', level: 'warning', code: kind, text: reason ?? kind });
      }
      if (this.#running) this.#phase('drain');
      for (const thread of this.#threads) thread.stop();
    }
    if (!this.#running) return;
    const { clock } = this.resolved;
    if (withinMs === undefined) return;
    const interrupt = (): void => {
      for (const thread of this.#threads) thread.interrupt();
    };
    if (withinMs === 0) interrupt();
    else this.#drainTimer = clock.setTimer(withinMs, interrupt);
  }

  async #teardown(): Promise<void> {
    if (Number.isNaN(this.#originMs)) return;
    this.#phase('teardown');
    const problems = await this.#solo.teardown();
    for (const text of problems) this.#notes.push({ level: 'warning', code: 'teardown-failed', text });
  }

  #result(): RunResult {
    const { total, errors } = this.#aggregator;
    const open = this.#run.scenarios.filter(({ executor }) => executor.model === 'open');
    const sum = (counter: 'planned' | 'started'): number =>
      open.reduce((count, { index }) => count + total.scenarios[index]!.counts[counter], 0);
    const health = this.#health.result(
      total,
      errors,
      { offered: sum('planned'), started: sum('started') },
      this.#threads.reduce((count, thread) => count + thread.connectionsOpened, 0),
      this.#warmUpRequests,
    );
    if (this.stream.listenerError !== undefined) {
      const text = `the event listener threw: ${String(this.stream.listenerError)}`;
      this.#notes.push({ level: 'warning', code: 'listener-failed', text });
    }
    return buildResult({
      resolved: this.resolved,
      run: this.#run,
      aggregator: this.#aggregator,
      catalog: this.#catalog,
      thresholds: this.#thresholds,
      health,
      end: this.#end,
      startWallMs: this.#startWallMs,
      notes: this.#notes,
    });
  }

  #phase(phase: PhaseEvent['phase']): void {
    this.stream.emit({ type: 'phase', phase });
  }

  #hostOptions() {
    const { clock, target, headers, requestTimeoutMs, seed, options } = this.resolved;
    return { clock, target, headers, requestTimeoutMs, seed, threads: 1, onExchange: options.onExchange };
  }

  #transport(): UndiciTransport {
    const { target, connectTimeoutMs, maxBodyBytes, options, clock } = this.resolved;
    return new UndiciTransport(
      { origin: target.origin, address: options.address, connectTimeoutMs, maxBodyBytes },
      clock,
    );
  }

  #localThread(): ThreadHandle {
    const { options, maxConnections, pacing } = this.resolved;
    const layout = new CounterLayout(this.#run.scenarios.length, this.#run.operations.length);
    return new LocalThread({
      ...this.#hostOptions(),
      run: this.#run,
      transport: this.#transport(),
      thread: 0,
      counters: layout.allocate(),
      sharedCounts: this.#run.scenarios.map(() => new SharedCounts()),
      selections: this.#catalog.selections,
      connections: options.connections,
      maxConnections,
      pacing,
    });
  }
}

function reasonOf(reason: unknown): string | undefined {
  if (reason instanceof Error) return reason.name === 'AbortError' ? undefined : reason.message;
  return reason === undefined ? undefined : String(reason);
}
