import { EventEmitter } from 'node:events';
import type { RunInfo, RunSnapshot } from '@jarvis-load/engine';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { FromWorker, ToWorker } from '../src/worker/messages.ts';

/** A thread that answers as the test says. */
class Thread extends EventEmitter {
  /** Whether it keeps the process alive. */
  holds = true;
  terminated = false;
  answers = true;
  constructor() {
    super();
    threads.push(this);
    this.answers = answering;
  }
  ref(): void {
    this.holds = true;
  }
  unref(): void {
    this.holds = false;
  }
  postMessage({ kind }: ToWorker): void {
    if (!this.answers || (kind !== 'start' && kind !== 'stop')) return;
    const message: FromWorker = { kind: kind === 'start' ? 'started' : 'stopped', problem: undefined };
    queueMicrotask(() => this.emit('message', message));
  }
  terminate(): Promise<number> {
    this.terminated = true;
    return Promise.resolve(0);
  }
}

let threads: Thread[] = [];
let answering = true;
vi.doMock('node:worker_threads', () => ({ Worker: Thread }));
const { WorkerOutput } = await import('../src/worker/worker-output.ts');

const run = {} as RunInfo;
const output = () =>
  new WorkerOutput('csv=a.csv', {
    name: 'csv',
    cwd: '.',
    environment: {},
    required: false,
    intervalMs: 1000,
    nativeHistograms: false,
    locustNames: false,
    tell: () => undefined,
  });

beforeEach(() => {
  threads = [];
  answering = true;
});

describe('the thread of an output', () => {
  it('that dies after the last interval is an error of `stop`', async () => {
    const made = output();
    await made.start(run);
    threads[0]!.emit('error', new Error('out of memory'));
    await expect(made.stop(undefined, undefined)).rejects.toThrow('out of memory');
    expect(() => made.interval({} as RunSnapshot)).toThrow('out of memory');
  });

  it('keeps the process alive only while it stops', async () => {
    const made = output();
    await made.start(run);
    expect(threads[0]!.holds).toBe(false);
    const stopped = made.stop(undefined, undefined);
    expect(threads[0]!.holds).toBe(true);
    await stopped;
    expect(threads[0]!.terminated).toBe(true);
  });

  it('does not keep the process alive while its start hangs', () => {
    answering = false;
    void output().start(run);
    expect(threads[0]!.holds).toBe(false);
  });
});
