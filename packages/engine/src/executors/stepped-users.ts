/*
 * Executors `constant-vus`, `ramping-vus` and `externally-controlled` with users: the number of users follows exact steps, those
 * of the plan or of `setUsers`; each user waits for its responses.
 *
 * Must hold:
 * - At most one loop runs for a slot; see the table of its states.
 * - `setUsers` replaces the plan. Scenario code may call it, or stop the run, synchronously from a step, also while `#approachLevel`
 *   starts users: each step, and each user that one starts, checks that its plan is still the current one (`#plans`).
 * - Plans and `setUsers` count users over the threads of all parts; levels and slots are those of this thread (`#share`).
 * - An interrupted user is replaced, never started again: its iteration would not end before the run is interrupted. Each `await`
 *   in the loop is followed by a check of `interrupted`.
 * - A pause does not stop the plan. Users that it removes while they wait for `resume` stay counted as active until then; those in
 *   an iteration leave when it ends.
 */

import type { ClockTimer } from '../model/clock.ts';
import { planUserSteps, type UserStep } from '../plan/user-steps.ts';
import type { ScenarioUser } from '../user/scenario-user.ts';
import { StartTurn } from './start-turn.ts';
import { countOfPart } from '../plan/count-of-part.ts';
import { ActiveUsers } from './active-users.ts';
import { userId, type ExecutorContext, type RunningExecutor, type UserRamp } from './executor.ts';
import { LoadTime } from './load-time.ts';
import { PauseGate } from './pause-gate.ts';

/**
 * A slot for one user, which ramping may stop and start again.
 *
 * | state    | `wanted` | `active` | `rampDown` | level rises above it   | level falls below it | its loop                                         |
 * | -------- | -------- | -------- | ---------- | ---------------------- | -------------------- | ------------------------------------------------ |
 * | free     | no       | no       | (unused)   | running: loop begins   |                      |                                                  |
 * | running  | yes      | yes      | none       |                        | leaving: timer, wake | iterates; a user interrupted is replaced         |
 * | leaving  | no       | yes      | set, unless `rampDownMs` is 0 | running: timer cleared |                      | ends its iteration or is interrupted, then: free |
 * | finished | as it was | no      | (unused)   |                        |                      | ended by `stop`; nothing follows                 |
 *
 * A slot without a loop is never left `wanted`, unless the executor has stopped; at most one loop runs for it.
 */
interface Slot {
  user: ScenarioUser;
  wanted: boolean;
  /** Whether its iteration loop runs. */
  active: boolean;
  rampDown: ClockTimer | undefined;
}

/** Executors `constant-vus`, `ramping-vus` and `externally-controlled` with users. */
export class SteppedUsers implements RunningExecutor {
  readonly extensionMs = 0;
  readonly #context: ExecutorContext;
  #steps: readonly UserStep[];
  readonly #rampDownMs: number;
  readonly #slots: Slot[] = [];
  readonly #gate = new PauseGate();
  readonly #loops = new Set<Promise<void>>();
  readonly #active: ActiveUsers;
  readonly #load: LoadTime;
  #inFlight = 0;
  #level = 0;
  /** Number of wanted slots, which are the first ones; it follows `#level`. */
  #wanted = 0;
  /** Whether a `soon` callback is pending. */
  #continues = false;
  #stopped = false;
  /** Clock time that `#steps` count from; `undefined`: the executor's start. */
  #stepsFromMs: number | undefined;
  /** Number of plans so far: `setUsers` replaces the plan. */
  #plans = 0;
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
    const { clock, scenario } = this.#context;
    this.#endMs = startMs + scenario.executor.plannedDurationMs;
    this.#load.begin(startMs, this.#endMs);
    const ended = new Promise<void>((resolve) => {
      this.#ended = resolve;
    });
    this.#follow(this.#steps, Math.max(startMs, this.#stepsFromMs ?? startMs));
    const end =
      this.#endMs === Number.POSITIVE_INFINITY
        ? undefined
        : clock.setTimer(Math.max(0, this.#endMs - clock.now()), () => this.stop());
    await ended;
    if (end !== undefined) clock.clearTimer(end);
    while (this.#loops.size > 0) await Promise.all(this.#loops);
    if (this.#active.count !== 0) throw new Error(`${this.#active.count} users are active without a loop`);
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

  setUsers(users: number, ramp?: UserRamp): boolean {
    if (this.#stopped) return false;
    const steps = ramp === undefined ? [{ atMs: 0, users }] : stepsOf(ramp, users);
    const fromMs = ramp?.atMs ?? this.#context.clock.now();
    if (this.#ended !== undefined) {
      this.#follow(steps, fromMs);
      return true;
    }
    // Before the start, this replaces the plan.
    this.#steps = steps;
    this.#stepsFromMs = fromMs;
    return true;
  }

  setRate(): boolean {
    return false;
  }

  /** Replaces the plan. @param fromMs clock time that the steps count from */
  #follow(steps: readonly UserStep[], fromMs: number): void {
    const plan = ++this.#plans;
    this.#stopPacing?.();
    let next = 0;
    const stop = this.#context.pacer.run(
      { next: () => steps[next]?.atMs },
      fromMs,
      () => {
        const { users } = steps[next++]!;
        if (plan === this.#plans) this.#setLevel(this.#share(users));
      },
      () => undefined,
    );
    // Scenario code that ran synchronously may have set the users again, or stopped the run.
    if (plan === this.#plans && !this.#stopped) this.#stopPacing = stop;
    else stop();
  }

  #share(users: number): number {
    return countOfPart(users, this.#context.thread, this.#context.threads);
  }

  #setLevel(level: number): void {
    this.#level = level;
    this.#approachLevel();
  }

  /** Starts or ends users one after another; what does not fit into a turn of the event loop is done in the next ones. */
  #approachLevel(): void {
    const { clock } = this.#context;
    const plan = this.#plans;
    const turn = new StartTurn(clock);
    while (!this.#stopped && plan === this.#plans && this.#wanted !== this.#level) {
      if (turn.isOver()) {
        if (!this.#continues) clock.soon(this.#continue);
        this.#continues = true;
        return;
      }
      if (this.#wanted < this.#level) this.#want(this.#wanted++);
      else this.#unwant(this.#slots[--this.#wanted]!);
    }
  }

  readonly #continue = (): void => {
    this.#continues = false;
    this.#approachLevel();
  };

  #create(number: number): ScenarioUser {
    const { createUser, thread, threads } = this.#context;
    return createUser(userId(number, thread, threads));
  }

  #want(number: number): void {
    const slot = (this.#slots[number] ??= {
      user: this.#create(number),
      wanted: false,
      active: false,
      rampDown: undefined,
    });
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
          // Meanwhile the level may have fallen and risen again, which interrupts the user: check again.
          continue;
        }
        recorder.count(scenario.index, 'planned');
        this.#inFlight++;
        await slot.user.iterate();
        this.#inFlight--;
        if (wait !== undefined && wanted() && !slot.user.interrupted) await slot.user.waitBetween(wait);
      }
      await slot.user.finish();
      if (!wanted()) break;
      // The level rose again while the user was ending; an interrupted user cannot continue, so create another.
      slot.user = this.#create(number);
    }
    if (slot.rampDown !== undefined) this.#context.clock.clearTimer(slot.rampDown);
    slot.user = this.#stopped ? slot.user : this.#create(number);
    slot.active = false;
    this.#active.leave();
  }
}

function stepsOf({ from, perSecond }: UserRamp, users: number): UserStep[] {
  const durationMs = (Math.abs(users - from) * 1000) / perSecond;
  return planUserSteps(from, [{ durationMs, target: users }]);
}
