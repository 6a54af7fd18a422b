import type { ClockTimer } from '../model/clock.ts';
import type { ScenarioUser } from '../user/scenario-user.ts';
import { StartTurn } from './start-turn.ts';
import { countOfPart } from '../plan/count-of-part.ts';
import { ActiveUsers } from './active-users.ts';
import { userId, type ExecutorContext, type RunningExecutor } from './executor.ts';
import { LoadTime } from './load-time.ts';
import { PauseGate } from './pause-gate.ts';
import { PauseWatch } from './pause-watch.ts';

/** Decides whether a user may run another iteration; `done` is the number it has run. */
interface IterationSupply {
  isLeft(done: number): boolean;
  take(done: number): boolean;
}

/**
 * Executors `shared-iterations` and `per-vu-iterations`: a fixed number of iterations, run as fast as the users can.
 *
 * Must hold:
 * - An iteration counts as planned when it starts. What is left at the end counts as dropped in `ThreadMerger`, over all
 *   threads, not here.
 * - A pause postpones the end by its length, at most by `maxDuration`; `LoadThread` asks `extensionMs` for its deadline.
 */
export class Iterations implements RunningExecutor {
  readonly #context: ExecutorContext;
  readonly #users: ScenarioUser[];
  readonly #supply: IterationSupply;
  readonly #gate = new PauseGate();
  readonly #active: ActiveUsers;
  readonly #load: LoadTime;
  readonly #pauses = new PauseWatch();
  #startMs = Number.NaN;
  #end: ClockTimer | undefined;
  #inFlight = 0;
  #stopped = false;

  constructor(context: ExecutorContext, vus: number, supply: IterationSupply) {
    const { thread, threads } = context;
    this.#context = context;
    this.#supply = supply;
    this.#active = new ActiveUsers(context.clock);
    this.#load = new LoadTime(context.clock, () => this.#active.userMs);
    this.#users = Array.from({ length: countOfPart(vus, thread, threads) }, (_, number) =>
      context.createUser(userId(number, thread, threads)),
    );
  }

  get users(): number {
    return this.#active.count;
  }

  get userMs(): number {
    return this.#active.userMs;
  }

  get loadMs(): number {
    return this.#load.ms;
  }

  get loadUserMs(): number {
    return this.#load.userMs;
  }

  get targetUsers(): number {
    return this.#stopped ? 0 : this.#active.count;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get maxUsers(): number {
    return this.#users.length;
  }

  prepare(): Promise<void> {
    return Promise.resolve();
  }

  async run(startMs: number): Promise<void> {
    this.#startMs = startMs;
    this.#load.begin(startMs);
    this.#awaitEnd();
    await Promise.all(await this.#begin());
    this.#stopped = true;
    this.#load.end();
    this.#forgetEnd();
  }

  /** Users whose start does not fit into a turn of the event loop start in the next ones. */
  async #begin(): Promise<readonly Promise<void>[]> {
    const { clock } = this.#context;
    const loops: Promise<void>[] = [];
    let turn = new StartTurn(clock);
    for (let number = 0; number < this.#users.length && !this.#stopped; number++) {
      if (turn.isOver()) {
        await new Promise<void>((resolve) => clock.soon(resolve));
        turn = new StartTurn(clock);
        if (this.#stopped) break;
      }
      const loop = this.#loop(number);
      loop.catch(() => undefined);
      loops.push(loop);
    }
    return loops;
  }

  stop(): void {
    this.#stopped = true;
    this.#load.end();
    this.#gate.open();
    for (const user of this.#users) user.wake();
  }

  interrupt(): void {
    this.stop();
    for (const user of this.#users) user.interrupt();
  }

  pause(): void {
    if (this.#stopped) return;
    this.#gate.close();
    this.#active.paused = true;
    this.#load.pause();
    this.#pauses.begin(this.#context.clock.now());
    this.#awaitEnd();
  }

  resume(): void {
    this.#pauses.end(this.#context.clock.now());
    this.#gate.open();
    this.#active.paused = false;
    this.#load.resume();
    this.#awaitEnd();
  }

  /**
   * Pauses extend `maxDuration`, so that they cause no drops; by its own length at most, in case a pause is never
   * ended.
   */
  get extensionMs(): number {
    const { clock, scenario } = this.#context;
    return Math.min(this.#pauses.since(this.#startMs, clock.now()), scenario.executor.plannedDurationMs);
  }

  #awaitEnd(): void {
    this.#forgetEnd();
    if (this.#stopped || Number.isNaN(this.#startMs)) return;
    const { clock, scenario } = this.#context;
    const { plannedDurationMs } = scenario.executor;
    const extensionMs = this.#pauses.on ? plannedDurationMs : this.extensionMs;
    const endMs = this.#startMs + plannedDurationMs + extensionMs;
    this.#end = clock.setTimer(Math.max(0, endMs - clock.now()), () => this.stop());
  }

  #forgetEnd(): void {
    if (this.#end !== undefined) this.#context.clock.clearTimer(this.#end);
    this.#end = undefined;
  }

  setUsers(): boolean {
    return false;
  }

  setRate(): boolean {
    return false;
  }

  async #loop(number: number): Promise<void> {
    const { scenario, recorder } = this.#context;
    let user = this.#users[number]!;
    const { wait } = scenario.definition;
    this.#active.enter();
    for (let done = 0; ; done++) {
      // No wait time after the last iteration.
      if (done > 0 && !this.#supply.isLeft(done)) break;
      if (done > 0 && wait !== undefined && !this.#stopped) await user.waitBetween(wait);
      if (this.#gate.closed) {
        await this.#gate.pass();
        user.forgetSchedule();
      }
      if (this.#stopped || !this.#supply.take(done)) break;
      recorder.count(scenario.index, 'planned');
      this.#inFlight++;
      await user.iterate();
      this.#inFlight--;
      if (!user.interrupted || this.#stopped) continue;
      // The user was interrupted because its `onStart` exceeded the limit: replace it.
      await user.finish();
      user = this.#context.createUser(user.id);
      this.#users[number] = user;
    }
    await user.finish();
    this.#active.leave();
  }
}
