/**
 * A mock in a process of its own, and the questions to it over an IPC channel (`messages.ts`, answered by `child.ts`).
 *
 * Must hold:
 * - Each question is answered once, or rejected when the process ends or cannot start: no promise stays open.
 * - After the start, the channel keeps the parent alive only while a question is open.
 * - The process ends when the channel closes (`child.ts`), also if the parent was killed.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { MockConfigSources } from '../config/resolve.ts';
import type { MockConfig } from '../config/schema.ts';
import type { CountersSnapshot } from '../counters/counters.ts';
import { MockError } from '../mock-error.ts';
import type { ChildOptions, FromChild, Question, Replies, ToChild } from './messages.ts';

/** Options of {@link spawnMock}. */
export interface SpawnOptions extends ChildOptions {
  /** Path of the compiled `child.js`, if it is not beside this module (in a bundle). */
  readonly childPath?: string;
  /**
   * Called when the mock's process receives a signal. The mock continues to serve; the caller decides whether to close
   * it.
   * @default signals are ignored
   */
  readonly onSignal?: (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') => void;
}

/** A mock running in another process. Its questions reject with `child_failed` when that has ended. */
export interface SpawnedMock {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Configuration at the start. */
  readonly config: MockConfig;
  /** Settles when the process has ended, for any reason. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  counters(): Promise<CountersSnapshot>;
  /** @throws {MockError} `invalid_setting` or `unknown_preset` */
  configure(sources: MockConfigSources): Promise<MockConfig>;
  freeze(durationMs: number): Promise<void>;
  reset(): Promise<void>;
  /** Ends the process; settles when it has exited. */
  close(): Promise<void>;
}

const KILL_AFTER_MS = 2000;
const KEPT_STDERR = 4000;

/** When this module runs from `src` (tests), the compiled file is in `dist`; from `dist`, it is beside this module. */
function findChild(path: string | undefined): string {
  const found = path ?? fileURLToPath(new URL('../../dist/child.js', import.meta.url));
  if (existsSync(found)) return found;
  throw new MockError(
    'child_not_built',
    `The mock's program ${found} does not exist: run "npm run build" first.`,
  );
}

/** The process of a mock and its IPC channel. */
class ChildChannel {
  readonly child: ChildProcess;
  readonly exited: SpawnedMock['exited'];
  readonly #open = new Map<number, { resolve: (value: never) => void; reject: (error: MockError) => void }>();
  readonly #onSignal: SpawnOptions['onSignal'];
  #nextId = 1;
  #stderr = '';

  constructor(path: string, onSignal: SpawnOptions['onSignal']) {
    this.#onSignal = onSignal;
    this.child = fork(path, [], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'json',
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-KEPT_STDERR);
    });
    this.exited = new Promise((resolve) => {
      this.child.once('exit', (code, signal) => {
        this.#fail(
          `The mock's process has ended (${signal ?? `exit ${code}`}). ${this.#stderr.trim()}`.trim(),
        );
        resolve({ code, signal });
      });
    });
    this.child.once('error', (error) =>
      this.#fail(`The mock's process could not be started: ${error.message}`),
    );
    this.child.on('message', (message) => this.#receive(message as FromChild));
  }

  ask<K extends Question['kind']>(question: Question & { readonly kind: K }): Promise<Replies[K]> {
    if (!this.child.connected) {
      return Promise.reject(new MockError('child_failed', "The mock's process has ended."));
    }
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise<Replies[K]>((resolve, reject) => {
      this.#open.set(id, { resolve, reject });
      this.child.channel?.ref();
      const message: ToChild = { id, question };
      // If the child has exited, the `exit` event reports it.
      this.child.send(message, () => undefined);
    });
  }

  /** Lets the parent exit while the mock is running. */
  release(): void {
    this.child.unref();
    this.child.channel?.unref();
    (this.child.stderr as { unref?: () => void } | null)?.unref?.();
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.ref();
    if (this.child.connected) this.child.disconnect();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), KILL_AFTER_MS);
    await this.exited;
    clearTimeout(timer);
  }

  #receive(message: FromChild): void {
    if (message.kind === 'signal') return this.#onSignal?.(message.signal);
    const open = this.#open.get(message.id);
    this.#open.delete(message.id);
    if (this.#open.size === 0) this.child.channel?.unref();
    if (message.kind === 'reply') open?.resolve(message.value as never);
    else open?.reject(new MockError(message.code, message.message));
  }

  #fail(message: string): void {
    for (const { reject } of this.#open.values()) reject(new MockError('child_failed', message));
    this.#open.clear();
  }
}

/**
 * Starts a mock in its own process, so that it does not run on the caller's event loop. It ends with `close()`, or by
 * itself as soon as the calling process ends, even by SIGKILL.
 * @throws {MockError} `port_in_use`, `listen_failed`, `invalid_setting`, `unknown_preset`, `child_not_built` or
 *   `child_failed`
 * @example
 * const mock = await spawnMock({ preset: 'typical' });
 * // ... load on mock.url ...
 * await mock.close();
 */
export async function spawnMock(options: SpawnOptions = {}): Promise<SpawnedMock> {
  const { childPath, onSignal, ...start } = options;
  const channel = new ChildChannel(findChild(childPath), onSignal);
  try {
    const { url, port, config } = await channel.ask({ kind: 'start', options: start });
    channel.release();
    return {
      url,
      port,
      config,
      pid: channel.child.pid!,
      exited: channel.exited,
      counters: () => channel.ask({ kind: 'counters' }),
      configure: (sources) => channel.ask({ kind: 'configure', sources }),
      freeze: async (durationMs) => void (await channel.ask({ kind: 'freeze', durationMs })),
      reset: async () => void (await channel.ask({ kind: 'reset' })),
      close: () => channel.close(),
    };
  } catch (error) {
    await channel.close();
    throw error;
  }
}
