import { EventEmitter } from 'node:events';
import { Redactor, type RunResult, type RunSnapshot } from '@jarvis-load/engine';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LastPages } from '../src/worker/last-pages.ts';
import type { FromWorker, ToWorker } from '../src/worker/messages.ts';
import { madeResult, madeRun, madeSecond } from './support/made-run.ts';

/** A thread that answers as the test says. */
class Thread extends EventEmitter {
  /** Whether it keeps the process alive. */
  holds = true;
  terminated = false;
  readonly got: ToWorker[] = [];
  answers = true;
  serves = false;
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
  postMessage(sent: ToWorker): void {
    this.got.push(sent);
    const { kind } = sent;
    if (!this.answers || (kind !== 'start' && kind !== 'stop')) return;
    const message: FromWorker =
      kind === 'start'
        ? { kind: 'started', problem: undefined }
        : { kind: 'stopped', problem: undefined, serves: this.serves };
    queueMicrotask(() => this.emit('message', message));
  }
  terminate(): Promise<number> {
    this.terminated = true;
    return Promise.resolve(0);
  }
}

let threads: Thread[] = [];
let answering = true;
let hurry = (): void => undefined;
vi.doMock('node:worker_threads', () => ({ Worker: Thread }));
const { WorkerOutput } = await import('../src/worker/worker-output.ts');

const run = madeRun();
const output = (pages?: LastPages) =>
  new WorkerOutput('csv=a.csv', {
    name: 'csv',
    cwd: '.',
    environment: {},
    required: false,
    intervalMs: 1000,
    nativeHistograms: false,
    locustNames: false,
    redactor: new Redactor(['hunter2']),
    onHurry: (listener) => {
      hurry = listener;
      return () => (hurry = () => undefined);
    },
    tell: () => undefined,
    ...(pages === undefined ? {} : { pages, manyRuns: true }),
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

  it('serves the last values after its run until the next one starts, and keeps no process alive', async () => {
    const pages = new LastPages();
    const [first, second] = [output(pages), output(pages)];
    await first.start(run);
    threads[0]!.serves = true;
    await first.stop(undefined, undefined);
    expect([threads[0]!.terminated, threads[0]!.holds]).toEqual([false, false]);
    await second.start(run);
    expect(threads.map(({ terminated }) => terminated)).toEqual([true, false]);
  });

  it('does not keep the process alive while its start hangs', () => {
    answering = false;
    void output().start(run);
    expect(threads[0]!.holds).toBe(false);
  });

  it('is told that the process has to end while it stops', async () => {
    const made = output();
    await made.start(run);
    answering = threads[0]!.answers = false;
    const stopped = made.stop(undefined, undefined);
    hurry();
    threads[0]!.emit('message', { kind: 'stopped', problem: undefined });
    await stopped;
    expect(threads[0]!.got.map(({ kind }) => kind)).toEqual(['start', 'stop', 'hurry']);
    hurry();
    expect(threads[0]!.got).toHaveLength(3);
  });

  it('gets no secret, whatever its output sends', async () => {
    const made = output();
    const { judged: _, ...second } = madeSecond(0, 1e12);
    const [operation] = second.delta.operations;
    const [tagged] = operation!.byTags!;
    const delta = {
      ...second.delta,
      checks: [{ scenario: 'memory', name: 'has hunter2', passes: 1, fails: 0 }],
      groups: [{ ...second.delta.groups![0]!, group: '::hunter2' }],
      operations: [{ ...operation!, byTags: [{ ...tagged!, tags: { page: 'hunter2' } }] }],
      errors: [{ message: 'no hunter2', example: null }],
    };
    await made.start(madeRun({ ci: 'https://ci/x?token=hunter3', user: 'hunter2' }));
    made.event({ type: 'notice', level: 'warning', code: 'c', text: 'gone: http://me:hunter3@h' });
    made.interval({ ...second, delta, thresholds: [], objectives: [] } as unknown as RunSnapshot);
    const reasons = [{ text: 'setup: hunter2' }];
    await made.stop({ ...result(), verdict: { status: 'fail', reasons } } as unknown as RunResult, undefined);
    const texts = threads[0]!.got.map((message) => JSON.stringify(message));
    expect(texts.map((text) => text.split('***').length - 1)).toEqual([2, 1, 4, 1]);
    expect(texts.join()).not.toMatch(/hunter/);
  });
});

/** With what the redactor reads. */
function result(): RunResult {
  const made = madeResult();
  const empty = { checks: [], config: {}, errors: [], exceptions: [], notes: [] };
  return { ...made, ...empty, run: { ...made.run, tags: {} } };
}
