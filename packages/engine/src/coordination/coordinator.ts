/*
 * Runs one load test in this order: outputs, target check, warm-up, setup, run, drain, teardown. Threads and outputs are closed
 * on every path of `execute`, which is called once.
 *
 * Must hold:
 * - The record gets data only as `RunBasis`, `RecordedInterval` and `RunEnd`: a replayed document would lack anything else.
 * - Intervals are added and delivered one after another: a snapshot reads the totals of the record while it is delivered.
 * - The first `#finish` sets how the run ended; a later one can only shorten the drain.
 */

import type { IntervalEvent, PhaseEvent, RunEvent } from '../model/events.ts';
import { EngineError } from '../errors.ts';
import { RunRecord } from '../aggregation/run-record.ts';
import { exceptionPart } from '../aggregation/snapshot-part.ts';
import type { RunEnd } from '../model/run-info.ts';
import { checkCeilings } from '../definition/check-ceilings.ts';
import { SharedCounts } from '../executors/executor.ts';
import { PauseWatch } from '../executors/pause-watch.ts';
import { MetricCatalog } from '../metrics/metric-catalog.ts';
import type { ScenarioDefinition } from '../model/scenario.ts';
import type { SteeringChange, UserRampOptions } from '../model/steering.ts';
import type { ResultNote, RunResult } from '../document/schema.ts';
import { coordinateSolo } from '../threads/coordinate.ts';
import { createTransport } from '../transport/create-transport.ts';
import type { RateGate } from '../clock/rate-gate.ts';
import { ThreadSecrets } from '../secrets/sent-secrets.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { ErrorRecorder } from '../recorder/error-recorder.ts';
import { ownerOfUnhandled, UnhandledErrors } from '../threads/unhandled-errors.ts';
import { checkTarget } from './check-target.ts';
import { compileJudgedRun } from '../definition/compile-judged-run.ts';
import type { CompiledRun } from '../model/compiled-run.ts';
import { checkLimits } from '../definition/limits.ts';
import { resolveBases } from '../definition/base-addresses.ts';
import { basesOf, createThreads } from '../threads/create-threads.ts';
import type { EventStream } from './event-stream.ts';
import { IntervalCollector } from './interval-collector.ts';
import { IntervalTimer } from './interval-timer.ts';
import { loopTurn } from './loop-turn.ts';
import { Outputs } from './outputs.ts';
import { runBasis } from './run-basis.ts';
import type { ResolvedRun } from '../definition/resolve-options.ts';
import { SnapshotDelivery } from './snapshot-delivery.ts';
import { SoloUsers } from './solo-users.ts';
import { Steering } from './steering.ts';
import { rehearseIntervals } from './rehearse-intervals.ts';
import { reasonOfAbort } from './reason-of-abort.ts';
import { waitForStart } from './wait-for-start.ts';
import { ThreadGroup } from '../threads/thread-group.ts';
import { warmUp } from '../threads/warm-up.ts';
import { reasonOf } from '../show.ts';

/** An abort signal ends a run with a short drain, so that the result is available within seconds. */
const SIGNAL_DRAIN_MS = 3000;
/** Most of a reason or note in the words of a target or of scenario code; cut after its secrets were removed. */
const MOST_CHARACTERS = 1000;

/** Runs one load test. */
export class Coordinator {
  readonly resolved: ResolvedRun;
  readonly stream: EventStream;
  readonly #run: CompiledRun;
  readonly #record: RunRecord;
  readonly #breaker: CircuitBreaker | undefined;
  readonly #outputs: Outputs;
  readonly #redact = (text: string): string => this.#secrets.redactor().excerpt(text, MOST_CHARACTERS);
  readonly #threads: ThreadGroup;
  readonly #solo: SoloUsers;
  readonly #intervalTimer: IntervalTimer;
  readonly #collector: IntervalCollector;
  readonly #delivery: SnapshotDelivery;
  /** Secrets sent by this thread; their values are removed from texts of the result. */
  readonly #secrets: ThreadSecrets;
  /** Notes since the last interval; the next interval or the end of the run passes them to the record. */
  #notes: ResultNote[] = [];
  #end: RunResult['run']['end'] = { kind: 'completed' };
  #ending = false;
  readonly #steering: Steering;
  /** Changes of the load since the last interval; the next one passes them to the record. */
  readonly #changes: SteeringChange[] = [];
  /** True while the last interval is recorded; users and rates can no longer be set. */
  #lastInterval = false;
  #originMs = Number.NaN;
  #startWallMs = Number.NaN;
  #warmUpRequests = 0;
  readonly #pause = new PauseWatch();
  #pausedMs = 0;
  #running = false;
  #drainTimer: object | undefined;
  /** A later call of {@link stop} can only bring it forward. */
  #drainEndMs = Number.POSITIVE_INFINITY;
  /** Resolves `#cancellation`, which ends the waits before the load: target check, setup, start time. */
  #cancelled!: () => void;
  readonly #cancellation: Promise<void>;

  /** @param definitions of the scenarios, loaded */
  constructor(resolved: ResolvedRun, stream: EventStream, definitions: readonly ScenarioDefinition[]) {
    const { options, circuitBreaker, clock } = resolved;
    this.resolved = resolved;
    this.stream = stream;
    this.#run = compileJudgedRun(definitions, options.objectives);
    this.#record = new RunRecord(runBasis(resolved, this.#run, new MetricCatalog(this.#run)));
    this.#intervalTimer = new IntervalTimer(clock);
    this.#breaker = circuitBreaker === undefined ? undefined : new CircuitBreaker(circuitBreaker);
    this.#outputs = new Outputs(options.outputs ?? [], resolved.outputTimeoutMs, clock, this.#redact);
    this.#cancellation = new Promise((resolve) => {
      this.#cancelled = resolve;
    });
    if (options.transport === undefined) checkLimits(this.#run, resolved);
    if (resolved.ceilings !== undefined) checkCeilings(definitions, resolved.ceilings);
    const bases = resolveBases(definitions, resolved);
    const gates = new Map<string, RateGate>();
    this.#secrets = new ThreadSecrets(resolved.headers);
    const shared = this.#run.scenarios.map((scenario) => SharedCounts.of(scenario));
    const stopRun = (reason: string): void => this.#finish('stopped', this.#redact(reason));
    this.#threads = new ThreadGroup(
      createThreads(resolved, this.#run, this.#record.catalog, gates, this.#secrets, shared, bases, stopRun),
      clock,
      shared,
    );
    this.#collector = new IntervalCollector({
      run: this.#run,
      clock,
      threads: this.#threads,
      threadCount: resolved.threads,
      part: options.part,
      realTime: options.clock === undefined,
      watched: options.watchProcesses,
    });
    this.#delivery = new SnapshotDelivery({
      record: this.#record,
      probe: this.#collector.probe,
      stream,
      outputs: this.#outputs,
      turn: () => this.#collector.turn(),
    });
    this.#steering = new Steering(this.#run, resolved, bases, this.#threads, (change) => {
      this.#changes.push(change);
      this.#tell({ type: 'steering', ...change });
    });
    this.#solo = new SoloUsers(
      this.#run,
      {
        ...resolved,
        // With one thread, the gates are also those of the load.
        threads: options.part?.of ?? 1,
        gates,
        secrets: this.#secrets,
        bases: basesOf(resolved, bases),
        coordination: coordinateSolo({ run: this.#run, sharedCounts: shared, part: options.part, stopRun }),
        onExchange: options.onExchange,
      },
      options.transport ?? createTransport(resolved.transport, clock, options.resolve),
    );
  }

  /** @throws EngineError if a required output cannot start or the target may not be loaded; else there is a result */
  async execute(): Promise<RunResult> {
    const { signal } = this.resolved.options;
    const onAbort = (): void => this.#finish('aborted', reasonOfAbort(signal?.reason), SIGNAL_DRAIN_MS);
    if (signal?.aborted === true) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    const errors = new ErrorRecorder();
    const scenario = ownerOfUnhandled(this.#run);
    const unhandled = new UnhandledErrors(
      (error) => errors.exception(scenario, error, this.#elapsedMs(), this.#secrets),
      (error) => {
        errors.exception(scenario, error, this.#elapsedMs(), this.#secrets);
        this.#finish('error', this.#redact(error.message), 0);
      },
    );
    let end: RunEnd | undefined;
    let result: RunResult | undefined;
    let lateNotes: readonly ResultNote[] = [];
    try {
      try {
        await this.#outputs.start(() => this.#record.info);
        await this.#prepare();
        if (!this.#ending) await this.#load();
        await this.#teardown();
      } finally {
        signal?.removeEventListener('abort', onAbort);
        await this.#threads.close();
        this.#solo.close();
      }
      // Let interrupted code reject, so that its exceptions are in the document.
      await loopTurn(this.resolved.clock);
      end = this.#recordEnd(errors);
      result = this.#record.result(end);
    } finally {
      unhandled.close();
      this.#collector.end();
      this.#phase('done');
      this.stream.end();
      const late = await this.#outputs.stop(result, end);
      lateNotes = [...this.stream.takeNotes(this.#redact), ...late];
    }
    return lateNotes.length === 0 ? result : { ...result, notes: [...result.notes, ...lateNotes] };
  }

  /** Since the start of the run; 0 before it. */
  #elapsedMs(): number {
    return Number.isNaN(this.#originMs) ? 0 : this.resolved.clock.now() - this.#originMs;
  }

  stop(reason: string, withinMs?: number): void {
    this.#finish('stopped', reason, withinMs);
    // Who gives a limit waits for the end: outputs get what there is while the last requests finish.
    if (withinMs !== undefined && this.#running) this.#intervalTimer.endNow();
  }

  abort(reason: string): void {
    this.#finish('aborted', reason, 0);
  }

  /** Executes a call that came while the scenario module was loading. Its caller has returned: an error becomes a note. */
  tryLate(act: () => void): void {
    try {
      act();
    } catch (error) {
      const text = 'a request that came while the scenarios were loading was rejected';
      this.#warn({ level: 'warning', code: 'request-refused', text: `${text}: ${reasonOf(error)}` });
    }
  }

  #warn(note: ResultNote): void {
    this.#notes.push(note);
    this.#tell({ type: 'notice', ...note });
  }

  pause(): void {
    this.#pause.begin(this.resolved.clock.now());
    this.#threads.pause();
  }

  resume(): void {
    this.#pause.end(this.resolved.clock.now());
    this.#threads.resume();
  }

  /** @throws EngineError */
  setUsers(scenario: string, users: number, ramp?: UserRampOptions): void {
    this.#requireLoad('users');
    this.#steering.setUsers(scenario, users, ramp);
  }

  /** @throws EngineError */
  setRate(scenario: string, rate: number): void {
    this.#requireLoad('rates');
    this.#steering.setRate(scenario, rate);
  }

  #requireLoad(what: string): void {
    if (!this.#ending && !this.#lastInterval) return;
    throw new EngineError('wrong-state', `the run is ending or has ended: its ${what} can no longer be set.`);
  }

  async #prepare(): Promise<void> {
    const checked = checkTarget(this.resolved);
    // A DNS lookup may still fail after the run has ended: mark its rejection as handled.
    checked.catch(() => undefined);
    await Promise.race([checked, this.#cancellation]);
    if (this.resolved.warmUp && !this.#ending) {
      this.#phase('warm-up');
      const { clock, pacing } = this.resolved;
      this.#warmUpRequests = await warmUp(clock, this.#run, pacing, (run) =>
        rehearseIntervals(this.resolved, run),
      );
    }
    if (this.#ending) return;
    this.#phase('setup');
    const ready = this.#solo
      .setup()
      .then((shared) => (this.#ending ? undefined : this.#threads.prepare(shared)));
    try {
      await Promise.race([ready, this.#cancellation]);
    } catch (error) {
      const reason = reasonOf(error);
      this.#finish('setup-failed', this.#redact(reason), 0);
    }
    // A cancelled setup may still fail later: mark its rejection as handled.
    ready.catch(() => undefined);
    if (this.#ending) this.#solo.close();
  }

  async #load(): Promise<void> {
    const { clock, options } = this.resolved;
    this.#notes.push(...(await waitForStart(clock, options.startAtMs, this.#cancellation)));
    if (this.#ending) return;
    this.#phase('run');
    this.#collector.begin();
    this.#originMs = clock.now();
    this.#steering.begin(this.#originMs);
    this.#startWallMs = clock.wallNow();
    this.#running = true;
    let over = false;
    const ended = this.#threads
      .run(this.#originMs, (reason) => this.#finish('error', this.#redact(reason), 0))
      .finally(() => {
        over = true;
      });
    for (let last = false; !last;) {
      await Promise.race([ended, this.#intervalTimer.next(this.#originMs)]);
      // Read before collecting: the last interval must be collected after all threads have ended, or it would miss what they measured last.
      last = over;
      this.#lastInterval = last;
      await this.#interval(last);
    }
    this.#running = false;
    this.#pausedMs = this.#pause.since(this.#originMs, clock.now());
    if (this.#drainTimer !== undefined) clock.clearTimer(this.#drainTimer);
  }

  async #interval(last: boolean): Promise<void> {
    this.#intervalTimer.clear();
    const handedOver = await this.#collector.handOver(this.#originMs, last);
    for (const note of this.#collector.notesOf(handedOver)) this.#warn(note);
    const state = {
      startWallMs: this.#startWallMs,
      phase: this.#ending ? ('drain' as const) : ('run' as const),
      paused: this.#pause.on,
      pausedMs: this.#pause.since(this.#originMs, this.#originMs + handedOver.endMs),
      notes: this.#takeNotes(),
      steering: this.#changes.splice(0),
    };
    const merged = await this.#collector.merge(handedOver, this.#record.totals.total);
    const { measures, startMs, endMs } = merged;
    const interval = { ...merged, ...state };
    await this.#collector.turn();
    const failed = this.#record.add(interval);
    if (failed !== undefined) this.#finish('threshold', failed);
    const broken = this.#breaker?.watch(measures, startMs, endMs);
    if (broken !== undefined) this.#finish('circuit-breaker', broken, 0);
    await this.#delivery.deliver(interval, this.#warmUpRequests);
  }

  #takeNotes(): readonly ResultNote[] {
    const notes = this.#notes;
    this.#notes = [];
    return notes;
  }

  /**
   * Starts no further iterations. Running ones get their graceful stop, at most `withinMs`; before the load, users are interrupted
   * at once. The first call sets kind and reason.
   */
  #finish(kind: RunResult['run']['end']['kind'], reason: string | undefined, withinMs?: number): void {
    if (!this.#ending) {
      this.#ending = true;
      this.#end = reason === undefined ? { kind } : { kind, reason };
      this.#cancelled();
      if (kind === 'circuit-breaker' || kind === 'threshold') {
        this.#tell({ type: 'notice', level: 'warning', code: kind, text: reason ?? kind });
      }
      if (this.#running) this.#phase('drain');
      this.#threads.stop();
      // Users that are still being prepared have no iteration to finish.
      if (!this.#running) this.#threads.interrupt();
    }
    if (!this.#running) return;
    const { clock } = this.resolved;
    if (withinMs === undefined || clock.now() + withinMs >= this.#drainEndMs) return;
    this.#drainEndMs = clock.now() + withinMs;
    if (this.#drainTimer !== undefined) clock.clearTimer(this.#drainTimer);
    if (withinMs === 0) this.#threads.interrupt();
    else this.#drainTimer = clock.setTimer(withinMs, () => this.#threads.interrupt());
  }

  async #teardown(): Promise<void> {
    if (Number.isNaN(this.#originMs) && !this.#solo.hasTeardown) return;
    this.#phase('teardown');
    const problems = await this.#solo.teardown(this.#end.kind === 'completed' ? 'completed' : 'early');
    for (const problem of problems) {
      this.#notes.push({ level: 'warning', code: 'teardown-failed', text: this.#redact(problem) });
    }
  }

  #recordEnd(errors: ErrorRecorder): RunEnd {
    this.#notes.push(...this.stream.takeNotes(this.#redact), ...this.#outputs.takeNotes());
    return {
      end: this.#end,
      pausedMs: this.#pausedMs,
      warmUpRequests: this.#warmUpRequests,
      cpuSeconds: this.#collector.probe.cpuSeconds,
      machineCpuShare: this.#collector.probe.machineCpuShare,
      exceptions: errors.flush().exceptions.map((exception) => exceptionPart(this.#run, exception)),
      notes: this.#takeNotes(),
    };
  }

  #phase(phase: PhaseEvent['phase']): void {
    this.#tell({ type: 'phase', phase });
  }

  #tell(event: Exclude<RunEvent, IntervalEvent>): void {
    this.stream.emit(event);
    this.#outputs.event(event);
  }
}
