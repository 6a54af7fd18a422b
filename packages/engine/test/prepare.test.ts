import { describe, expect, it } from 'vitest';
import type { ExecutorOptions } from '../src/model/executor-options.ts';
import type { ScenarioDefinition } from '../src/model/scenario.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

/** A scenario whose users log in first. */
function loggingIn(executor: ExecutorOptions, parts: Partial<ScenarioDefinition> = {}): ScenarioDefinition {
  return asking('a', executor, {
    operations: [
      { name: 'a.ask', method: 'GET', route: '/a' },
      { name: 'login', method: 'POST', route: '/login' },
    ],
    metrics: [{ name: 'logins', kind: 'counter' }],
    onStart: async (user) => {
      const response = await user.request({ operation: 'login', path: '/login' });
      user.check(response, { 'logged in': ({ status }) => status === 200 });
      user.record('logins', 1);
    },
    ...parts,
  });
}

const phasesOf = (load: ReturnType<typeof virtualLoad>, path: string) =>
  load.target.requests.filter((each) => each.path === path).map(({ headers }) => headers['x-load-phase']);

const never = () => new Promise<never>(() => undefined);

describe('users of an open scenario that start before the clock', () => {
  it('belong to phase prepare and not to the load', async () => {
    const load = virtualLoad({
      scenarios: [
        loggingIn({ kind: 'constant-arrival-rate', rate: 100, duration: '3s', preAllocatedVUs: 40 }),
      ],
    });
    const result = await load.result();
    expect(phasesOf(load, '/login')).toEqual(Array.from({ length: 40 }, () => 'prepare'));
    expect(new Set(phasesOf(load, '/a'))).toEqual(new Set(['run']));
    expect(result.totals.requests).toBe(300);
    expect(result.totals.requestsPerSecond).toBeCloseTo(100, 6);
    expect(result.operations.map(({ operation }) => operation)).toEqual(['a.ask']);
    expect(result.checks).toEqual([]);
    expect(result.metrics.find(({ name }) => name === 'logins')?.values['count']).toBe(0);
  });

  it('are few by default, and start no faster than the schedule does', async () => {
    const load = virtualLoad({
      scenarios: [loggingIn({ kind: 'constant-arrival-rate', rate: 100, duration: '3s', maxVUs: 1000 })],
    });
    await load.result();
    const logins = load.target.requests.filter(({ path }) => path === '/login');
    expect(logins).toHaveLength(10);
    expect(logins.slice(1).map(({ atMs }, k) => atMs - logins[k]!.atMs)).toEqual(
      Array.from({ length: 9 }, () => expect.closeTo(10, 3)),
    );
  });

  it('start one a second where the schedule is slower', async () => {
    const load = virtualLoad({
      scenarios: [
        loggingIn({
          kind: 'constant-arrival-rate',
          rate: 0.1,
          duration: '30s',
          preAllocatedVUs: 3,
          maxVUs: 3,
        }),
      ],
    });
    await load.result();
    const logins = load.target.requests.filter(({ path }) => path === '/login');
    expect(logins.map(({ atMs }) => Math.round(atMs))).toEqual([0, 1000, 2000]);
  });

  it('end their wait for a start when the run is aborted', async () => {
    const load = virtualLoad({
      scenarios: [
        loggingIn({
          kind: 'constant-arrival-rate',
          rate: 0.1,
          duration: '30s',
          preAllocatedVUs: 9,
          maxVUs: 9,
        }),
      ],
    });
    await load.clock.advance(1500);
    load.run.abort('enough');
    const result = await load.result();
    expect(result.run.end).toEqual({ kind: 'aborted', reason: 'enough' });
    expect(load.clock.now()).toBeLessThan(1600);
  });
});

describe('a user that starts in mid-run', () => {
  const slowLogin = (extra: Partial<ScenarioDefinition> = {}) =>
    virtualLoad(
      {
        scenarios: [
          loggingIn(
            { kind: 'constant-arrival-rate', rate: 10, duration: '2s', preAllocatedVUs: 0, maxVUs: 50 },
            extra,
          ),
        ],
      },
      ({ path }) => ({ afterMs: path === '/login' ? 700 : 10 }),
    );

  it('logs in in phase prepare, and the response time of its first request still counts from the intended start', async () => {
    const load = slowLogin();
    const result = await load.result();
    expect(new Set(phasesOf(load, '/login'))).toEqual(new Set(['prepare']));
    const { responseTime, serviceTime, queueWait } = result.operations[0]!;
    expect(result.operations).toHaveLength(1);
    expect(responseTime.maxMs).toBeCloseTo(710, -1);
    expect(serviceTime.maxMs).toBeCloseTo(10, 0);
    // The wait until a user is ready counts as queue wait.
    expect(queueWait.maxMs).toBeCloseTo(700, -1);
  });

  it('keeps that wait in the response time when its code thinks first', async () => {
    const result = await slowLogin({
      run: async (user) => {
        await user.think(0.3);
        await user.request({ operation: 'a.ask', path: '/a' });
      },
    }).result();
    const { responseTime, queueWait } = result.operations[0]!;
    expect(responseTime.maxMs).toBeCloseTo(710, -1);
    expect(queueWait.maxMs).toBeCloseTo(700, -1);
    expect(responseTime.minMs).toBeLessThan(20);
  });

  it('of a closed scenario logs in as part of the run, as people do', async () => {
    const load = virtualLoad({
      scenarios: [loggingIn({ kind: 'per-vu-iterations', vus: 2, iterations: 2 })],
    });
    const result = await load.result();
    expect(phasesOf(load, '/login')).toEqual(['run', 'run']);
    expect(result.totals.requests).toBe(6);
  });

  it('leaves what its login did not await in phase prepare', async () => {
    const load = virtualLoad(
      {
        scenarios: [
          loggingIn(
            { kind: 'constant-arrival-rate', rate: 10, duration: '1s', preAllocatedVUs: 1, maxVUs: 5 },
            {
              onStart: (user) => {
                void user.request({ operation: 'login', path: '/login' });
                return Promise.resolve();
              },
            },
          ),
        ],
      },
      ({ path }) => ({ afterMs: path === '/login' ? 250 : 10 }),
    );
    const result = await load.result();
    expect(result.totals.requests).toBe(10);
    expect(new Set(phasesOf(load, '/a'))).toEqual(new Set(['run']));
  });
});

describe('a setup that never ends', () => {
  it.each([
    [undefined, 60_000, '1m'],
    [2500, 2500, '2.5s'],
  ])('ends the run after its limit of %s ms: not valid, with the reason', async (setupMs, endMs, text) => {
    const load = virtualLoad({
      timeouts: setupMs === undefined ? {} : { setupMs },
      scenarios: [asking('a', { kind: 'constant-vus', duration: '1s' }, { setup: never })],
    });
    const { verdict, run } = await load.result();
    expect(load.clock.now()).toBeCloseTo(endMs, -1);
    expect(run.end.kind).toBe('setup-failed');
    expect(verdict.status).toBe('not-valid');
    expect(verdict.reasons[0]!.text).toContain(
      `setup of scenario "a" did not end within ${text} (timeouts.setupMs)`,
    );
  });

  it('leaves no timer behind when it ends in time, or is cancelled', async () => {
    const quick = virtualLoad({
      scenarios: [asking('a', { kind: 'per-vu-iterations' }, { setup: () => Promise.resolve() })],
    });
    await quick.result();
    expect(quick.clock.now()).toBeLessThan(1000);
    const cancelled = virtualLoad({
      scenarios: [asking('a', { kind: 'per-vu-iterations' }, { setup: never })],
    });
    await cancelled.clock.advance(100);
    cancelled.run.abort('enough');
    expect((await cancelled.result()).run.end.kind).toBe('aborted');
  });
});

describe('an onStart that never ends', () => {
  it('of a user before the clock ends the run: not valid, with the reason', async () => {
    const load = virtualLoad({
      timeouts: { setupMs: 5000 },
      scenarios: [
        asking(
          'a',
          { kind: 'constant-arrival-rate', rate: 10, duration: '1s', maxVUs: 2, gracefulStop: '500ms' },
          { onStart: never },
        ),
      ],
    });
    const { verdict, run } = await load.result();
    expect(run.end.kind).toBe('setup-failed');
    expect(verdict.status).toBe('not-valid');
    expect(verdict.reasons[0]!.text).toContain(
      'onStart of scenario "a" (user 1) did not end within 5s (timeouts.setupMs)',
    );
    expect(load.clock.now()).toBeCloseTo(5000, -1);
  });

  it.each<[string, ExecutorOptions]>([
    ['arrivals', { kind: 'constant-arrival-rate', rate: 1, duration: '20s', preAllocatedVUs: 0, maxVUs: 9 }],
    ['users', { kind: 'constant-vus', vus: 2, duration: '20s' }],
    ['iterations', { kind: 'per-vu-iterations', vus: 2, iterations: 3 }],
  ])(
    'in mid-run costs the user of %s its iteration, another one takes its place, and the run is not valid',
    async (_, executor) => {
      let started = 0;
      const load = virtualLoad({
        timeouts: { setupMs: 3000 },
        scenarios: [
          asking('a', executor, {
            onStart: () => (++started === 1 ? never() : Promise.resolve()),
            wait: { kind: 'constant', seconds: 1 },
          }),
        ],
      });
      const result = await load.result();
      expect(result.verdict.status).toBe('not-valid');
      expect(result.verdict.reasons).toContainEqual({
        code: 'setup-timeout',
        text: 'scenario a: onStart did not end within its time limit (timeouts.setupMs), once',
      });
      expect(result.iterations).toMatchObject({ failed: 1, interrupted: 0 });
      const { planned, completed, failed, dropped } = result.iterations;
      expect(completed).toBeGreaterThan(3);
      expect(planned).toBe(completed + failed + dropped);
      expect(result.exceptions[0]).toMatchObject({ count: 1 });
    },
  );

  it('does not count the wait for turns of a paced operation', async () => {
    const load = virtualLoad({
      timeouts: { setupMs: 2000 },
      scenarios: [
        loggingIn(
          { kind: 'constant-vus', vus: 10, duration: '20s' },
          {
            operations: [
              { name: 'a.ask', method: 'GET', route: '/a' },
              { name: 'login', method: 'POST', route: '/login', maxPerSecond: 1 },
            ],
            wait: { kind: 'constant', seconds: 1 },
          },
        ),
      ],
    });
    const { verdict } = await load.result();
    expect(verdict.status).toBe('pass');
    expect(load.target.requests.filter(({ path }) => path === '/login')).toHaveLength(10);
  });
});
