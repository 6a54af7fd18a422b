import { Value } from '@jarvis-load/engine/typebox/value';
import { describe, expect, it } from 'vitest';
import type { RunResult } from '../src/document/schema.ts';
import { RunResultSchema } from '../src/document/schema.ts';
import type { IntervalEvent, RunEvent } from '../src/model/events.ts';
import type { ExecutorOptions } from '../src/model/executor-options.ts';
import type { ScenarioDefinition, VirtualUser } from '../src/model/scenario.ts';
import { startLoad } from '../src/coordination/load.ts';
import { asking, virtualLoad, type VirtualLoad } from './fixtures/virtual-load.ts';

const STEERED = { kind: 'externally-controlled' } as const;

const thinking = (seconds: number): Partial<ScenarioDefinition> => ({
  run: async (user: VirtualUser) => {
    await user.request({ operation: 'chat.ask', path: '/' });
    await user.think(seconds);
  },
});

const chat = (options: object, parts: Partial<ScenarioDefinition> = thinking(0.09)) =>
  asking('chat', { ...STEERED, ...options }, parts);

const intervals = (events: readonly RunEvent[]): IntervalEvent[] =>
  events.filter((event) => event.type === 'interval');

async function stopped(load: VirtualLoad): Promise<RunResult> {
  load.run.stop('enough');
  const result = await load.result();
  const { planned, completed, failed, dropped, interrupted } = result.iterations;
  expect(completed + failed + dropped + interrupted!).toBe(planned);
  expect(result.totals.requests + result.totals.interrupted).toBe(load.target.requests.length);
  // As it is written to a file: no Infinity, nothing that the schema does not know.
  expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  expect(Value.Check(RunResultSchema, result)).toBe(true);
  return result;
}

describe('users that are set while the run is on', () => {
  it('follow each change until the run is stopped, and the document lists the changes', async () => {
    const load = virtualLoad({ scenarios: [chat({ vus: 5 })] });
    await load.clock.advance(2550);
    load.run.setUsers('chat', 10);
    await load.clock.advance(1990);
    load.run.setUsers('chat', 0);
    await load.clock.advance(2010);
    load.run.setUsers('chat', 2);
    await load.clock.advance(1550);
    const result = await stopped(load);
    const users = intervals(load.events).map(({ targetUsers }) => targetUsers);
    expect(users.slice(0, 8)).toEqual([5, 5, 10, 10, 0, 0, 2, 2]);
    expect(result.steering).toEqual([
      { atMs: 2550, scenario: 'chat', users: 10 },
      { atMs: 4540, scenario: 'chat', users: 0 },
      { atMs: 6550, scenario: 'chat', users: 2 },
    ]);
    expect(load.events.filter(({ type }) => type === 'steering')).toEqual(
      result.steering!.map((change) => ({ type: 'steering', ...change })),
    );
    expect(result.run).toMatchObject({ plannedDurationMs: null, end: { kind: 'stopped' } });
    expect(result.scenarios[0]).toMatchObject({ plannedDurationMs: null, maxUsers: 10, model: 'closed' });
    expect(intervals(load.events)[0]!.progress).toMatchObject({ plannedMs: null });
    // An iteration takes 100 ms: five users start 46 until they are stopped, five more 20, two 16 in the end.
    expect(result.iterations.planned).toBe(5 * 46 + 5 * 20 + 2 * 16);
    expect(result.verdict.status).toBe('pass');
  });

  it('reach a number by a ramp, one user after the other, and a new number starts from where the ramp is', async () => {
    const load = virtualLoad({ scenarios: [chat({ vus: 0 })] });
    await load.clock.advance(950);
    load.run.setUsers('chat', 10, { perSecond: 2 });
    await load.clock.advance(3100);
    // 6 users after 3 s; down again at one a second, the first after a second.
    load.run.setUsers('chat', 4, { perSecond: 1 });
    await load.clock.advance(5000);
    const result = await stopped(load);
    expect(
      intervals(load.events)
        .map(({ targetUsers }) => targetUsers)
        .slice(0, 9),
    ).toEqual([0, 2, 4, 6, 6, 5, 4, 4, 4]);
    expect(result.steering![1]).toEqual({ atMs: 4050, scenario: 'chat', users: 4, perSecond: 1 });
  });

  it('end at the duration, where there is one', async () => {
    const load = virtualLoad({ scenarios: [chat({ vus: 1, duration: '3s' })] });
    await load.clock.advance(1000);
    load.run.setUsers('chat', 3);
    const result = await load.result();
    expect(result.run).toMatchObject({ plannedDurationMs: 3000, end: { kind: 'completed' } });
    expect(result.iterations.planned).toBe(10 + 20 * 3);
    expect(() => load.run.setUsers('chat', 3)).toThrow(
      /is ending or has ended: its users can no longer be set/,
    );
  });

  it.each<[string, unknown[], RegExp]>([
    ['chat', [11], /users is 11; scenario "chat" has a maxVUs of 10/],
    ['chat', [1.5], /users is 1\.5; expected a whole number/],
    ['chat', [5, { perSeconds: 1 }], /unknown option 'perSeconds' \(did you mean 'perSecond'\?\)/],
    ['chat', [5, { perSecond: 0 }], /perSecond is 0; expected a number of users above 0/],
    ['open', [5], /scenario "open" runs externally-controlled with a rate; .*use setRate/],
    ['once', [5], /scenario "once" runs shared-iterations; expected constant-vus, ramping-vus or ext/],
  ])('of %s are refused: %j', async (name, given, message) => {
    const load = virtualLoad({
      scenarios: [
        chat({ maxVUs: 10 }),
        asking('open', { ...STEERED, rate: 1 }),
        asking('once', { kind: 'shared-iterations' }),
      ],
    });
    await load.clock.advance(0);
    expect(() => load.run.setUsers(name, ...(given as [number]))).toThrow(message);
    expect((await stopped(load)).steering).toBeUndefined();
  });
});

describe('a rate that is set while the run is on', () => {
  const ask = (options: object = {}) => asking('ask', { ...STEERED, rate: 20, ...options });

  it('gives the arrivals of all rates, each counted from its intended start, none dropped or late', async () => {
    const load = virtualLoad({ scenarios: [ask({ duration: '6s' })] });
    await load.clock.advance(2001);
    load.run.setRate('ask', 80);
    await load.clock.advance(2000);
    load.run.setRate('ask', 0);
    await load.clock.advance(1000);
    load.run.setRate('ask', 10);
    const result = await load.result();
    // 40.02 + 160 + 0 + 9.99 are expected, the first of them at 0.
    expect(result.iterations).toMatchObject({ planned: 211, completed: 211, dropped: 0 });
    expect(result.steering!.map(({ atMs, rate }) => [atMs, rate])).toEqual([
      [2001, 80],
      [4001, 0],
      [5001, 10],
    ]);
    // By the moment of the answer, 10 ms after the arrival.
    const second = intervals(load.events).map(({ requests }) => requests);
    expect(second.slice(0, 6)).toEqual([20, 20, 80, 80, 1, 9]);
    expect(result.health.pacerLag.maxMs).toBeLessThan(0.1);
    expect(result.operations[0]!.responseTime.maxMs).toBeCloseTo(10, 0);
    expect(result.run.end.kind).toBe('completed');
    expect(result.scenarios[0]!.activeMs).toBe(6000);
  });

  it('starts with a rate of 0, and is what the run ends with when it is stopped', async () => {
    const load = virtualLoad({ scenarios: [ask({ rate: 0 })] });
    await load.clock.advance(3000);
    expect(load.target.requests).toEqual([]);
    load.run.setRate('ask', 5);
    await load.clock.advance(2100);
    const result = await stopped(load);
    expect(result.iterations.planned).toBe(11);
    expect(load.target.requests[0]!.atMs).toBeCloseTo(3000, 6);
  });

  it('that was set before the start is the rate from the start', async () => {
    const load = virtualLoad({ scenarios: [ask()] });
    load.run.setRate('ask', 50);
    await load.clock.advance(1990);
    const result = await stopped(load);
    expect(result.iterations.planned).toBe(100);
    expect(result.steering).toEqual([{ atMs: 0, scenario: 'ask', rate: 50 }]);
  });

  it('plans nothing while the run is paused, and goes on as if it had not been', async () => {
    const load = virtualLoad({ scenarios: [ask()] });
    await load.clock.advance(1001);
    load.run.pause();
    await load.clock.advance(500);
    load.run.setRate('ask', 40);
    await load.clock.advance(500);
    load.run.resume();
    await load.clock.advance(1000);
    const result = await stopped(load);
    expect(result.iterations).toMatchObject({ planned: 21 + 40, dropped: 0 });
    expect(result.run.pausedMs).toBe(1000);
  });

  it('drops what finds no user below maxVUs, and says so', async () => {
    const load = virtualLoad({ scenarios: [ask({ maxVUs: 10 })] }, () => ({ afterMs: 500 }));
    await load.clock.advance(1001);
    load.run.setRate('ask', 100);
    await load.clock.advance(2000);
    const result = await stopped(load);
    expect(result.iterations.planned).toBe(221);
    expect(result.iterations.dropped).toBeGreaterThan(150);
    expect(result.verdict).toMatchObject({ status: 'not-valid', reasons: [{ code: 'dropped-iterations' }] });
  });

  it('is that of all scenarios that take turns', async () => {
    const turns = ['a', 'b'].map((name, index) =>
      asking(name, { ...STEERED, rate: 20, timeUnit: '2s', turn: { index, of: 2 }, duration: '4s' }),
    );
    const load = virtualLoad({ scenarios: turns });
    await load.clock.advance(2001);
    load.run.setRate('b', 60);
    const result = await load.result();
    // 20/s, then 60/s, by turns.
    expect(result.scenarios.map(({ iterations }) => iterations.planned)).toEqual([80, 80]);
    expect(result.steering!.map(({ scenario }) => scenario)).toEqual(['a', 'b']);
  });

  it('has an objective of throughput judged against what was planned', async () => {
    const load = virtualLoad({
      scenarios: [
        {
          ...ask({ rate: 10, duration: '4s' }),
          demand: { iterationSeconds: 1, requests: { 'ask.ask': 1 } },
        },
      ],
      objectives: [{ operation: 'ask.ask', requestsPerSecondPer100Users: 40 }],
    });
    await load.clock.advance(2001);
    load.run.setRate('ask', 50);
    const result = await load.result();
    expect(result.objectives).toMatchObject([
      { status: 'not-measurable', detail: expect.stringContaining('at most 30') as string },
    ]);
  });

  it.each<[string, unknown, RegExp]>([
    ['ask', -1, /rate is -1; expected a number of at least 0/],
    ['ask', '5', /rate is '5'/],
    ['aks', 5, /there is no scenario 'aks'; expected one of: ask, chat, fixed/],
    [
      'chat',
      5,
      /scenario "chat" runs externally-controlled without a rate; expected externally-controlled with a rate/,
    ],
    ['fixed', 5, /scenario "fixed" runs constant-arrival-rate; expected externally-controlled with a rate/],
  ])('is refused for %s: %j', async (name, given, message) => {
    const fixed = asking('fixed', { kind: 'constant-arrival-rate', rate: 1, duration: '1s' });
    const load = virtualLoad({ scenarios: [ask(), chat({}), fixed] });
    await load.clock.advance(0);
    expect(() => load.run.setRate(name, given as number)).toThrow(message);
    load.run.abort('done');
    await load.result();
    expect(() => load.run.setRate(name, given as number)).toThrow(/its rates can no longer be set/);
  });
});

describe('what a target allows', () => {
  const demand = { iterationSeconds: 0.5, requests: { 'chat.ask': 1 }, startRequests: { 'chat.ask': 1 } };
  const start = (allow: object, ...executors: ExecutorOptions[]) =>
    startLoad({
      baseUrl: 'http://staging.test:1',
      scenarios: executors.map((executor, index) => ({
        ...asking(`s${index}`, executor),
        operations: [{ name: 'chat.ask', method: 'GET' as const, route: '/' }],
        demand,
      })),
      warmUp: false,
      allow: [{ host: 'staging.test', ...allow }],
      resolve: () => Promise.resolve(['127.0.0.1']),
    });

  it('holds for the users of all scenarios together', async () => {
    const run = start({ maxUsers: 10 }, { ...STEERED, vus: 4 }, { ...STEERED, vus: 4 });
    expect(() => run.setUsers('s0', 7)).toThrow(
      '7 users of scenario "s0" would make 11 in all, but allow permits at most 10 (maxUsers).',
    );
    run.setUsers('s0', 6);
    run.setUsers('s1', 1);
    run.setUsers('s0', 9);
    run.abort('enough');
    await run.result;
  });

  it('holds for what the owner of another base address allows, too', async () => {
    const run = startLoad({
      baseUrl: 'http://staging.test:1',
      scenarios: [
        {
          ...asking('s0', { ...STEERED, vus: 4 }),
          bases: { auth: 'http://auth.test:1' },
          operations: [{ name: 's0.ask', method: 'GET', route: '/', base: 'auth' }],
        },
      ],
      warmUp: false,
      allow: [{ host: 'staging.test' }, { host: 'auth.test', maxUsers: 5 }],
      resolve: () => Promise.resolve(['127.0.0.1']),
    });
    expect(() => run.setUsers('s0', 6)).toThrow(/6 in all, but allow permits at most 5 \(maxUsers\)/);
    run.setUsers('s0', 5);
    run.abort('enough');
    await run.result;
  });

  it('holds for the requests/s of a rate, and of users and their starts', async () => {
    const run = start({ maxRate: 100 }, { ...STEERED, rate: 10 }, { ...STEERED, vus: 4 });
    // An iteration is one request, at worst by a user that has to start: one more. 4 users: 8/s and 4 starts.
    expect(() => run.setRate('s0', 45)).toThrow(
      'a rate of 45 of scenario "s0" would make up to 102 requests/s in all, but allow permits at most 100/s (maxRate).',
    );
    run.setRate('s0', 44);
    expect(() => run.setUsers('s1', 5)).toThrow(/would make up to 1\d\d requests\/s in all/);
    run.setRate('s0', 1);
    // 30 users: 60/s; all at once also 30 starts, within a second, over the limit of what is left; by a ramp not.
    expect(() => run.setUsers('s1', 36)).toThrow(/maxRate/);
    run.setUsers('s1', 36, { perSecond: 5 });
    run.abort('enough');
    await run.result;
  });

  it('refuses a run without an end where there is a limit of its length', () => {
    expect(() => start({ maxDuration: '1m' }, { ...STEERED })).toThrow(
      'the run plans load without an end (externally-controlled without a duration), but allow permits at most 1m (maxDuration)',
    );
    expect(() => start({ maxDuration: '1m' }, { ...STEERED, duration: '2m' })).toThrow(/plans 2m of load/);
  });
});
