import { RateGate } from '../clock/rate-gate.ts';
import type { Arrival } from '../model/arrival.ts';
import type { ClockTimer } from '../model/clock.ts';
import type { ScenarioUser } from '../user/scenario-user.ts';
import { countOfPart } from '../plan/count-of-part.ts';
import type { ArrivalPacing } from './arrival-pacing.ts';
import { LoadTime } from './load-time.ts';
import { userId, type ExecutorContext, type RunningExecutor } from './executor.ts';

/** Pre-allocated users start at the rate of the schedule, but at least this many per second. */
const FEWEST_STARTS_PER_SECOND = 1;

/**
 * Executors `constant-arrival-rate`, `ramping-arrival-rate`, `replayed-arrivals` and `externally-controlled` with a rate:
 * iterations start by a schedule (`ArrivalPacing`), independently of the target's responses. Each takes the most recently
 * used idle user or a new one, at most `maxVUs` over all threads of this process: whoever makes a part of a run divides it.
 *
 * Must hold:
 * - Each arrival that is not in a pause counts as planned, and then as started or dropped.
 * - Whether to drop depends only on the number in flight in these threads (`SharedCounts`), so `leave` follows each `enter`.
 */
export class ArrivalExecutor implements RunningExecutor {
  readonly userMs = 0;
  readonly loadUserMs = 0;
  readonly extensionMs = 0;
  readonly #context: ExecutorContext;
  readonly #pacing: ArrivalPacing;
  readonly #maxInFlight: number;
  readonly #preAllocated: number;
  readonly #startsPerSecond: number;
  readonly #all: ScenarioUser[] = [];
  readonly #idle: ScenarioUser[] = [];
  readonly #load: LoadTime;
  #inFlight = 0;
  #most = 0;
  #stopped = false;
  #paused = false;
  #stopPacing: (() => void) | undefined;
  #endMs = Number.POSITIVE_INFINITY;
  #end: ClockTimer | undefined;
  #endDelay: (() => void) | undefined;
  #drained: (() => void) | undefined;

  /** @param startsPerSecond users started per second before the run, over all threads */
  constructor(
    context: ExecutorContext,
    pacing: ArrivalPacing,
    maxVUs: number,
    preAllocated: number,
    startsPerSecond: number,
  ) {
    this.#startsPerSecond = startsPerSecond;
    this.#context = context;
    this.#load = new LoadTime(context.clock);
    this.#pacing = pacing;
    this.#maxInFlight = maxVUs;
    this.#preAllocated = countOfPart(preAllocated, context.thread, context.threads);
  }

  get users(): number {
    return this.#inFlight;
  }

  get targetUsers(): number {
    return this.#inFlight;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get maxUsers(): number {
    return this.#most;
  }

  get loadMs(): number {
    return this.#load.ms;
  }

  async prepare(): Promise<void> {
    if (this.#context.scenario.definition.onStart === undefined) return;
    const { clock, threads } = this.#context;
    const gate = new RateGate(Math.max(this.#startsPerSecond, FEWEST_STARTS_PER_SECOND) / threads);
    const starts: Promise<void>[] = [];
    let failed = false;
    while (this.#all.length < this.#preAllocated) {
      await this.#delay(gate.take(clock.now()));
      if (this.#stopped || failed) break;
      const user = this.#create();
      const start = user.prepare();
      start.catch(() => (failed = true));
      starts.push(start.then(() => void this.#idle.push(user)));
    }
    await Promise.all(starts);
  }

  async run(startMs: number): Promise<void> {
    const { scenario } = this.#context;
    this.#endMs = startMs + scenario.executor.plannedDurationMs;
    this.#load.begin(startMs, this.#endMs);
    const drained = new Promise<void>((resolve) => {
      this.#drained = resolve;
    });
    this.#stopPacing = this.#pacing.run(
      startMs,
      this.#endMs,
      (intendedMs, nowMs, arrival) => this.#arrive(intendedMs, nowMs, arrival),
      () => this.#awaitEnd(),
    );
    // Scenario code that ran synchronously may have stopped the run.
    if (this.#stopped) this.#stopPacing();
    await drained;
    await Promise.all(this.#all.map((user) => user.finish()));
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#load.end();
    this.#stopPacing?.();
    this.#forgetEnd();
    if (this.#inFlight === 0) this.#drained?.();
  }

  interrupt(): void {
    this.stop();
    this.#endDelay?.();
    for (const user of this.#all) user.interrupt();
  }

  pause(): void {
    this.#paused = true;
    this.#load.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#load.resume();
  }

  setUsers(): boolean {
    return false;
  }

  setRate(rate: number, atMs: number): boolean {
    if (this.#stopped) return false;
    this.#forgetEnd();
    return this.#pacing.setRate(rate, atMs);
  }

  /** Waits until the planned end although no arrival is left: rates are computed over the planned duration. */
  #awaitEnd(): void {
    if (this.#stopped || this.#endMs === Number.POSITIVE_INFINITY) return;
    const { clock } = this.#context;
    this.#end = clock.setTimer(Math.max(0, this.#endMs - clock.now()), () => this.stop());
  }

  #forgetEnd(): void {
    if (this.#end !== undefined) this.#context.clock.clearTimer(this.#end);
    this.#end = undefined;
  }

  #arrive(intendedMs: number, nowMs: number, arrival: Arrival | undefined): void {
    if (this.#stopped) return;
    // Arrivals during a pause are not planned and so not counted as dropped.
    if (this.#paused) return;
    const { recorder, scenario, shared } = this.#context;
    recorder.count(scenario.index, 'planned');
    recorder.pacerLag(nowMs - intendedMs);
    if (!shared.enter(this.#maxInFlight)) {
      recorder.count(scenario.index, 'dropped');
      return;
    }
    const user = this.#idle.pop() ?? this.#create();
    this.#inFlight++;
    if (this.#inFlight > this.#most) this.#most = this.#inFlight;
    void user.iterateFrom(intendedMs, nowMs, arrival).then(() => {
      shared.leave();
      // Do not reuse a user that was interrupted because its `onStart` exceeded the limit.
      if (!user.interrupted) this.#idle.push(user);
      this.#inFlight--;
      if (this.#stopped && this.#inFlight === 0) this.#drained?.();
    });
  }

  #delay(durationMs: number): Promise<void> {
    if (durationMs === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const { clock } = this.#context;
      const timer = clock.setTimer(durationMs, resolve);
      this.#endDelay = () => {
        clock.clearTimer(timer);
        resolve();
      };
    });
  }

  #create(): ScenarioUser {
    const { createUser, thread, threads } = this.#context;
    const user = createUser(userId(this.#all.length, thread, threads));
    this.#all.push(user);
    return user;
  }
}
