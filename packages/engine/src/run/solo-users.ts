import type { CompiledRun, CompiledScenario } from './compile.ts';
import { OwnConnection } from '../transport/connections.ts';
import type { Transport } from '../transport/flight.ts';
import { NativeUser } from '../user/native-user.ts';
import type { RequestPhase } from '../user/user-host.ts';
import { createHost, type HostOptions } from './host.ts';

/** Setup and teardown must not hold up a report for long. */
const TEARDOWN_LIMIT_MS = 10_000;
/** Ids of users outside the load; those of the load start at 1. */
const SOLO_ID = 0;

/** The users outside the load: one per scenario, for `setup` and `teardown`. */
export class SoloUsers {
  readonly #run: CompiledRun;
  readonly #options: HostOptions;
  readonly #transport: Transport;
  readonly #users = new Set<NativeUser>();
  #shared: unknown[] = [];

  constructor(run: CompiledRun, options: HostOptions, transport: Transport) {
    this.#run = run;
    this.#options = options;
    this.#transport = transport;
  }

  /** Runs every `setup`, one after another; rejects with what the first one throws. */
  async setup(): Promise<readonly unknown[]> {
    const shared: unknown[] = [];
    for (const scenario of this.#run.scenarios) {
      const { definition } = scenario;
      shared.push(
        definition.setup === undefined
          ? undefined
          : await this.#with(scenario, 'setup', (user) => definition.setup!(user)),
      );
    }
    this.#shared = shared;
    return shared;
  }

  /** Runs every `teardown`; returns what went wrong, in words. */
  async teardown(): Promise<string[]> {
    const problems: string[] = [];
    for (const scenario of this.#run.scenarios) {
      const { definition, name, index } = scenario;
      if (definition.teardown === undefined) continue;
      try {
        await this.#with(scenario, 'teardown', (user) => definition.teardown!(user, this.#shared[index]));
      } catch (error) {
        problems.push(
          `teardown of scenario ${name}: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
    return problems;
  }

  close(): void {
    for (const user of this.#users) {
      user.interrupt();
      user.leave();
    }
  }

  async #with<T>(
    scenario: CompiledScenario,
    phase: RequestPhase,
    run: (user: NativeUser) => Promise<T>,
  ): Promise<T> {
    const host = createHost(
      this.#options,
      scenario,
      phase,
      undefined,
      () => new OwnConnection(this.#transport),
    );
    const user = new NativeUser(host, SOLO_ID);
    this.#users.add(user);
    const { clock } = this.#options;
    const limit =
      phase === 'teardown' ? clock.setTimer(TEARDOWN_LIMIT_MS, () => user.interrupt()) : undefined;
    try {
      return await run(user);
    } finally {
      if (limit !== undefined) clock.clearTimer(limit);
      user.leave();
      this.#users.delete(user);
    }
  }
}
