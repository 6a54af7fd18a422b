import type { Clock } from '@jarvis-load/engine';
import type { ClassCounts, MasterMessage, SpawnMessage } from '../protocol/master-message.ts';
import { readMessage } from '../protocol/read-message.ts';
import type { Packable } from '../protocol/write-message.ts';
import { ExceptionQueue } from '../stats/exception-queue.ts';
import { LogLines, type LogLevel } from '../stats/log-lines.ts';
import { StatsReport } from '../stats/stats-report.ts';
import type { FromThread, ToThread } from './messages.ts';

/*
 * The worker's side of Locust's protocol, without socket and load: `WorkerProtocol`. States are in the table below. Must hold:
 * - Before the master's `ack` only `client_ready` is sent; all else needs `#isRegistered`, or the state leaving.
 * - `client_stopped` and `quit` come after the last statistics: the master ignores what follows them.
 * - After a lost master the next connection has a new node id: a master ignores one that it still holds.
 * - A reset on the master's page sends nothing: what it forgot is not sent again, and what follows counts from there.
 * - A `spawn` in the state stopping or again is for the next run. The master has then forgotten the statistics of the run that
 *   is ending: what is left of them is discarded, or the master would count it in the next run.
 */

/** Locust's intervals. */
const HEARTBEAT_MS = 1000;
const REPORT_MS = 3000;
const LOG_MS = 10_000;
const READY_MS = 5000;
/** Without an answer to a heartbeat for so long, the master is gone: Locust's `HEARTBEAT_DEAD_INTERNAL`. */
const SILENCE_MS = 60_000;
/** Requests may finish for this long after `stop`: the master waits a minute longer than its `--stop-timeout`. */
const SHORTEST_STOP_MS = 2000;
/** After `quit`: a headless master takes reports for another 500 ms. */
const QUIT_MS = 250;
/** Warnings about messages that cannot be read or have no meaning here. */
const MOST_WARNINGS = 10;

/** Where a worker is with its master. */
type State =
  'idle' | 'joining' | 'ready' | 'spawning' | 'running' | 'stopping' | 'again' | 'lost' | 'leaving' | 'left';

/** The connection to the master. */
export interface Link {
  send(type: string, data: Packable): void;
  /**
   * Closes the connection, and opens one with this node id. Messages that are still queued are sent over the new one if the
   * node id is the same, and discarded otherwise.
   */
  open(nodeId: string): void;
  /** Resolves once the queued messages are sent, or a limit has passed. */
  close(): Promise<void>;
}

/** Use of this process. */
export interface Usage {
  /** Over the last seconds, in percent of a processor, per thread of load. */
  readonly cpuPercent: number;
  readonly memoryBytes: number;
}

export interface ProtocolParts {
  readonly clock: Pick<Clock, 'now' | 'wallNow' | 'setTimer'>;
  readonly link: Link;
  readonly tell: (message: FromThread) => void;
  readonly usage: () => Usage;
  /** A new name for each connection: a name that the master still holds is ignored silently. */
  readonly newNodeId: () => string;
  readonly hostName: string;
}

/**
 * The worker's side of the protocol, by its state:
 * | state    | means                                     | leads to, by                                                          |
 * | -------- | ----------------------------------------- | --------------------------------------------------------------------- |
 * | idle     | no run is prepared; unknown to the master | joining: `join`                                                       |
 * | joining  | says `client_ready` until `ack`           | ready: `ack`                                                          |
 * | ready    | waits for a `spawn`                       | spawning: `spawn`; stopping: `stop`                                   |
 * | spawning | a `spawn` is carried out                  | running: `users` of the run; spawning: `spawn`; stopping: `stop`      |
 * | running  |                                           | spawning: `spawn`; stopping: `stop`                                   |
 * | stopping | the run ends                              | idle: the last second of the run, then `client_stopped`; again: the last second, if a `spawn` came meanwhile |
 * | again    | the next run is prepared for that `spawn` | spawning: `join`; idle: `stop`, then `client_stopped`                 |
 * | lost     | no master; the run ends                   | idle: its end                                                         |
 * | leaving  | the run ends, for good                    | left: its last second, then `quit`                                    |
 * | left     | closed                                    |                                                                       |
 *
 * From ready, spawning, running and stopping a lost connection leads to lost, from again to idle; `quit` and `leave` lead to leaving from all.
 */
export class WorkerProtocol {
  readonly #parts: ProtocolParts;
  readonly #stats = new StatsReport();
  readonly #exceptions = new ExceptionQueue();
  readonly #log: LogLines;
  #state: State = 'idle';
  #nodeId: string;
  #connected = false;
  /** Users that are on, by class. */
  #users: ClassCounts = {};
  #lastSpawn = 0;
  #resetStats = false;
  /** Clock time of the last answer to a heartbeat; undefined: none yet, as of masters before 2.13. */
  #heard: number | undefined;
  #nextReadyMs = 0;
  #warnings = 0;

  constructor(parts: ProtocolParts) {
    this.#parts = parts;
    this.#log = new LogLines(parts.hostName);
    this.#nodeId = parts.newNodeId();
    parts.link.open(this.#nodeId);
    this.#every(HEARTBEAT_MS, () => this.#beat());
    this.#every(REPORT_MS, () => this.#report(false));
    this.#every(LOG_MS, () => this.#sendLog());
  }

  /** The connection is up. */
  connected(): void {
    this.#connected = true;
    if (this.#state === 'joining') this.#sayReady();
  }

  disconnected(): void {
    this.#connected = false;
    if (this.#isRegistered) this.#lose('its connection has ended');
  }

  /** Takes a frame of the master. */
  receive(frame: Uint8Array): void {
    const message = readMessage(frame);
    switch (message.type) {
      case 'ack':
        if (this.#state !== 'joining') return;
        this.#state = 'ready';
        this.#heard = undefined;
        this.#say('info', `ready as worker ${message.index ?? ''} ${this.#nodeId}`.replace('  ', ' '));
        this.#beat();
        return;
      case 'heartbeat':
        this.#heard = this.#parts.clock.now();
        return;
      case 'spawn':
        this.#spawn(message);
        return;
      case 'spawning_complete':
        if (this.#resetStats) this.#stats.reset();
        return;
      case 'stop':
        this.#stop();
        return;
      case 'quit':
        this.#leave('the Locust master said quit');
        return;
      case 'reconnect':
        this.#warn('the master could not read a message; connecting again');
        this.#open(this.#nodeId);
        return;
      default:
        this.#unknown(message);
    }
  }

  /** Takes a message of `LocustWorker`. */
  handle(message: ToThread): void {
    switch (message.kind) {
      case 'join':
        this.#join();
        return;
      case 'users':
        this.#users = message.counts;
        if (this.#state !== 'spawning') return;
        this.#state = 'running';
        this.#send('spawning_complete', {
          user_classes_count: { ...this.#users },
          user_count: sumOf(this.#users),
        });
        return;
      case 'second':
        if (!this.#isForgotten) {
          this.#stats.add(message.second);
          this.#exceptions.add(message.second.exceptions);
        }
        // The master does not wait for what follows the load, such as teardown.
        if (message.second.last) this.#afterRun();
        // A headless master takes reports for half a second after its quit: send each part as it comes.
        else if (this.#state === 'leaving') this.#report(false);
        return;
      case 'ended':
        if (message.problem !== undefined) this.#failed(message.problem);
        this.#afterRun();
        return;
      case 'log':
        this.#log.add(message.level, message.text, this.#parts.clock.wallNow());
        return;
      case 'leave':
        this.#leave(undefined);
    }
  }

  /** Whether the master knows this worker. */
  get #isRegistered(): boolean {
    return ['ready', 'spawning', 'running', 'stopping', 'again'].includes(this.#state);
  }

  #join(): void {
    const next = this.#next;
    if (this.#state === 'again' && next !== undefined) {
      this.#next = undefined;
      this.#state = 'ready';
      this.#carryOut(next);
      return;
    }
    if (this.#state !== 'idle') return;
    this.#state = 'joining';
    this.#users = {};
    this.#sayReady();
  }

  #spawn(spawn: SpawnMessage): void {
    const state = this.#state;
    if (!this.#isRegistered || spawn.timestamp <= this.#lastSpawn) return;
    this.#lastSpawn = spawn.timestamp;
    if (state !== 'stopping' && state !== 'again') {
      this.#carryOut(spawn);
      return;
    }
    this.#next = spawn;
    this.#isForgotten = state === 'stopping';
    this.#forget();
  }

  #carryOut(spawn: SpawnMessage): void {
    this.#resetStats = spawn.resetStats;
    this.#stopMs = spawn.stopTimeoutMs;
    // Statistics from before the run would give it an earlier start time.
    if (this.#state === 'ready') this.#forget();
    this.#state = 'spawning';
    this.#send('spawning', null);
    this.#parts.tell({ kind: 'spawn', counts: spawn.counts, host: spawn.host });
  }

  #stopMs = 0;
  /** Of a test that the master has started while the run of the one before was ending. */
  #next: SpawnMessage | undefined;
  /** The master has forgotten the run that is ending. */
  #isForgotten = false;

  /** Discards the statistics that have not been reported. */
  #forget(): void {
    this.#stats.reset();
    this.#exceptions.reset();
  }

  #open(nodeId: string): void {
    this.#nodeId = nodeId;
    this.#connected = false;
    this.#parts.link.open(nodeId);
  }

  #stop(): void {
    this.#next = undefined;
    if (this.#state === 'again') this.#stopped();
    if (!this.#isRegistered || this.#state === 'stopping') return;
    this.#state = 'stopping';
    this.#parts.tell({
      kind: 'stop',
      reason: 'the Locust master said stop',
      withinMs: Math.max(this.#stopMs, SHORTEST_STOP_MS),
    });
  }

  /** @param reason undefined: the caller wants it, and stops the run */
  #leave(reason: string | undefined): void {
    if (this.#state === 'leaving' || this.#state === 'left') return;
    const known = this.#isRegistered;
    this.#next = undefined;
    this.#state = 'leaving';
    if (known) this.#report(false);
    if (reason !== undefined) this.#parts.tell({ kind: 'quit', reason, withinMs: QUIT_MS });
  }

  #lose(reason: string): void {
    const hasRun = this.#state !== 'again';
    this.#state = hasRun ? 'lost' : 'idle';
    this.#next = undefined;
    this.#users = {};
    this.#lastSpawn = 0;
    this.#open(this.#parts.newNodeId());
    this.#say(
      'warning',
      `the master is gone: ${reason}; the run ends, and this worker waits for a master again`,
    );
    if (hasRun) this.#parts.tell({ kind: 'lost', reason: `the Locust master is gone: ${reason}` });
  }

  /** The run has ended, or at least the part of it that is measured. */
  #afterRun(): void {
    this.#isForgotten = false;
    if (this.#state === 'lost') {
      this.#forget();
      this.#state = 'idle';
    } else if (this.#state === 'stopping') {
      this.#sendRest();
      if (this.#next === undefined) this.#stopped();
      else this.#state = 'again';
    } else if (this.#state === 'leaving') {
      this.#sendRest();
      this.#send('quit', null);
      this.#state = 'left';
      void this.#parts.link.close().finally(() => this.#parts.tell({ kind: 'closed' }));
    }
  }

  #stopped(): void {
    this.#send('client_stopped', null);
    this.#state = 'idle';
  }

  #sendRest(): void {
    this.#users = {};
    this.#report(true);
    this.#sendLog();
  }

  /** The run ended without the master: its page shows why. */
  #failed(problem: string): void {
    this.#users = {};
    this.#log.add('error', problem, this.#parts.clock.wallNow());
    if (!this.#isRegistered) return;
    this.#send('exception', { msg: problem, traceback: problem });
    this.#sendLog();
  }

  #sayReady(): void {
    this.#nextReadyMs = this.#parts.clock.now() + READY_MS;
    // Unsent ones would all be sent when the master is there.
    if (this.#connected) this.#send('client_ready', -1);
  }

  #beat(): void {
    if (this.#state === 'joining' && this.#parts.clock.now() >= this.#nextReadyMs) this.#sayReady();
    if (!this.#isRegistered) return;
    if (this.#heard !== undefined && this.#parts.clock.now() - this.#heard > SILENCE_MS) {
      this.#lose(`it has not answered for ${SILENCE_MS / 1000} s`);
      return;
    }
    const { cpuPercent, memoryBytes } = this.#parts.usage();
    this.#send('heartbeat', {
      // The master hides workers in states that it does not know.
      state: this.#state === 'stopping' ? 'running' : this.#state === 'again' ? 'spawning' : this.#state,
      current_cpu_usage: cpuPercent,
      current_memory_usage: memoryBytes,
    });
  }

  #report(atTheEnd: boolean): void {
    if (!this.#isRegistered && this.#state !== 'leaving') return;
    for (const exception of this.#exceptions.take(atTheEnd)) this.#send('exception', exception);
    if (atTheEnd && this.#exceptions.left > 0)
      this.#warn(`${this.#exceptions.left} exceptions are not shown by the master; the result has all`);
    this.#send('stats', this.#stats.take(this.#users, this.#parts.clock.wallNow()));
  }

  #sendLog(): void {
    if (!this.#isRegistered && this.#state !== 'leaving') return;
    const logs = this.#log.take();
    if (logs !== undefined) this.#send('logs', { worker_id: this.#nodeId, logs });
  }

  #unknown(message: Extract<MasterMessage, { readonly type: 'other' | 'unreadable' }>): void {
    if (++this.#warnings > MOST_WARNINGS) return;
    const what =
      message.type === 'other'
        ? `a message of type ${JSON.stringify(message.name)}, which this worker does not know`
        : `something that is not a message of a Locust master: ${message.problem}`;
    const more = this.#warnings === MOST_WARNINGS ? '; further ones are not reported' : '';
    this.#warn(`the master sent ${what}${more}`);
  }

  #warn(text: string): void {
    this.#say('warning', text);
  }

  #say(level: LogLevel, text: string): void {
    this.#log.add(level, text, this.#parts.clock.wallNow());
    this.#parts.tell({ kind: 'say', level, text });
  }

  #send(type: string, data: Packable): void {
    this.#parts.link.send(type, data);
  }

  #every(ms: number, act: () => void): void {
    const { clock } = this.#parts;
    const again = (): void => {
      if (this.#state === 'left') return;
      act();
      clock.setTimer(ms, again);
    };
    clock.setTimer(ms, again);
  }
}

function sumOf(counts: ClassCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
