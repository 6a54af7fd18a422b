import { EventEmitter } from 'node:events';
import type { RunResult, SessionState, SessionStatus } from '@jarvis-load/engine';
import { describe, expect, it } from 'vitest';
import { LocustWorker } from '../src/locust-worker.ts';
import type { FromThread, ToThread } from '../src/thread/messages.ts';

/** A session whose runs end when the test says so. */
class FakeSession {
  readonly calls: [name: string, ...given: unknown[]][] = [];
  #state: SessionState = 'ready';
  #phase: SessionStatus['phase'] = null;
  readonly #listeners: ((status: SessionStatus) => void)[] = [];
  #write: ((result: RunResult) => void) | undefined;
  #end: ((result: RunResult) => void) | undefined;
  refuses: string | undefined;

  get status(): SessionStatus {
    const allowed = this.#state === 'running' ? (['setUsers', 'stop'] as const) : [];
    return { state: this.#state, allowed, runId: null, phase: this.#phase, error: null };
  }

  onStatus(listener: (status: SessionStatus) => void): () => void {
    this.#listeners.push(listener);
    return () => undefined;
  }

  prepare(plan: unknown): Promise<unknown> {
    this.calls.push(['prepare', plan]);
    this.reach('ready', null);
    return Promise.resolve({});
  }

  start(_outputs?: unknown, write?: (result: RunResult) => void) {
    this.calls.push(['start']);
    this.#write = write;
    this.reach('running', 'setup');
    const result = new Promise<RunResult>((resolve) => (this.#end = resolve));
    return Promise.resolve({ id: 'run', result });
  }

  setUsers(users: unknown): void {
    if (this.refuses !== undefined) throw new Error(this.refuses);
    this.calls.push(['setUsers', users]);
  }

  stop(reason: string, withinMs?: number): void {
    this.calls.push(['stop', reason, withinMs]);
    this.end('stopped', reason);
  }

  reach(state: SessionState, phase: SessionStatus['phase']): void {
    this.#state = state;
    this.#phase = phase;
    for (const listener of this.#listeners) listener(this.status);
  }

  end(kind: string, reason: string): void {
    const result = { run: { id: 'run', end: { kind, reason } } } as unknown as RunResult;
    this.#write?.(result);
    this.reach('ended', 'done');
    this.#end?.(result);
  }
}

class FakeThread extends EventEmitter {
  readonly told: ToThread[] = [];

  postMessage(message: ToThread): void {
    this.told.push(message);
  }

  says(message: FromThread): void {
    this.emit('message', message);
  }

  /** What the thread was told since the last call. */
  take(): ToThread[] {
    return this.told.splice(0);
  }
}

const settled = () => new Promise<void>((resolve) => void setImmediate(resolve));

function driven() {
  const session = new FakeSession();
  const thread = new FakeThread();
  const said: string[] = [];
  const documents: RunResult[] = [];
  const worker = new LocustWorker(
    {
      master: { host: '127.0.0.1', port: 1, threads: 1 },
      session,
      plan: 'the plan',
      classes: new Map([
        ['chat-user', 'ChatUser'],
        ['memory', 'Memory'],
      ]),
      share: (users) => ({ 'chat-user': users, memory: 0 }),
      loads: 'http://127.0.0.1:8100',
      outputs: () => [],
      onResult: (result) => void documents.push(result),
      say: (_, text) => void said.push(text),
      redact: (text) => text.replaceAll('hunter2', '***'),
    },
    thread,
  );
  const spawn = (counts: Record<string, number>, host?: string) =>
    thread.says({ kind: 'spawn', counts, host });
  return { session, thread, said, documents, worker, spawn };
}

describe('the wishes of a master', () => {
  it('become one run after another: users once its clock has started, the last wish first', async () => {
    const { session, thread, spawn, documents } = driven();
    expect(thread.take()).toEqual([{ kind: 'join' }]);
    spawn({ ChatUser: 1 });
    spawn({ ChatUser: 2, Memory: 1 });
    await settled();
    expect(session.calls).toEqual([['start']]);
    expect(thread.take()).toEqual([]);
    session.reach('running', 'run');
    expect(session.calls.at(-1)).toEqual(['setUsers', { 'chat-user': 2, memory: 1 }]);
    expect(thread.take()).toEqual([{ kind: 'users', counts: { ChatUser: 2, Memory: 1 } }]);
    spawn({ ChatUser: 5, Memory: 1 });
    expect(thread.take()).toEqual([{ kind: 'users', counts: { ChatUser: 5, Memory: 1 } }]);

    thread.says({ kind: 'stop', reason: 'the Locust master said stop', withinMs: 2000 });
    await settled();
    expect(session.calls.slice(-2)).toEqual([
      ['stop', 'the Locust master said stop', 2000],
      ['prepare', 'the plan'],
    ]);
    expect(documents).toHaveLength(1);
    expect(thread.take()).toEqual([{ kind: 'ended', problem: undefined }, { kind: 'join' }]);
    spawn({ ChatUser: 1 });
    expect(session.calls.at(-1)).toEqual(['start']);
  });

  it('beyond what the target allows change nothing: it says which users are on, and why', async () => {
    const { session, thread, spawn, said } = driven();
    spawn({ ChatUser: 2 });
    session.reach('running', 'run');
    thread.take();
    session.refuses = 'at most 2 users, hunter2';
    spawn({ ChatUser: 9 }, 'http://elsewhere.test');
    const problem = expect.stringMatching(
      /was rejected, the former one stays.*at most 2 users, \*\*\*/,
    ) as string;
    const host = expect.stringContaining('"http://elsewhere.test" is ignored') as string;
    expect(said).toEqual([host, problem]);
    expect(thread.take()).toEqual([
      { kind: 'log', level: 'warning', text: host },
      { kind: 'log', level: 'warning', text: problem },
      { kind: 'users', counts: { ChatUser: 2 } },
    ]);
  });

  it('find no users after a run that ended by itself, until stop', async () => {
    const { session, thread, spawn } = driven();
    spawn({ ChatUser: 2 });
    session.reach('running', 'run');
    await settled();
    thread.take();
    session.end('circuit-breaker', 'the target is down');
    await settled();
    expect(thread.take()).toEqual([
      { kind: 'ended', problem: expect.stringContaining('circuit-breaker: the target is down') as string },
    ]);
    spawn({ ChatUser: 3 });
    expect(thread.take()).toEqual([{ kind: 'users', counts: {} }]);
    expect(session.calls.filter(([name]) => name === 'start')).toHaveLength(1);
    thread.says({ kind: 'stop', reason: 'stop', withinMs: 0 });
    await settled();
    expect(thread.take()).toEqual([{ kind: 'ended', problem: undefined }, { kind: 'join' }]);
  });

  it('to quit end the run, and nothing is prepared after it', async () => {
    const { session, thread, spawn, worker } = driven();
    spawn({ ChatUser: 2 });
    session.reach('running', 'run');
    thread.take();
    thread.says({ kind: 'quit', reason: 'the Locust master said quit', withinMs: 250 });
    await settled();
    expect(session.calls.at(-1)).toEqual(['stop', 'the Locust master said quit', 250]);
    expect(thread.take()).toEqual([{ kind: 'ended', problem: undefined }]);
    thread.emit('exit', 0);
    await worker.ended();
  });
});
