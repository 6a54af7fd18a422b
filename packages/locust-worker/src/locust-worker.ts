import { reasonOf } from '@jarvis-load/engine/show';
import type { EventEmitter } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Output, RunResult, RunSession } from '@jarvis-load/engine';
import type { ClassCounts } from './protocol/master-message.ts';
import type { LogLevel } from './stats/log-lines.ts';
import { entryNames, reportedSecond, type EntryNames } from './stats/second.ts';
import type { FromThread, ThreadStart, ToThread } from './thread/messages.ts';
import { usersByScenario } from './users-by-scenario.ts';

/*
 * `LocustWorker`: the master's commands as calls of a `RunSession`. Must hold:
 * - The caller gives a session that has prepared `plan`, and closes it after `ended()`; it stops the run when it calls `leave()`.
 * - The master never chooses the target, and never gets more than the session allows.
 * - It is told the users that are on, by class: after a rejected change those before it.
 * - `#leaving` (by `quit` or `leave`) is for good: no run is prepared any more.
 * - Problems and warnings go through `redact` before they are printed or sent.
 */

/** Between two attempts to prepare a run, when its target does not answer. */
const RETRY_MS = 5000;

/** The thread of the socket, as its starter sees it. */
export type ProtocolThread = Pick<Worker, 'postMessage'> & Pick<EventEmitter, 'on'>;

function startThread(master: ThreadStart): ProtocolThread {
  return new Worker(new URL('./thread/main.js', import.meta.url), { workerData: master });
}

/** What a worker is made of. */
export interface LocustWorkerOptions<Plan> {
  readonly master: ThreadStart;
  readonly session: Pick<
    RunSession<Plan, unknown>,
    'status' | 'onStatus' | 'prepare' | 'start' | 'setUsers' | 'stop'
  >;
  /** A run steered by users, of which there are none to begin with; already prepared. */
  readonly plan: Plan;
  /** Class name by scenario: {@link classNames}. */
  readonly classes: ReadonlyMap<string, string>;
  /** Divides users over the scenarios. */
  readonly share: (users: number) => Readonly<Record<string, number>>;
  /** The load goes here. A different host sent by the master is reported and ignored. */
  readonly loads: string;
  /** Further outputs of one run: called for each run, gives new ones. */
  readonly outputs: () => readonly Output[];
  /** Takes the document of each run, before what its suite does after it; what it throws is told to the master as a failed run. */
  readonly onResult: (result: RunResult) => void;
  readonly say: (level: LogLevel, text: string) => void;
  /**
   * Removes secrets from every text that this class prints or sends: problems, warnings, failures, exceptions and notices.
   */
  readonly redact: (text: string) => string;
}

/**
 * Lets a Locust master steer the runs of a session, one after another, until the master or the caller ends it. The
 * protocol thread exchanges messages with the master (`WorkerProtocol`); this class turns them into calls of the session.
 *
 * | state    | `#wanted` | `#running` | `#isOn` | event                                | next                                     |
 * | -------- | --------- | ---------- | ------- | ------------------------------------ | ---------------------------------------- |
 * | ready    | none      | no         | no      | `spawn`                              | starting                                 |
 * | ready    |           |            |         | `stop`, `lost`                       | ready                                    |
 * | starting | set       | yes        | no      | `spawn`                              | starting, with these users               |
 * | starting |           |            |         | phase `run` of the session           | on: users are set                        |
 * | on       | set       | yes        | yes     | `spawn`                              | on: users are set                        |
 * | either   |           |            |         | `stop`, `lost`, `quit`               | ending: the session stops                |
 * | either   |           |            |         | the run ends by itself               | over: the master sees 0 users            |
 * | ending   | none      | yes        | as it was | the document is complete           | ready: the next run is prepared          |
 * | over     | set       | no         | no      | `stop`, `lost`                       | ready: the next run is prepared          |
 *
 * @typeParam Plan what a run of the session is
 */
export class LocustWorker<Plan> {
  readonly #options: LocustWorkerOptions<Plan>;
  readonly #thread: ProtocolThread;
  readonly #closed: Promise<void>;
  /** Users requested by the master, by class; undefined: none since its last `stop`. */
  #wanted: ClassCounts | undefined;
  /** Users applied last, by class. */
  #applied: ClassCounts = {};
  /** From `session.start` until the document of the run is complete. */
  #running = false;
  /** From phase `run` on: users may be set. */
  #isOn = false;
  #leaving = false;
  #hostTold: string | undefined;

  /** @param thread of the socket; @default started */
  constructor(options: LocustWorkerOptions<Plan>, thread: ProtocolThread = startThread(options.master)) {
    this.#options = options;
    this.#thread = thread;
    this.#closed = new Promise((resolve, reject) => {
      this.#thread.on('error', reject);
      this.#thread.on('exit', () => resolve());
    });
    this.#thread.on('message', (message: FromThread) => this.#receive(message));
    options.session.onStatus(({ state, phase }) => {
      if (state !== 'running' || phase !== 'run' || this.#isOn) return;
      this.#isOn = true;
      this.#apply();
    });
    this.#tell({ kind: 'join' });
  }

  /** Settles when the worker has left its master and every document is made. Rejects when its thread ends with an error. */
  async ended(): Promise<void> {
    await this.#closed;
    await this.#finished;
  }

  /** Leaves the master. The caller stops the session. */
  leave(): void {
    this.#leaving = true;
    this.#tell({ kind: 'leave' });
    if (!this.#running) this.#tell({ kind: 'ended', problem: undefined });
  }

  #finished: Promise<void> = Promise.resolve();

  #receive(message: FromThread): void {
    switch (message.kind) {
      case 'spawn':
        this.#wanted = message.counts;
        this.#tellHost(message.host);
        this.#spawn();
        return;
      case 'quit':
        this.#leaving = true;
        this.#stop(message.reason, message.withinMs);
        return;
      case 'stop':
        this.#stop(message.reason, message.withinMs);
        return;
      case 'lost':
        this.#stop(message.reason);
        return;
      case 'say':
        this.#options.say(message.level, this.#options.redact(message.text));
        return;
      case 'closed':
    }
  }

  #spawn(): void {
    const { state } = this.#options.session.status;
    if (state === 'ready' && !this.#running) {
      this.#running = true;
      this.#finished = this.#run();
    } else if (this.#isOn) this.#apply();
    // The run ended without a command of the master: report 0 users until its next `stop`.
    else if (!this.#running) this.#tell({ kind: 'users', counts: {} });
  }

  /** One run, from the first users to its document. */
  async #run(): Promise<void> {
    const { session, outputs, onResult } = this.#options;
    let problem: string | undefined;
    try {
      // First: a headless master takes the last report for half a second.
      const { result } = await session.start([this.#reports, ...outputs()], onResult);
      const document = await result;
      const { kind, reason } = document.run.end;
      if (this.#wanted !== undefined && !this.#leaving)
        problem = `the run of this worker ended by itself (${kind}${reason === undefined ? '' : `: ${reason}`}); it runs no users until the master stops and starts the test again`;
    } catch (error) {
      problem = `the run of this worker failed: ${reasonOf(error)}`;
    }
    if (problem !== undefined) {
      problem = this.#options.redact(problem);
      this.#options.say('error', problem);
    }
    const stopped = this.#wanted === undefined;
    this.#running = false;
    this.#isOn = false;
    this.#applied = {};
    this.#tell({ kind: 'ended', problem });
    // If the run ended by itself, `#stop` joins again.
    if (stopped) await this.#joinAgain();
  }

  #stop(reason: string, withinMs?: number): void {
    this.#wanted = undefined;
    const { session } = this.#options;
    if (this.#running) {
      if (session.status.allowed.includes('stop')) session.stop(reason, withinMs);
      return;
    }
    this.#tell({ kind: 'ended', problem: undefined });
    this.#finished = this.#joinAgain();
  }

  /** Prepares the next run: the master is told that this worker is ready once it is. */
  async #joinAgain(): Promise<void> {
    const { session, plan } = this.#options;
    while (!this.#leaving) {
      try {
        if (session.status.state !== 'ready') await session.prepare(plan);
        this.#tell({ kind: 'join' });
        return;
      } catch (error) {
        if (this.#leaving) return;
        this.#note(`the next run cannot be prepared: ${reasonOf(error)}; trying again`);
        await new Promise((resolve) => void setTimeout(resolve, RETRY_MS).unref());
      }
    }
  }

  /** Sets the users requested by the master, and reports those that are on. */
  #apply(): void {
    if (this.#wanted === undefined) return;
    const { session, classes, share } = this.#options;
    try {
      session.setUsers(usersByScenario(this.#wanted, classes, share));
      this.#applied = this.#wanted;
    } catch (error) {
      this.#note(
        `the number of users requested by the master was rejected, the former one stays: ${reasonOf(error)}`,
      );
    }
    this.#tell({ kind: 'users', counts: this.#applied });
  }

  /** The target is the choice of who started the worker: a master has no authentication. */
  #tellHost(host: string | undefined): void {
    if (host === undefined || host === this.#hostTold) return;
    this.#hostTold = host;
    const { loads } = this.#options;
    if (host.replace(/\/+$/, '') === loads) return;
    this.#note(`the master's host ${JSON.stringify(host)} is ignored: this worker loads ${loads} (--target)`);
  }

  /** A warning here and in the master's page. */
  #note(said: string): void {
    const text = this.#options.redact(said);
    this.#options.say('warning', text);
    this.#tell({ kind: 'log', level: 'warning', text });
  }

  #tell(message: ToThread): void {
    this.#thread.postMessage(message);
  }

  #nameOf: EntryNames = () => ({ name: '', method: '' });

  /** What the master gets of a run. */
  readonly #reports: Output = {
    name: 'locust master',
    start: (run) => {
      this.#nameOf = entryNames(run);
    },
    interval: (snapshot) =>
      this.#tell({ kind: 'second', second: reportedSecond(snapshot, this.#nameOf, this.#options.redact) }),
    event: (event) => {
      if (event.type !== 'notice') return;
      const level = event.level === 'warning' ? 'warning' : 'info';
      this.#tell({ kind: 'log', level, text: this.#options.redact(event.text) });
    },
  };
}
