import type { CompiledRun, CompiledScenario } from '../model/compiled-run.ts';
import { OwnConnection } from '../transport/connections.ts';
import type { Transport } from '../model/flight.ts';
import { formatDuration } from '../duration.ts';
import { EngineError } from '../errors.ts';
import { createUser } from '../user/create-user.ts';
import type { NativeUser } from '../user/native-user.ts';
import type { RequestPhase, UserCoordination } from '../user/user-host.ts';
import { notAwaited } from '../user/misuse.ts';
import { TimeLimit } from '../user/time-limit.ts';
import { createHost, type HostOptions } from '../threads/host.ts';
import { reasonOf } from '../show.ts';
import { SetupRows } from './setup-rows.ts';

/**
 * Time limits of all teardowns together, so that the report is not delayed: after a completed run and after a stopped
 * one.
 */
const TEARDOWN_LIMITS_MS = { completed: 10_000, early: 800 } as const;
/** Ids of users outside the load; those of the load start at 1. */
const SOLO_ID = 0;

/**
 * The users outside the load: one per scenario, for `setup` and `teardown`. Their requests are not recorded.
 *
 * Must hold: `teardown` comes after `setup`, also where that failed or `close` cut it off, and never rejects. The caller calls
 * `close` on every path, and removes secrets from the problems.
 */
export class SoloUsers {
  readonly #run: CompiledRun;
  readonly #options: HostOptions;
  readonly #transport: Transport;
  readonly #users = new Set<NativeUser>();
  /** What each completed `setup` returned, by scenario index. */
  readonly #shared: unknown[] = [];
  /** By scenario index. */
  readonly #rows: readonly SetupRows[];
  /** Time limit of the running `setup`. */
  #limit: TimeLimit | undefined;
  #closed = false;
  /** Why `teardown` ended itself by `user.stop`: the load is over, and keeps the end that it had. */
  #stopReason: string | undefined;

  constructor(run: CompiledRun, options: HostOptions, transport: Transport) {
    this.#run = run;
    this.#options = options;
    this.#transport = transport;
    this.#rows = run.scenarios.map(() => new SetupRows());
  }

  /** Whether there is a `teardown` of a scenario whose `setup` has completed. */
  get hasTeardown(): boolean {
    return this.#run.scenarios.some(
      ({ definition, index }) => definition.teardown !== undefined && index < this.#shared.length,
    );
  }

  /** Runs every `setup`, one after another; rejects with what the first one throws, or with `setup-timeout`. */
  async setup(): Promise<readonly unknown[]> {
    for (const scenario of this.#run.scenarios) {
      if (this.#closed) break;
      const { definition } = scenario;
      this.#shared.push(
        definition.setup === undefined
          ? undefined
          : await this.#with(scenario, 'setup', (user) =>
              this.#withinLimit(scenario.name, user, definition.setup!(user)),
            ),
      );
    }
    return this.#shared;
  }

  /** Runs every `teardown` whose scenario has completed its `setup` or has none; returns what went wrong, in words. */
  async teardown(end: keyof typeof TEARDOWN_LIMITS_MS): Promise<string[]> {
    const problems: string[] = [];
    const { clock } = this.#options;
    let over = false;
    let giveUp: () => void = () => undefined;
    const late = new Promise<never>((_, reject) => {
      giveUp = () => reject(new Error('it did not end in time'));
    });
    late.catch(() => undefined);
    const limit = clock.setTimer(TEARDOWN_LIMITS_MS[end], () => {
      over = true;
      for (const user of this.#users) user.interrupt();
      // Requests and waits reject now. Abandon code that awaits something outside the engine.
      clock.soon(giveUp);
    });
    for (const scenario of this.#run.scenarios) {
      const { definition, name, index } = scenario;
      if (definition.teardown === undefined || index >= this.#shared.length) continue;
      this.#stopReason = undefined;
      try {
        if (over) throw new Error('there was no time left for it');
        await this.#with(scenario, 'teardown', (user) =>
          Promise.race([definition.teardown!(user, this.#shared[index]), late]),
        );
      } catch (error) {
        problems.push(`teardown of scenario ${name}: ${this.#stopReason ?? reasonOf(error)}`);
      }
    }
    clock.clearTimer(limit);
    return problems;
  }

  /** Interrupts the running `setup`; those not yet started do not start. */
  close(): void {
    this.#closed = true;
    this.#limit?.clear();
    for (const user of this.#users) user.leave();
  }

  async #withinLimit<T>(scenario: string, user: NativeUser, setup: Promise<T>): Promise<T> {
    const { clock, setupTimeoutMs } = this.#options;
    let expired: () => void = () => undefined;
    const late = new Promise<never>((_, reject) => {
      const problem = `setup of scenario "${scenario}" did not end within ${formatDuration(setupTimeoutMs)} (timeouts.setupMs).`;
      expired = () => reject(new EngineError('setup-timeout', problem));
    });
    this.#limit = new TimeLimit(
      clock,
      setupTimeoutMs,
      () => user.pacedMs,
      () => expired(),
    );
    try {
      return await Promise.race([setup, late]);
    } finally {
      this.#limit.clear();
    }
  }

  async #with<T>(
    scenario: CompiledScenario,
    phase: RequestPhase,
    run: (user: NativeUser) => Promise<T>,
  ): Promise<T> {
    const { coordination } = this.#options;
    const host = createHost(
      coordination === undefined
        ? this.#options
        : { ...this.#options, coordination: this.#coordinate(scenario, phase, coordination) },
      this.#transport,
      scenario,
      phase,
      undefined,
      (over) => new OwnConnection(over),
    );
    const user = createUser(host, SOLO_ID);
    this.#users.add(user);
    try {
      const value = await run(user);
      // They are cut off below.
      if (user.busy) throw notAwaited(scenario.name, phase);
      return value;
    } finally {
      user.leave();
      this.#users.delete(user);
    }
  }

  #coordinate(
    { index }: CompiledScenario,
    phase: RequestPhase,
    coordination: UserCoordination,
  ): UserCoordination {
    const rows = this.#rows[index]!;
    if (phase !== 'teardown') {
      return {
        ...coordination,
        nextRow: (feeder) => rows.take(feeder, coordination.nextRow),
      };
    }
    return {
      ...coordination,
      nextRow: rows.again(),
      stop: (reason) => {
        this.#stopReason = `stopped: ${reason}`;
      },
    };
  }
}
