import type { ClockTimer } from '../model/clock.ts';
import type { UserStep } from '../plan/user-steps.ts';
import type { ScenarioUser } from '../user/scenario-user.ts';
import { shareOf } from '../plan/share.ts';
import { ActiveUsers } from './active-users.ts';
import { userId, type ExecutorContext, type RunningExecutor } from './executor.ts';
import { LoadTime } from './load-time.ts';
import { PauseGate } from './pause-gate.ts';

/** A slot for one user, which ramping may stop and start again. */
interface Slot {
  user: ScenarioUser;
  wanted: boolean;
  /** Whether its iteration loop runs. */
  active: boolean;
  rampDown: ClockTimer | undefined;
}

/**
 * Executors `constant-vus` and `ramping-vus`: the number of users follows exact steps; each user waits for its
 * responses.
 */
export class RampingUsers implements RunningExecutor {
  readonly extensionMs = 0;
  readonly #context: ExecutorContext;
  readonly #steps: readonly UserStep[];
  readonly #rampDownMs: number;
  readonly #slots: Slot[] = [];
  readonly #gate = new PauseGate();
  readonly #loops = new Set<Promise<void>>();
  readonly #active: ActiveUsers;
  readonly #load: LoadTime;
  #inFlight = 0;
  #level = 0;
  #stopped = false;
  /** Whether `setUsers` has replaced the plan. */
  #manual = false;
  #stopPacing: (() => void) | undefined;
  #endMs = Number.POSITIVE_INFINITY;
  #ended: (() => void) | undefined;

  constructor(context: ExecutorContext, steps: readonly UserStep[], rampDownMs: number) {
    this.#context = context;
    this.#steps = steps;
    this.#rampDownMs = rampDownMs;
    this.#active = new ActiveUsers(context.clock);
    this.#load = new LoadTime(context.clock, () => this.#active.userMs);
  }

  get users(): number {
    return this.#active.count;
  }

  get maxUsers(): number {
    return this.#active.most;
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
    return this.#stopped ? 0 : this.#level;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  prepare(): Promise<void> {
    return Promise.resolve();
  }

  async run(startMs: number): Promise<void> {
    const { clock, pacer, scenario } = this.#context;
    this.#endMs = startMs + scenario.executor.plannedDurationMs;
    this.#load.begin(startMs, this.#endMs);
    const ended = new Promise<void>((resolve) => {
      this.#ended = resolve;
    });
    if (this.#manual) this.#setLevel(this.#level);
    let next = 0;
    this.#stopPacing = pacer.run(
      { next: () => this.#steps[next]?.atMs },
      startMs,
      () => {
        const { users } = this.#steps[next++]!;
        if (!this.#manual) this.#setLevel(this.#share(users));
      },
      () => undefined,
    );
    const end = clock.setTimer(Math.max(0, this.#endMs - clock.now()), () => this.stop());
    await ended;
    clock.clearTimer(end);
    while (this.#loops.size > 0) await Promise.all(this.#loops);
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#load.end();
    this.#stopPacing?.();
    this.#gate.open();
    for (const slot of this.#slots) slot.user.wake();
    this.#ended?.();
  }

  interrupt(): void {
    this.stop();
    for (const slot of this.#slots) slot.user.interrupt();
  }

  pause(): void {
    if (this.#stopped) return;
    this.#gate.close();
    this.#active.paused = true;
    this.#load.pause();
  }

  resume(): void {
    this.#gate.open();
    this.#active.paused = false;
    this.#load.resume();
  }

  setUsers(users: number): boolean {
    if (this.#stopped) return false;
    this.#manual = true;
    // Before the start, this sets the initial number.
    if (this.#ended === undefined) this.#level = this.#share(users);
    else this.#setLevel(this.#share(users));
    return true;
  }

  #share(users: number): number {
    return shareOf(users, this.#context.thread, this.#context.threads);
  }

  #setLevel(level: number): void {
    this.#level = level;
    while (this.#slots.length < level) {
      const number = this.#slots.length;
      this.#slots.push({
        user: this.#create(number),
        wanted: false,
        active: false,
        rampDown: undefined,
      });
    }
    this.#slots.forEach((slot, number) => {
      if (number < level && !slot.wanted) this.#want(slot, number);
      else if (number >= level && slot.wanted) this.#unwant(slot);
    });
  }

  #create(number: number): ScenarioUser {
    const { createUser, thread, threads } = this.#context;
    return createUser(userId(number, thread, threads));
  }

  #want(slot: Slot, number: number): void {
    slot.wanted = true;
    if (slot.rampDown !== undefined) this.#context.clock.clearTimer(slot.rampDown);
    slot.rampDown = undefined;
    if (slot.active) return;
    slot.active = true;
    this.#active.enter();
    const loop = this.#loop(slot, number).finally(() => this.#loops.delete(loop));
    this.#loops.add(loop);
  }

  #unwant(slot: Slot): void {
    slot.wanted = false;
    slot.user.wake();
    if (this.#rampDownMs === 0) slot.user.interrupt();
    else
      slot.rampDown = this.#context.clock.setTimer(this.#rampDownMs, () => {
        if (!slot.wanted) slot.user.interrupt();
      });
  }

  async #loop(slot: Slot, number: number): Promise<void> {
    const { scenario, recorder } = this.#context;
    const { wait } = scenario.definition;
    const wanted = (): boolean => slot.wanted && !this.#stopped;
    for (;;) {
      while (wanted() && !slot.user.interrupted) {
        if (this.#gate.closed) {
          await this.#gate.pass();
          slot.user.forgetSchedule();
        }
        if (!wanted()) break;
        recorder.count(scenario.index, 'planned');
        this.#inFlight++;
        await slot.user.iterate();
        this.#inFlight--;
        if (wait !== undefined && wanted() && !slot.user.interrupted) await slot.user.waitBetween(wait);
      }
      await slot.user.finish();
      if (!wanted()) break;
      // The slot is needed again while its user was stopping; an interrupted user cannot continue, so create another.
      slot.user = this.#create(number);
    }
    if (slot.rampDown !== undefined) this.#context.clock.clearTimer(slot.rampDown);
    slot.user = this.#stopped ? slot.user : this.#create(number);
    slot.active = false;
    this.#active.leave();
  }
}
