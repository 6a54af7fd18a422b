import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
// The built engine: the entry file of a thread exists only after the build.
import { startLoad } from '../dist/index.js';
import { systemClock } from '../src/clock/clock.ts';
import { MAX_TIMER_MS } from '../src/duration.ts';
import { ErrorRecorder } from '../src/recorder/error-recorder.ts';
import { Measures } from '../src/recorder/measures.ts';
import { compileRun } from '../src/definition/compile.ts';
import { Redactor } from '../src/secrets/redactor.ts';
import { ErrorGroups } from '../src/result/error-groups.ts';
import { StreamMeasures } from '../src/recorder/stream-measures.ts';
import { clampNotes } from '../src/result/model-notes.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

const MODULE = pathToFileURL(join(import.meta.dirname, 'support', 'stuck-scenarios.js')).href;
const ASK = { operation: 'chat.ask', path: '/chat' };

describe('totals of what is bounded', () => {
  it('hold every exception, of however many kinds', async () => {
    const load = virtualLoad({
      scenarios: [
        asking(
          'chat',
          { kind: 'per-vu-iterations', iterations: 1000 },
          {
            run: async (user) => {
              await user.request(ASK);
              throw new Error(`number ${user.iteration}`);
            },
          },
        ),
      ],
    });
    const result = await load.result();
    expect(result.scenarios[0]!.exceptions).toBe(1000);
    expect(result.exceptions.reduce((sum, { count }) => sum + count, 0)).toBe(1000);
    expect(result.exceptions.length).toBeLessThanOrEqual(201);
    expect(result.exceptions[0]!.message).toMatch(/^other exceptions: there are too many/);
    expect(result.verdict.reasons).toContainEqual({
      code: 'exceptions',
      text: 'scenario chat threw 1000 exceptions',
    });
  });

  it('hold every check, of however many names', async () => {
    const load = virtualLoad({
      scenarios: [
        asking(
          'chat',
          { kind: 'per-vu-iterations', iterations: 3000 },
          {
            run: async (user) => {
              const answer = await user.request(ASK);
              user.check(answer, { [`number ${user.iteration}`]: () => user.iteration !== 2999 });
            },
            thresholds: { checks: ['rate<1', 'rate>0.999'] },
          },
        ),
      ],
    });
    const result = await load.result();
    expect(result.checks.length).toBeLessThanOrEqual(1001);
    expect(result.checks.reduce((sum, { passes, fails }) => sum + passes + fails, 0)).toBe(3000);
    expect(result.checks.at(-1)).toMatchObject({ name: '(other checks)', fails: 1 });
    expect(result.thresholds.map(({ status }) => status)).toEqual(['pass', 'pass']);
  });

  it("hold the generator's own limits, whatever other errors there are", () => {
    const recorder = new ErrorRecorder();
    const groups = new ErrorGroups();
    const owner = { redactor: () => new Redactor() };
    const sample = () => ({ status: 0, request: '', body: '', user: 1, iteration: 0 });
    for (let number = 0; number < 500; number++) {
      recorder.error(0, 6, 'body', `number ${number}`, 0, owner, sample, undefined);
      if (number % 50 === 49) {
        const { errors, exceptions, errorsNotKept } = recorder.flush();
        groups.add(errors, exceptions, errorsNotKept);
      }
    }
    for (let number = 0; number < 7; number++)
      recorder.error(0, 6, 'EMFILE', 'too many open files', 0, owner, sample, undefined);
    const { errors, exceptions, errorsNotKept } = recorder.flush();
    groups.add(errors, exceptions, errorsNotKept);
    expect(groups.countOf(new Set(['EMFILE']))).toBe(7);
    expect(groups.notKept).toBe(300);
  });
});

it('a time of more than an hour is told, since a histogram holds it as an hour', () => {
  const measures = new Measures(compileRun([asking('chat', { kind: 'constant-vus', duration: 1 })]));
  expect(clampNotes(measures)).toEqual([]);
  measures.scenarios[0]!.iterationDuration.record(3_600_000_001);
  measures.scenarios[0]!.iterationDuration.record(1000);
  expect(clampNotes(measures)).toMatchObject([
    {
      level: 'warning',
      code: 'clamped',
      text: expect.stringMatching(/^1 iterations of more than 1 h/) as string,
    },
  ]);
});

it('tells so of each kind of time that the document has', () => {
  const measures = new Measures(compileRun([asking('chat', { kind: 'constant-vus', duration: 1 })]));
  const [operation] = measures.operations;
  const streams = (operation!.streams = new StreamMeasures());
  for (const times of [
    measures.groups[0]!.of({ group: '::checkout' }),
    operation!.queueWait,
    measures.pacerLag,
    streams.times.ttlt,
  ])
    times.record(3_600_000_001);
  expect(clampNotes(measures).map(({ text }) => text.slice(0, text.indexOf(' of more than 1 h')))).toEqual([
    '1 durations of groups',
    '1 waits for a connection',
    '1 delays of planned starts',
    '1 times of streams',
  ]);
});

describe('a timer of the machine', () => {
  afterEach(() => vi.useRealTimers());

  it('lasts as long as set, also beyond the limit of setTimeout', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const clock = systemClock();
    const fired: string[] = [];
    clock.setTimer(2 * MAX_TIMER_MS + 10, () => fired.push('long'));
    const cleared = clock.setTimer(MAX_TIMER_MS + 10, () => fired.push('cleared'));
    vi.advanceTimersByTime(MAX_TIMER_MS);
    clock.clearTimer(cleared);
    vi.advanceTimersByTime(MAX_TIMER_MS + 9);
    expect(fired).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(fired).toEqual(['long']);
  });
});

describe('a scenario module', () => {
  const start = (name: string, threads = 1, options?: unknown, timeouts = {}) =>
    startLoad({
      baseUrl: 'http://127.0.0.1:9',
      warmUp: false,
      threads,
      timeouts,
      circuitBreaker: false,
      scenarios: { module: MODULE, export: name, options },
    });

  it('that is loading has what it was asked for meanwhile refused in the result', async () => {
    const run = start('quick');
    const notices: string[] = [];
    const reading = (async () => {
      for await (const event of run.events()) if (event.type === 'notice') notices.push(event.code);
    })();
    run.setUsers('nobody', 3);
    run.stop('enough');
    const result = await run.result;
    await reading;
    expect(result.notes).toContainEqual({
      level: 'warning',
      code: 'request-refused',
      text: expect.stringContaining("there is no scenario 'nobody'") as string,
    });
    expect(notices).toContain('request-refused');
  });

  it('whose function never answers leaves no run pending that is aborted', async () => {
    const run = start('never');
    run.abort('enough');
    await expect(run.result).rejects.toMatchObject({
      code: 'invalid-scenario',
      message: expect.stringContaining('did not end within 3 s') as string,
    });
  });

  it('whose function throws is an error that names it', async () => {
    await expect(start('throwing').result).rejects.toThrow("its export 'throwing' threw: no settings");
  });

  it('whose users never come back from onStart ends in a document all the same, when the run is aborted', async () => {
    const stuck = new Int32Array(new SharedArrayBuffer(4));
    const run = start('stuckInStart', 2, stuck);
    const watching = setInterval(() => {
      if (Atomics.load(stuck, 0) < 2) return;
      clearInterval(watching);
      run.abort('enough');
    }, 5);
    const result = await run.result;
    expect(result.run.end).toMatchObject({ kind: 'aborted', reason: 'enough' });
    expect(result.verdict.status).toBe('not-valid');
  });

  it.each([
    ['before the load', 'stuckInStart', 'setup-failed'],
    ['during the load', 'stuckInLoad', 'error'],
  ])(
    'whose onStart blocks its thread %s ends in a document after timeouts.setupMs',
    async (_, name, kind) => {
      const stuck = new Int32Array(new SharedArrayBuffer(4));
      const result = await start(name, 2, stuck, { setupMs: 300 }).result;
      expect(Atomics.load(stuck, 0)).toBeGreaterThan(0);
      expect(result.run.end).toEqual({
        kind,
        reason: expect.stringMatching(
          /^thread [12] did not respond for 300ms \(timeouts\.setupMs\): scenario code blocks it/,
        ) as string,
      });
      expect(result.verdict.status).toBe('not-valid');
    },
  );

  it('refuses an invalid reason or time to stop', () => {
    const run = start('quick');
    expect(() => run.stop('enough', Number.NaN)).toThrow('withinMs is NaN; expected milliseconds');
    expect(() => run.abort(5 as never)).toThrow('reason is 5; expected a string');
    run.abort('enough');
    return run.result;
  });
});
