import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plannedLoad, resolveExecutor, type ExecutorOptions } from '@jarvis-load/engine';
import { planArrivals, splitSchedule } from '../../../packages/engine/src/plan/arrivals.ts';
import { CliError } from '../src/cli-error.ts';
import type { LoadSettings } from '../src/options/load-settings.ts';
import { executorsFor } from '../src/run/executors-for.ts';
import { describeShape, loadShape } from '../src/run/load-shape.ts';
import { steeredShape } from '../src/session/steered-shape.ts';
import { shapeOfPart } from '../src/run/shape-of-part.ts';
import { shareUsers } from '../src/run/share-users.ts';
import { DEFAULT_SUITE } from '../src/suites/suites.ts';

const TESTS = { suite: DEFAULT_SUITE, scenarios: DEFAULT_SUITE.scenarios };
const DEMAND = { iterationSeconds: 2, requests: { 'chat.send': 1, health: 1 } };
const executor = (settings: LoadSettings) => executorsFor(loadShape(settings, TESTS), [DEMAND])[0]!;

describe('the load that flags ask for', () => {
  it('is the default profile when nothing is said', () => {
    expect(executor({})).toMatchObject({
      kind: 'ramping-vus',
      stages: [
        { duration: 10_000, target: 5 },
        { duration: 50_000, target: 5 },
      ],
    });
  });

  it('scales the levels of a profile by --users and its stages by --time-scale', () => {
    expect(executor({ profile: 'load', users: 20, timeScale: 0.1 })).toMatchObject({
      stages: [
        { duration: 3000, target: 2 },
        { duration: 6000, target: 10 },
        { duration: 12_000, target: 10 },
        { duration: 3000, target: 20 },
        { duration: 6000, target: 20 },
        { duration: 3000, target: 0 },
      ],
    });
  });

  it('is a ramp and a hold with --users, --spawn-rate and --run-time, as Locust has it', () => {
    expect(executor({ users: 100, spawnRate: 10, duration: 300_000 })).toEqual({
      kind: 'ramping-vus',
      startVUs: 0,
      stages: [
        { duration: 10_000, target: 100 },
        { duration: 290_000, target: 100 },
      ],
    });
  });

  it('is an open model with --rate, whose users are at most ten seconds of it', () => {
    expect(executor({ rate: 5, duration: 30_000 })).toMatchObject({
      kind: 'constant-arrival-rate',
      rate: 5,
      duration: 30_000,
      maxVUs: 50,
      arrivals: 'uniform',
    });
    expect(executor({ rate: 5, maxVus: 7, arrivals: 'poisson' })).toMatchObject({
      maxVUs: 7,
      arrivals: 'poisson',
      duration: 60_000,
    });
    expect(executor({ rate: 100_000 })).toMatchObject({ maxVUs: 5000 });
    expect(executor({ rateStages: [{ durationMs: 1000, target: 30 }] })).toMatchObject({
      kind: 'ramping-arrival-rate',
      maxVUs: 300,
    });
  });

  it('shares a number of iterations among no more users than there are iterations', () => {
    expect(executor({ iterations: 3, users: 10 })).toMatchObject({
      kind: 'shared-iterations',
      vus: 3,
      iterations: 3,
    });
  });

  it('is one iteration of one user with --once', () => {
    expect(executor({ once: true })).toMatchObject({ kind: 'per-vu-iterations', vus: 1, iterations: 1 });
  });

  it('must reach its users within the run', () => {
    expect(() => executor({ users: 100, spawnRate: 1, duration: 10_000 })).toThrow(CliError);
    expect(() => executor({ spawnRate: 1 })).toThrow('--spawn-rate needs');
  });

  it('is the arrivals of a file, whose rows without a scenario start each in turn', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'shape-')), 'trace.csv');
    writeFileSync(file, `time\n0\n${'4\n'.repeat(20)}9\n`);
    const settings = { arrivalsFile: file, timeScale: 0.5, duration: 4000 };
    const shape = loadShape(settings, TESTS);
    expect(describeShape(shape)).toBe(`21 arrivals of ${file} in 4s, without the 1 after that, times x 0.5`);
    expect(executorsFor(shape, [DEMAND, DEMAND])[1]).toEqual({
      kind: 'replayed-arrivals',
      file,
      timeScale: 0.5,
      duration: 4000,
      turn: { index: 1, of: 2 },
    });
    // Each part has its share of the cap, which follows from the busiest second of the whole file.
    const part = shapeOfPart(shape, { ...settings, part: { index: 0, of: 4 }, startAt: 1, seed: 1 });
    expect(executorsFor(part, [DEMAND])[0]).toMatchObject({ maxVUs: 50 });
    const days = `time\n${30 * 86_400}\n`;
    writeFileSync(file, days);
    expect(() => loadShape({ arrivalsFile: file }, TESTS)).toThrow('its last arrival is after 2592000 s');
  });

  it('has a rate before anything is said about one', () => {
    expect(() => executor({ arrivals: 'poisson' })).toThrow('--arrivals');
    expect(() => executor({ maxVus: 5 })).toThrow('--max-vus');
  });

  it('can be said in words', () => {
    const words = (settings: LoadSettings) => describeShape(loadShape(settings, TESTS));
    expect(words({ profile: 'load', users: 20, timeScale: 0.1 })).toBe(
      'profile load, 20 users in all, stages x 0.1',
    );
    expect(words({ users: 100, spawnRate: 10, duration: 300_000 })).toBe(
      '100 users in all, started within 10s, for 5m',
    );
    expect(words({ rate: 5, duration: 30_000 })).toBe('5 iterations/s in all for 30s, at most 50 in flight');
    const steered = steeredShape(
      { duration: 60_000 },
      { users: 0, ramp: { users: 40, perSecond: 4 } },
      undefined,
      TESTS.suite,
    );
    expect(describeShape(steered)).toBe(
      '40 users in all, 4 started per second, to begin with, steered for 1m',
    );
  });
});

const levelsOf = (options: ExecutorOptions) =>
  'stages' in options ? options.stages.map(({ target }) => target) : [];

/** The executors of `count` scenarios with the same demand. */
const shares = (settings: LoadSettings, count: number) =>
  executorsFor(
    loadShape(settings, TESTS),
    Array.from({ length: count }, () => DEMAND),
  );

describe('a rate that several scenarios share', () => {
  /** Start times of the iterations over all scenarios. */
  const starts = (executors: readonly ExecutorOptions[], threads = 1) =>
    executors
      .flatMap((options) => {
        const resolved = resolveExecutor(options, 'test');
        if (resolved.kind !== 'constant-arrival-rate' && resolved.kind !== 'ramping-arrival-rate')
          throw new Error('not an executor with a schedule');
        return Array.from({ length: threads }, (_, thread) => {
          const schedule = splitSchedule(planArrivals(resolved, 1), thread, threads);
          const offsets: number[] = [];
          for (let next = schedule.next(); next !== undefined; next = schedule.next()) offsets.push(next);
          return offsets;
        }).flat();
      })
      .toSorted((a, b) => a - b);
  const rates = fc.oneof(
    fc.integer({ min: 1, max: 3000 }),
    fc.double({ min: 0.5, max: 2000, noNaN: true }),
    fc.integer({ min: 5, max: 5000 }).map((tenths) => tenths / 10),
  );
  const arrivals = fc.constantFrom('uniform' as const, 'poisson' as const);

  it('comes to exactly the schedule of one scenario, a rate as its stages', () => {
    const settings = fc.oneof(
      fc.record({ rate: rates, duration: fc.integer({ min: 12_000, max: 20_000 }), arrivals }),
      fc.record({
        rateStages: fc.array(
          fc.record({ durationMs: fc.integer({ min: 12_000, max: 20_000 }), target: rates }),
          { minLength: 1, maxLength: 3 },
        ),
        arrivals,
      }),
    );
    fc.assert(
      fc.property(
        settings,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 3 }),
        (given, count, threads) => {
          expect(starts(shares(given, count), threads)).toEqual(starts(shares(given, 1)));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('shares what may be in flight, too, and each scenario has some of it', () => {
    const most = (settings: LoadSettings) =>
      shares(settings, 3).map((share) => (share as { maxVUs?: number }).maxVUs);
    expect(most({ rate: 500, duration: 30_000 })).toEqual([1667, 1667, 1666]);
    expect(most({ rateStages: [{ durationMs: 60_000, target: 0.5 }] })).toEqual([4, 3, 3]);
    expect(() => most({ rate: 500, maxVus: 2 })).toThrow('--max-vus: 2 is less than one for each of 3');
  });

  it('makes few users beforehand, and as many as the cap allows when they are needed', () => {
    const caps = shares({ rate: 300, duration: 30_000 }, 3).map((options) =>
      resolveExecutor(options, 'test'),
    );
    expect(caps).toMatchObject(Array.from({ length: 3 }, () => ({ preAllocatedVUs: 10, maxVUs: 1000 })));
  });

  it('is enough for each of them to start', () => {
    expect(() => shares({ rate: 0.1, duration: 20_000 }, 3)).toThrow(
      '--rate: 0.1/s for 20s comes to less than one iteration for each of 3 scenarios',
    );
    expect(() => shares({ rateStages: [{ durationMs: 20_000, target: 0.2 }] }, 3)).toThrow(
      '--rate-stages: these stages come to less than one iteration for each of 3 scenarios',
    );
    expect(starts(shares({ rate: 0.1, duration: 30_000 }, 3))).toEqual([0, 10_000, 20_000]);
  });
});

describe('users that several scenarios share', () => {
  const users = (settings: LoadSettings, count: number) =>
    shares(settings, count).map((options) => resolveExecutor(options, 'test').maxUsers);

  it('are users of the run, not of each scenario', () => {
    expect(users({ users: 100, profile: 'load' }, 3)).toEqual([34, 33, 33]);
    expect(users({ users: 100, spawnRate: 50 }, 3)).toEqual([34, 33, 33]);
    expect(users({ users: 10, iterations: 100 }, 3)).toEqual([4, 3, 3]);
    expect(users({ iterations: 100 }, 3)).toEqual([1, 1, 1]);
    expect(users({ users: 3, profile: 'smoke' }, 3)).toEqual([1, 1, 1]);
  });

  it('scale the stages of a profile in the proportion of their part, rounded up', () => {
    // The 34 and 33 users of the 100 at the highest level are 34 % and 33 % of it.
    const levels = shares({ users: 100, profile: 'load' }, 3).map(levelsOf);
    expect(levels).toEqual([
      [4, 17, 17, 34, 34, 0],
      [4, 17, 17, 33, 33, 0],
      [4, 17, 17, 33, 33, 0],
    ]);
  });

  it('are shared in the proportion in which the profile has them', () => {
    const demands = [
      { iterationSeconds: 2, requests: { 'chat.send': 1 } },
      { iterationSeconds: 20, requests: { 'chat.send': 1 } },
    ];
    const peaks = (settings: LoadSettings) =>
      executorsFor(loadShape({ profile: 'selftest', ...settings }, TESTS), demands).map(
        (options) => resolveExecutor(options, 'test').maxUsers,
      );
    const [a, b] = peaks({}) as [number, number];
    expect(b).toBeGreaterThan(a * 5);
    const [less, more] = peaks({ users: 20 }) as [number, number];
    expect(less + more).toBe(20);
    expect(Math.abs(less - (20 * a) / (a + b))).toBeLessThan(1);
    expect(peaks({ users: 20, spawnRate: 10 })).toEqual([less, more]);
    expect(peaks({ users: 2 })).toEqual([1, 1]);
  });

  it('of own stages are shared level by level', () => {
    const stages = [
      { durationMs: 1000, target: 10 },
      { durationMs: 1000, target: 1 },
      { durationMs: 1000, target: 0 },
    ];
    const levels = shares({ stages }, 3).map(levelsOf);
    expect(levels).toEqual([
      [4, 1, 0],
      [3, 0, 0],
      [3, 0, 0],
    ]);
  });

  it('are at least one for each scenario', () => {
    expect(() => shares({ users: 2 }, 3)).toThrow('--users: 2 is less than one for each of 3 scenarios');
    expect(() => shares({ users: 2, spawnRate: 1 }, 3)).toThrow('--users: 2 is less than one');
    expect(() => shares({ users: 2, iterations: 9 }, 3)).toThrow('--users: 2 is less than one');
    expect(() => shares({ stages: [{ durationMs: 1000, target: 2 }] }, 3)).toThrow(
      '--stages: 2 is less than one',
    );
    expect(users({ users: 1 }, 1)).toEqual([1]);
  });
});

describe('shareUsers', () => {
  const weights = fc.array(fc.double({ min: 0.001, max: 1000, noNaN: true }), { minLength: 1, maxLength: 8 });

  it('comes to the total, and leaves no scenario without a user', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 8, max: 10_000 }), (given, total) => {
        const parts = shareUsers(total, given, '--users');
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total);
        expect(Math.min(...parts)).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('is within one user of the proportion where that gives each at least one', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 8, max: 10_000 }), (given, total) => {
        const sum = given.reduce((all, weight) => all + weight, 0);
        fc.pre(given.every((weight) => (weight / sum) * total >= 1));
        shareUsers(total, given, '--users').forEach((part, index) =>
          expect(Math.abs(part - (given[index]! / sum) * total)).toBeLessThan(1 + 1e-9),
        );
      }),
    );
  });
});

describe('plannedLoad', () => {
  const scenario = (settings: LoadSettings, demand = DEMAND) => ({
    name: 'x',
    operations: [],
    demand,
    executor: executor(settings),
  });

  it('adds up the most that all scenarios ask for', () => {
    const stages = [{ durationMs: 60_000, target: 10 }];
    // 10 users with 2 requests per 2 s each; 5 iterations/s with 2 requests each.
    expect(plannedLoad([scenario({ stages }), scenario({ rate: 5, maxVus: 7, duration: 90_000 })])).toEqual({
      users: 17,
      requestsPerSecond: 20,
      durationMs: 90_000,
    });
  });

  it('counts the logins of users that start, each operation within its own limit', () => {
    const demand = { ...DEMAND, startRequests: { login: 1 } };
    const loggingIn = (settings: LoadSettings, maxPerSecond?: number) => {
      const limit = maxPerSecond === undefined ? {} : { maxPerSecond };
      const login = { name: 'login', method: 'POST' as const, route: '/login', ...limit };
      return { ...scenario(settings, demand), operations: [login] };
    };
    const rateOf = (...given: Parameters<typeof loggingIn>) =>
      plannedLoad([loggingIn(...given)]).requestsPerSecond;
    // Each of the 5 iterations/s may start a user, which logs in.
    expect(rateOf({ rate: 5, duration: 90_000 })).toBe(15);
    // 100 users in 10 s are 10 logins/s, in addition to 100 requests/s; all at once they are 100 logins/s.
    expect(rateOf({ stages: [{ durationMs: 10_000, target: 100 }] })).toBe(110);
    expect(
      rateOf({
        stages: [
          { durationMs: 0, target: 100 },
          { durationMs: 10_000, target: 100 },
        ],
      }),
    ).toBe(200);
    expect(
      rateOf(
        {
          stages: [
            { durationMs: 0, target: 100 },
            { durationMs: 10_000, target: 100 },
          ],
        },
        5,
      ),
    ).toBe(105);
  });

  it('takes a scenario without think time or without a declared demand for unbounded', () => {
    const stages = [{ durationMs: 1000, target: 1 }];
    const { demand: _demand, ...silent } = scenario({ stages });
    const limited = { name: 'cart', method: 'GET' as const, route: '/cart', maxPerSecond: 5 };
    const other = { name: 'order', method: 'GET' as const, route: '/order' };
    const unbounded = { requestsPerSecond: Number.POSITIVE_INFINITY, unbounded: ['x'] };
    for (const given of [silent, scenario({ stages }, { ...DEMAND, iterationSeconds: 0 })]) {
      expect(plannedLoad([{ ...given, operations: [other] }])).toMatchObject(unbounded);
      expect(plannedLoad([{ ...given, operations: [limited, other] }])).toMatchObject(unbounded);
      // What its operations may make at most is a bound, too.
      const bounded = plannedLoad([{ ...given, operations: [limited] }]);
      expect(bounded.requestsPerSecond).toBe(5);
      expect(bounded).not.toHaveProperty('unbounded');
      const { withoutThinkTime } = plannedLoad([{ ...given, operations: [other] }]);
      expect(withoutThinkTime).toEqual(given === silent ? undefined : ['x']);
    }
  });
});
