import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CliError } from '../src/cli-error.ts';
import type { LoadSettings } from '../src/options/load-settings.ts';
import { describeShape, executorFor, loadShape } from '../src/run/load-shape.ts';
import { plannedLoad } from '../src/run/planned-load.ts';

const DEMAND = { iterationSeconds: 2, requests: { 'chat.send': 1, health: 1 } };
const executor = (settings: LoadSettings) => executorFor(loadShape(settings, 'smoke'), DEMAND);

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

  it('has a rate before anything is said about one', () => {
    expect(() => executor({ arrivals: 'poisson' })).toThrow('--arrivals');
    expect(() => executor({ maxVus: 5 })).toThrow('--max-vus');
  });

  it('can be said in words', () => {
    const words = (settings: LoadSettings) => describeShape(loadShape(settings, 'smoke'));
    expect(words({ profile: 'load', users: 20, timeScale: 0.1 })).toBe(
      'profile load, 20 users, stages x 0.1',
    );
    expect(words({ rate: 5, duration: 30_000 })).toBe('5 iterations/s in all for 30s, at most 50 in flight');
  });
});

describe('a rate that several scenarios share', () => {
  const shares = (settings: LoadSettings, count: number) =>
    Array.from({ length: count }, (_, index) =>
      executorFor(loadShape(settings, 'smoke'), DEMAND, { index, count }),
    );

  it('comes to exactly that rate, evenly spaced over all of them', () => {
    const rates = fc.oneof(
      fc.integer({ min: 1, max: 5000 }),
      fc.double({ min: 0.5, max: 2000, noNaN: true }),
      fc.integer({ min: 5, max: 5000 }).map((tenths) => tenths / 10),
    );
    fc.assert(
      fc.property(
        rates,
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 6 }),
        (rate, seconds, count) => {
          fc.pre(rate * seconds > count);
          const starts = shares({ rate, duration: seconds * 1000 }, count).flatMap((share) => {
            const { startTime, duration, timeUnit, ...rest } = share as unknown as Record<string, number>;
            const planned = Math.ceil((duration! * rest['rate']!) / timeUnit!);
            return Array.from({ length: planned }, (_, k) => startTime! + (k * timeUnit!) / rate);
          });
          starts.sort((a, b) => a - b);
          expect(starts).toHaveLength(Math.ceil(rate * seconds));
          // A start is rounded up to the microsecond.
          const farthest = starts.reduce(
            (most, ms, k) => Math.max(most, Math.abs(ms - (k * 1000) / rate)),
            0,
          );
          expect(farthest).toBeLessThan(0.0011);
        },
      ),
    );
  });

  it('shares what may be in flight, too, and each scenario has some of it', () => {
    const most = (settings: LoadSettings) =>
      shares(settings, 3).map((share) => (share as { maxVUs?: number }).maxVUs);
    expect(most({ rate: 500, duration: 30_000 })).toEqual([1667, 1667, 1666]);
    expect(most({ rateStages: [{ durationMs: 60_000, target: 0.5 }] })).toEqual([4, 3, 3]);
    expect(() => most({ rate: 500, maxVus: 2 })).toThrow('--max-vus: 2 is less than one for each of 3');
  });

  it('is enough for each of them to start', () => {
    expect(() => shares({ rate: 0.1, duration: 20_000 }, 3)).toThrow(
      '--rate: 0.1/s for 20s is less than one',
    );
    expect(shares({ rate: 0.1, duration: 30_000 }, 3)).toMatchObject([
      { startTime: 0, duration: 30_000 },
      { startTime: 10_000, duration: 20_000 },
      { startTime: 20_000, duration: 10_000 },
    ]);
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
    // 10 users, 2 requests every 2 s each; 5 iterations/s of 2 requests
    expect(plannedLoad([scenario({ stages }), scenario({ rate: 5, maxVus: 7, duration: 90_000 })])).toEqual({
      users: 17,
      requestsPerSecond: 20,
      durationMs: 90_000,
    });
  });

  it('takes a scenario without think time or without a declared demand for unbounded', () => {
    const stages = [{ durationMs: 1000, target: 1 }];
    const { demand: _demand, ...silent } = scenario({ stages });
    expect(plannedLoad([silent]).requestsPerSecond).toBe(Number.POSITIVE_INFINITY);
    expect(plannedLoad([scenario({ stages }, { ...DEMAND, iterationSeconds: 0 })]).requestsPerSecond).toBe(
      Number.POSITIVE_INFINITY,
    );
  });
});
