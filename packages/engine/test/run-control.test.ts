import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../src/model/events.ts';
import type { Output } from '../src/model/output.ts';
import { EngineError } from '../src/errors.ts';
import type { LoadRun } from '../src/coordination/load.ts';
import type { ScenarioDefinition, VirtualUser } from '../src/model/scenario.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

const phases = (events: readonly RunEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'phase' ? event.phase : []));

const chat = (parts: Partial<ScenarioDefinition> = {}, vus = 2) =>
  asking('chat', { kind: 'constant-vus', vus, duration: '10s' }, parts);

const thinking = (seconds: number): Partial<ScenarioDefinition> => ({
  run: async (user: VirtualUser) => {
    await user.request({ operation: 'chat.ask', path: '/' });
    await user.think(seconds);
  },
});

describe('the events of a run', () => {
  it('come in order: phases, and an interval each second between run and teardown', async () => {
    const load = virtualLoad({ scenarios: [chat({ setup: (user) => user.think(2) })] });
    const document = await load.result();
    expect(phases(load.events)).toEqual(['setup', 'run', 'teardown', 'done']);
    const kinds = load.events.map((event) => (event.type === 'phase' ? event.phase : event.type));
    expect(kinds.slice(0, 3)).toEqual(['setup', 'run', 'interval']);
    expect(kinds.slice(-3)).toEqual(['interval', 'teardown', 'done']);
    const ends = load.events.flatMap((event) => (event.type === 'interval' ? event.endMs : []));
    // The last interval holds what ended after the planned duration.
    expect(ends).toEqual([1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 10_000, 10_000]);
    expect(document.run.durationMs).toBe(10_000);
  });

  it('are all there for who asks right after the start, more than once, and end with the run', async () => {
    const load = virtualLoad({ scenarios: [chat()] });
    const read = async (events: AsyncIterable<RunEvent>): Promise<RunEvent[]> => {
      const list: RunEvent[] = [];
      for await (const event of events) list.push(event);
      return list;
    };
    const first = load.run.events();
    const second = read(load.run.events());
    await load.result();
    expect(await second).toEqual(load.events);
    expect(await read(first)).toEqual(load.events);
    expect(await read(load.run.events())).toEqual([]);
  });

  it('can be left before the end', async () => {
    const load = virtualLoad({ scenarios: [chat()] });
    const seen: string[] = [];
    const reading = (async () => {
      for await (const event of load.run.events()) {
        seen.push(event.type);
        if (event.type === 'interval') break;
      }
    })();
    await load.result();
    await reading;
    expect(seen).toEqual(['phase', 'phase', 'interval']);
  });

  it('tell of the plan, the stage and the users', async () => {
    const load = virtualLoad({
      scenarios: [
        asking(
          'chat',
          {
            kind: 'ramping-vus',
            startVUs: 0,
            stages: [
              { duration: '4s', target: 4 },
              { duration: '4s', target: 4 },
              { duration: '2s', target: 0 },
            ],
          },
          thinking(0.1),
        ),
      ],
    });
    await load.result();
    const intervals = load.events.filter((event) => event.type === 'interval');
    expect(intervals.map(({ targetUsers }) => targetUsers)).toEqual([1, 2, 3, 4, 4, 4, 4, 4, 3, 0, 0]);
    expect(intervals[1]!.progress).toEqual({
      elapsedMs: 2000,
      plannedMs: 10_000,
      stage: { index: 1, count: 3, label: 'to 4', leftMs: 2000 },
    });
    expect(intervals[5]!.progress.stage).toMatchObject({ index: 2, label: 'hold 4', leftMs: 2000 });
  });

  it('survive a listener that throws: the run goes on, and the result says so', async () => {
    let calls = 0;
    const load = virtualLoad({
      scenarios: [chat()],
      onEvent: () => {
        calls++;
        throw new Error(`broken pipe ${calls}`);
      },
    });
    const document = await load.result();
    expect(calls).toBe(load.events.length);
    expect(document.run.end).toEqual({ kind: 'completed' });
    expect(document.notes).toContainEqual({
      level: 'warning',
      code: 'listener-failed',
      text: 'the event listener threw: broken pipe 1',
    });
  });
});

describe('stop', () => {
  it('begins no iteration any more, and lets those that run finish', async () => {
    const load = virtualLoad({ scenarios: [chat(thinking(2))] });
    await load.clock.advance(3000);
    load.run.stop('enough');
    const document = await load.result();
    expect(document.run).toMatchObject({ end: { kind: 'stopped', reason: 'enough' } });
    expect(document.iterations).toMatchObject({ planned: 4, completed: 4, interrupted: 0 });
    expect(document.run.durationMs).toBeCloseTo(4020, 0);
    expect(phases(load.events)).toEqual(['setup', 'run', 'drain', 'teardown', 'done']);
  });

  it('cuts off what takes longer than the graceful stop, counted from the stop', async () => {
    const scenario = asking(
      'chat',
      { kind: 'constant-vus', duration: '1h', gracefulStop: '500ms' },
      thinking(900),
    );
    const load = virtualLoad({ scenarios: [scenario] });
    await load.clock.advance(3000);
    load.run.stop('enough');
    const document = await load.result();
    expect(document.iterations).toMatchObject({ planned: 1, interrupted: 1 });
    expect(document.run.durationMs).toBeCloseTo(3500, 0);
  });

  it('cuts off within the time that the caller gives', async () => {
    const load = virtualLoad({ scenarios: [chat(thinking(900))] });
    await load.clock.advance(3000);
    load.run.stop('enough', 200);
    expect((await load.result()).run.durationMs).toBeCloseTo(3200, 0);
  });

  it('hands over what there is at once to outputs of a caller who waits, and the rest at the end', async () => {
    const taken: { atMs: number; endMs: number; last: boolean; requests: number }[] = [];
    const output: Output = {
      name: 'waiting',
      interval: ({ endMs, last, delta }) => {
        const requests = delta.operations.reduce((sum, { outcomes }) => sum + outcomes.ok, 0);
        taken.push({
          atMs: Math.round(load.clock.now() - startMs),
          endMs: Math.round(endMs),
          last,
          requests,
        });
      },
    };
    const load = virtualLoad({ scenarios: [chat(thinking(900))], outputs: [output] });
    const startMs = load.clock.now();
    await load.clock.advance(3400);
    load.run.stop('enough', 200);
    const { totals } = await load.result();
    expect(taken.slice(-2)).toMatchObject([
      { atMs: 3400, endMs: 3400, last: false },
      { atMs: 3600, endMs: 3600, last: true },
    ]);
    expect(taken.reduce((sum, { requests }) => sum + requests, 0)).toBe(totals.requests);
  });

  it('may be followed by a shorter one, and by an abort; the first reason stays', async () => {
    const load = virtualLoad({ scenarios: [chat(thinking(900))] });
    await load.clock.advance(3000);
    load.run.stop('first', 60_000);
    await load.clock.advance(500);
    load.run.stop('second', 10_000);
    await load.clock.advance(500);
    load.run.abort('third');
    const document = await load.result();
    expect(document.run.end).toEqual({ kind: 'stopped', reason: 'first' });
    expect(document.run.durationMs).toBeCloseTo(4000, 0);
    // No timer of a longer drain is left.
    await expect(load.clock.until(new Promise(() => undefined))).rejects.toThrow(
      /no timer of this clock is left/,
    );
  });

  it('is not put off by a later one that gives more time', async () => {
    const load = virtualLoad({ scenarios: [chat(thinking(900))] });
    await load.clock.advance(3000);
    load.run.stop('first', 200);
    await load.clock.advance(100);
    load.run.stop('second', 10_000);
    expect((await load.result()).run.durationMs).toBeCloseTo(3200, 0);
  });

  it('gives the backlog of an open scenario its time, too', async () => {
    const open = asking('chat', { kind: 'constant-arrival-rate', rate: 10, duration: '10s', maxVUs: 100 });
    const load = virtualLoad({ scenarios: [open] }, () => ({ afterMs: 1500 }));
    await load.clock.advance(2050);
    load.run.stop('enough');
    const document = await load.result();
    expect(document.iterations).toMatchObject({ planned: 21, completed: 21, dropped: 0 });
    expect(document.run.durationMs).toBeCloseTo(3500, 0);
  });
});

describe('an abort signal', () => {
  it('ends the run after a short drain, with its reason', async () => {
    const controller = new AbortController();
    const load = virtualLoad({ scenarios: [chat(thinking(900))], signal: controller.signal });
    await load.clock.advance(2000);
    controller.abort('SIGINT');
    const document = await load.result();
    expect(document.run.end).toEqual({ kind: 'aborted', reason: 'SIGINT' });
    expect(document.run.durationMs).toBeCloseTo(5000, 0);
    expect(document.verdict.status).toBe('not-valid');
  });

  it('that has been given before the start lets nothing begin', async () => {
    let setups = 0;
    const load = virtualLoad({
      scenarios: [chat({ setup: () => Promise.resolve(setups++) })],
      signal: AbortSignal.abort('too late'),
    });
    const document = await load.result();
    expect(document).toMatchObject({ run: { end: { kind: 'aborted', reason: 'too late' }, durationMs: 0 } });
    expect({ setups, requests: load.target.requests.length }).toEqual({ setups: 0, requests: 0 });
    expect(phases(load.events)).toEqual(['done']);
  });

  it('has no listeners after the run', async () => {
    const controller = new AbortController();
    const load = virtualLoad({ scenarios: [chat()], signal: controller.signal });
    const document = await load.result();
    controller.abort();
    expect(document.run.end.kind).toBe('completed');
  });
});

describe('a pause', () => {
  it('starts no iteration, drops none because of it, and its duration is in the document', async () => {
    const load = virtualLoad({
      scenarios: [
        chat(thinking(0.5)),
        asking('voice', { kind: 'constant-arrival-rate', rate: 10, duration: '10s', maxVUs: 10 }),
      ],
    });
    await load.clock.advance(3000);
    load.run.pause();
    await load.clock.advance(4000);
    load.run.resume();
    const document = await load.result();
    const [closed, open] = document.scenarios;
    expect(open!.iterations).toEqual({ planned: 60, completed: 60, failed: 0, dropped: 0, interrupted: 0 });
    expect(closed!.iterations).toMatchObject({ dropped: 0, interrupted: 0 });
    expect(document.run.pausedMs).toBe(4000);
    const intervals = load.events.filter((event) => event.type === 'interval');
    const paused = intervals.filter((interval) => interval.paused).map(({ index }) => index);
    expect(paused).toEqual([3, 4, 5, 6]);
    expect(intervals[5]!.requests).toBe(0);
  });

  it('before the start holds from the start', async () => {
    const load = virtualLoad({ scenarios: [chat()] });
    load.run.pause();
    await load.clock.advance(5000);
    expect(load.target.requests).toEqual([]);
    load.run.resume();
    await load.clock.advance(100);
    expect(load.target.requests.length).toBeGreaterThan(0);
    await load.result();
  });
});

describe('setUsers', () => {
  it('changes the number of users of a closed scenario', async () => {
    const load = virtualLoad({ scenarios: [chat(thinking(0.2))] });
    await load.clock.advance(2500);
    load.run.setUsers('chat', 7);
    await load.result();
    const users = load.events.flatMap((event) => (event.type === 'interval' ? event.users : []));
    expect(users.slice(0, 9)).toEqual([2, 2, 7, 7, 7, 7, 7, 7, 7]);
  });

  it('before the start is the number to start with', async () => {
    const load = virtualLoad({ scenarios: [chat(thinking(0.2))] });
    load.run.setUsers('chat', 5);
    await load.clock.advance(0);
    const document = await load.result();
    expect(document.scenarios[0]!.maxUsers).toBe(5);
    const users = load.events.flatMap((event) => (event.type === 'interval' ? event.users : []));
    expect(users.slice(0, 9)).toEqual(Array.from({ length: 9 }, () => 5));
  });

  it.each<[string, number, RegExp]>([
    ['chta', 3, /there is no scenario 'chta'; expected one of: chat, voice/],
    ['chat', -1, /users is -1; expected a whole number/],
    ['chat', 1.5, /users is 1\.5/],
    [
      'voice',
      3,
      /scenario "voice" runs constant-arrival-rate; expected constant-vus, ramping-vus or externally-controlled/,
    ],
  ])('refuses %s, %d', async (name, users, message) => {
    const load = virtualLoad({
      scenarios: [chat(), asking('voice', { kind: 'constant-arrival-rate', rate: 1, duration: '1s' })],
    });
    expect(() => load.run.setUsers(name, users)).toThrow(message);
    expect(() => load.run.setUsers(name, users)).toThrow(EngineError);
    load.run.abort('done');
    await load.result();
  });
});

describe('whatever is done to a run, and whenever', () => {
  const acts: Record<string, (run: LoadRun) => void> = {
    stop: (run) => run.stop('test'),
    'stop within': (run) => run.stop('test', 300),
    abort: (run) => run.abort('test'),
    pause: (run) => run.pause(),
    resume: (run) => run.resume(),
    users: (run) => whileOn(() => run.setUsers('chat', 3)),
    nobody: (run) => whileOn(() => run.setUsers('chat', 0)),
  };

  function whileOn(act: () => void): void {
    try {
      act();
    } catch (error) {
      expect(error).toMatchObject({ code: 'wrong-state' });
    }
  }

  it('leads to a document in which every start is accounted for and nothing is left behind', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            afterMs: fc.integer({ min: 0, max: 4000 }),
            act: fc.constantFrom(...Object.keys(acts)),
          }),
          { minLength: 1, maxLength: 6 },
        ),
        fc.constantFrom(0, 900),
        async (list, setupMs) => {
          const load = virtualLoad(
            {
              scenarios: [
                chat({
                  setup: (user) => user.think(setupMs / 1000),
                  onStart: async (user) => {
                    await user.request({ operation: 'chat.ask', path: '/login' });
                  },
                  onStop: (user) => user.think(0.1),
                  teardown: (user) => user.think(0.1),
                }),
                asking('voice', {
                  kind: 'ramping-arrival-rate',
                  startRate: 5,
                  stages: [{ duration: '6s', target: 30 }],
                  maxVUs: 4,
                  startTime: '1500ms',
                }),
                asking('memory', { kind: 'per-vu-iterations', vus: 2, iterations: 3, maxDuration: '5s' }),
              ],
            },
            ({ number }) => ({
              afterMs: number % 11 === 10 ? Number.POSITIVE_INFINITY : 40 + (number % 5) * 100,
            }),
          );
          for (const { afterMs, act } of list) {
            await load.clock.advance(afterMs);
            acts[act]!(load.run);
          }
          const document = await load.result();
          for (const { iterations } of [document, ...document.scenarios]) {
            const { planned, completed, failed, dropped, interrupted } = iterations;
            expect(completed + failed + dropped + interrupted!).toBe(planned);
          }
          const handled = document.totals.requests + document.totals.interrupted;
          expect(handled).toBe(load.target.requests.length);
          expect(phases(load.events).at(-1)).toBe('done');
          const last = load.events.filter((event) => event.type === 'interval').at(-1);
          expect(last?.total.requests ?? 0).toBe(document.totals.requests);
          // No request or iteration after the result.
          await load.clock.advance(120_000);
          expect(load.target.requests.length).toBe(handled);
          expect(load.target.closed).toBe(load.target.opened);
        },
      ),
      { numRuns: 60 },
    );
  });
});
