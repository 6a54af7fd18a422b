import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExecutorOptions } from '../src/model/executor-options.ts';
import { resolveExecutor } from '../src/executors/resolve-executor.ts';
import {
  planArrivals,
  plannedArrivals,
  rateCurveOf,
  splitSchedule,
  type ArrivalRateExecutor,
  type ArrivalSchedule,
} from '../src/plan/arrivals.ts';

type ArrivalOptions = Extract<ExecutorOptions, { kind: 'constant-arrival-rate' | 'ramping-arrival-rate' }>;

function resolve(options: ArrivalOptions): ArrivalRateExecutor {
  const resolved = resolveExecutor({ maxVUs: 10, ...options }, 'test');
  if (resolved.kind !== 'constant-arrival-rate' && resolved.kind !== 'ramping-arrival-rate')
    throw new Error('not an arrival-rate executor');
  return resolved;
}

function drain(schedule: ArrivalSchedule): number[] {
  const offsets: number[] = [];
  for (let next = schedule.next(); next !== undefined; next = schedule.next()) offsets.push(next);
  expect(schedule.next()).toBeUndefined();
  return offsets;
}

const rate = fc.oneof(fc.integer({ min: 0, max: 200 }), fc.double({ min: 0, max: 50, noNaN: true }));
const executor = fc
  .record({
    startRate: rate,
    stages: fc.array(
      fc.record({ duration: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 4000 })), target: rate }),
      { minLength: 1, maxLength: 5 },
    ),
    arrivals: fc.constantFrom('uniform' as const, 'poisson' as const),
    timeUnit: fc.constantFrom(1000, 500, 1100),
  })
  .filter(
    ({ startRate, stages }) =>
      stages.some((s) => s.duration > 0) && Math.max(startRate, ...stages.map((s) => s.target)) > 0,
  )
  .map((options) => resolve({ kind: 'ramping-arrival-rate', ...options }));

describe('a uniform schedule', () => {
  it('of a constant rate starts arrival k at k/rate, the first at 0, all before the end', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 3000 }),
        (perSecond, duration) => {
          const offsets = drain(
            planArrivals(resolve({ kind: 'constant-arrival-rate', rate: perSecond, duration }), 1),
          );
          expect(offsets.length).toBe(Math.ceil((perSecond * duration) / 1000));
          const wrong = offsets.findIndex((offset, k) => Math.abs(offset - (k * 1000) / perSecond) > 1e-9);
          expect(wrong).toBe(-1);
          expect(offsets[0]).toBe(0);
          expect(offsets.at(-1)).toBeLessThan(duration);
        },
      ),
    );
  });

  it.each([
    [1000, 1000, '20s', 20_000],
    [3, 1100, 1100, 3],
    [1, 3000, '9s', 3],
    [0.1, 1000, '30s', 3],
    [7, 700, '7s', 70],
  ])('of %d per %d ms over %s has %d arrivals', (perUnit, timeUnit, duration, count) => {
    const constant = resolve({ kind: 'constant-arrival-rate', rate: perUnit, timeUnit, duration });
    expect(plannedArrivals(constant, 1)).toBe(count);
    expect(drain(planArrivals(constant, 1)).length).toBe(count);
  });

  it('of a ramp solves r0*t + a*t^2/2 = k and carries the fraction into the next stage', () => {
    // 0 to 3/s in 1 s is 1.5 arrivals: k = 2 lies half an arrival into the second stage, which has 3/s.
    const ramp = resolve({
      kind: 'ramping-arrival-rate',
      stages: [
        { duration: '1s', target: 3 },
        { duration: '1s', target: 3 },
      ],
    });
    const [zero, one, two, three, four, ...none] = drain(planArrivals(ramp, 1));
    expect(zero).toBe(0);
    expect(one).toBeCloseTo(1000 * Math.sqrt(2 / 3), 9);
    expect(two).toBeCloseTo(1000 + 500 / 3, 9);
    expect(three).toBeCloseTo(1000 + 1500 / 3, 9);
    expect(four).toBeCloseTo(1000 + 2500 / 3, 9);
    expect(none).toEqual([]);
  });

  it('waits through a pause instead of starting at its beginning', () => {
    const pause = resolve({
      kind: 'ramping-arrival-rate',
      startRate: 2,
      stages: [
        { duration: '1s', target: 2 },
        { duration: 0, target: 0 },
        { duration: '5s', target: 0 },
        { duration: 0, target: 2 },
        { duration: '1s', target: 2 },
      ],
    });
    expect(drain(planArrivals(pause, 1))).toEqual([0, 500, 6000, 6500]);
  });

  it('puts arrival k where k are expected, by integrating the rate numerically', () => {
    fc.assert(
      fc.property(executor, (ramp) => {
        if (ramp.kind !== 'ramping-arrival-rate') return;
        const curve = rateCurveOf(ramp);
        const expectedBy = (atMs: number): number => {
          let sum = 0;
          let start = 0;
          let from = ramp.startRate;
          for (const { durationMs, target } of ramp.stages) {
            const within = Math.min(Math.max(atMs - start, 0), durationMs);
            if (durationMs > 0) sum += from * within + ((target - from) * within * within) / durationMs / 2;
            start += durationMs;
            from = target;
          }
          return sum / ramp.timeUnitMs;
        };
        for (let k = 0; k < curve.total; k += Math.max(1, Math.floor(curve.total / 20))) {
          const offset = curve.offsetOf(k) ?? Number.NaN;
          expect(Math.abs(expectedBy(offset) - k)).toBeLessThan(1e-6 * (1 + k));
        }
      }),
    );
  });
});

describe('scenarios that take turns', () => {
  /** Options of each scenario of a group of `of`: the rate divided by `of`, through its time unit. */
  const parts = (of: number, options: ArrivalOptions & { readonly timeUnit?: unknown }) =>
    Array.from({ length: of }, (_, index) =>
      resolve({
        ...options,
        timeUnit: of * Number(options.timeUnit ?? 1000),
        turn: { index, of },
      }),
    );
  const rates = fc.oneof(
    fc.integer({ min: 1, max: 3000 }),
    fc.double({ min: 0.01, max: 2000, noNaN: true }),
    fc.integer({ min: 1, max: 5000 }).map((tenths) => tenths / 10),
  );
  const arrivals = fc.constantFrom('uniform' as const, 'poisson' as const);
  const shared = fc.oneof(
    fc.record({
      kind: fc.constant('constant-arrival-rate' as const),
      rate: rates,
      duration: fc.integer({ min: 1, max: 20_000 }),
      arrivals,
    }),
    fc.record({
      kind: fc.constant('ramping-arrival-rate' as const),
      startRate: fc.oneof(fc.constant(0), rates),
      stages: fc.array(fc.record({ duration: fc.integer({ min: 1, max: 5000 }), target: rates }), {
        minLength: 1,
        maxLength: 5,
      }),
      arrivals,
    }),
  );

  it('start together exactly by the schedule of one scenario, whatever the rates and stages', () => {
    fc.assert(
      fc.property(shared, fc.integer({ min: 1, max: 6 }), fc.integer(), (options, of, seed) => {
        const alone = drain(planArrivals(resolve(options), seed));
        const taken = parts(of, options).map((part) => {
          const offsets = drain(planArrivals(part, seed));
          expect(offsets.length).toBe(plannedArrivals(part, seed));
          return offsets;
        });
        expect(taken.flat().toSorted((a, b) => a - b)).toEqual(alone);
        if (options.arrivals === 'uniform') {
          taken.forEach((offsets, index) =>
            expect(offsets).toEqual(alone.filter((_, k) => k % of === index)),
          );
        }
      }),
    );
  });

  it('get Poisson arrivals at random: each part is a Poisson process of its share of the rate', () => {
    const [part] = parts(3, {
      kind: 'constant-arrival-rate',
      rate: 300,
      duration: 100_000,
      arrivals: 'poisson',
    });
    const offsets = drain(planArrivals(part!, 7));
    const gaps = offsets.slice(1).map((offset, k) => offset - offsets[k]!);
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    expect(mean).toBeGreaterThan(9.5);
    expect(mean).toBeLessThan(10.5);
    // The standard deviation of an exponential distribution equals its mean; with round-robin it would be 58 % of it.
    expect(Math.sqrt(variance) / mean).toBeGreaterThan(0.95);
    expect(Math.sqrt(variance) / mean).toBeLessThan(1.05);
  });

  it('are divided among threads like every schedule', () => {
    const [first] = parts(2, { kind: 'constant-arrival-rate', rate: 10, duration: '2s' });
    const thread = (j: number) => drain(splitSchedule(planArrivals(first!, 1), j, 2));
    expect(thread(0)).toEqual([0, 400, 800, 1200, 1600]);
    expect(thread(1)).toEqual([200, 600, 1000, 1400, 1800]);
  });

  it.each([
    [{ index: 2, of: 2 }, 'turn.index is 2; expected a whole number from 0 to 1'],
    [{ index: 0 }, 'turn.of is missing; expected a whole number from 1'],
    [{ index: 0, of: 2, place: 1 }, "unknown executor option 'turn.place'"],
    [3, 'turn is 3; expected an object, such as { index: 0, of: 2 }'],
  ])('have a place among them: %j is refused', (turn, message) => {
    const options = {
      kind: 'constant-arrival-rate',
      rate: 1,
      duration: '1s',
      turn,
    } as unknown as ArrivalOptions;
    expect(() => resolve(options)).toThrow(message);
  });
});

describe('every schedule', () => {
  it('ascends, stays within the planned time, and has as many arrivals as planned', () => {
    fc.assert(
      fc.property(executor, fc.integer(), (any, seed) => {
        const offsets = drain(planArrivals(any, seed, 3));
        expect(offsets.length).toBe(plannedArrivals(any, seed, 3));
        expect(offsets.findIndex((offset, k) => offset < (offsets[k - 1] ?? 0))).toBe(-1);
        if (offsets.length > 0) expect(offsets.at(-1)).toBeLessThanOrEqual(any.plannedDurationMs);
      }),
    );
  });

  it('is the union of its parts: thread j of n takes arrivals k = j mod n', () => {
    fc.assert(
      fc.property(executor, fc.integer(), fc.integer({ min: 1, max: 4 }), (any, seed, threads) => {
        const whole = drain(planArrivals(any, seed));
        for (let thread = 0; thread < threads; thread++) {
          const part = drain(splitSchedule(planArrivals(any, seed), thread, threads));
          expect(part).toEqual(whole.filter((_, k) => k % threads === thread));
        }
      }),
    );
  });
});

describe('a Poisson schedule', () => {
  const poisson = resolve({
    kind: 'constant-arrival-rate',
    rate: 1000,
    duration: '60s',
    arrivals: 'poisson',
  });
  const offsets = drain(planArrivals(poisson, 2026));
  const gaps = offsets.map((offset, k) => offset - (offsets[k - 1] ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;

  it('is the same for the same seed and another for another', () => {
    expect(drain(planArrivals(poisson, 2026)).slice(0, 1000)).toEqual(offsets.slice(0, 1000));
    expect(drain(planArrivals(poisson, 2027)).slice(0, 10)).not.toEqual(offsets.slice(0, 10));
    expect(drain(planArrivals(poisson, 2026, 1)).slice(0, 10)).not.toEqual(offsets.slice(0, 10));
  });

  it('has gaps with a coefficient of variation of 1', () => {
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    expect(mean).toBeCloseTo(1, 1);
    // The standard error of the estimate is about 1/sqrt(n) = 0.004.
    expect(Math.abs(Math.sqrt(variance) / mean - 1)).toBeLessThan(0.02);
  });

  it('has counts per 100 ms with a dispersion of 1', () => {
    const counts = Array.from({ length: 600 }, () => 0);
    for (const offset of offsets) counts[Math.floor(offset / 100)]!++;
    const average = offsets.length / counts.length;
    const variance = counts.reduce((sum, count) => sum + (count - average) ** 2, 0) / (counts.length - 1);
    // Variance over mean has a standard error of sqrt(2/599) = 0.058.
    expect(Math.abs(variance / average - 1)).toBeLessThan(0.2);
  });

  it('passes Kolmogorov-Smirnov against the exponential distribution', () => {
    expect(kolmogorovSmirnov(gaps.map((gap) => 1 - Math.exp(-gap)))).toBeLessThan(1.63);
  });

  it('follows a ramp: rescaled by the expected arrivals it is a process of rate 1 again', () => {
    const ramp = resolve({
      kind: 'ramping-arrival-rate',
      stages: [
        { duration: '10s', target: 1000 },
        { duration: '10s', target: 200 },
      ],
      arrivals: 'poisson',
    });
    const rescaled = drain(planArrivals(ramp, 5)).map((ms) => {
      const s = ms / 1000;
      return s < 10 ? 50 * s * s : 5000 + 1000 * (s - 10) - 40 * (s - 10) ** 2;
    });
    expect(Math.abs(rescaled.length - 11_000)).toBeLessThan(4 * Math.sqrt(11_000));
    const unitGaps = rescaled.map((x, k) => x - (rescaled[k - 1] ?? 0));
    expect(kolmogorovSmirnov(unitGaps.map((gap) => 1 - Math.exp(-gap)))).toBeLessThan(1.63);
  });
});

/**
 * Kolmogorov-Smirnov statistic against the uniform distribution on [0, 1], times sqrt(n); critical value at 1 %: 1.63.
 */
function kolmogorovSmirnov(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  const distances = sorted.map((value, k) =>
    Math.max(Math.abs(value - k / n), Math.abs(value - (k + 1) / n)),
  );
  return Math.sqrt(n) * distances.reduce((a, b) => Math.max(a, b), 0);
}

describe('a gamma schedule', () => {
  const gaps = (shape: number, seed: number): number[] => {
    const offsets = drain(
      planArrivals(
        resolve({ kind: 'constant-arrival-rate', rate: 100, duration: 200_000, arrivals: `gamma:${shape}` }),
        seed,
      ),
    );
    return offsets.slice(1).map((offset, k) => offset - offsets[k]!);
  };

  it.each([0.25, 0.5, 1, 2, 16])(
    'of shape %d has the rate, and gaps that vary by 1 / sqrt(shape)',
    (shape) => {
      const all = gaps(shape, 20_261_128);
      const mean = all.reduce((sum, gap) => sum + gap, 0) / all.length;
      const variance = all.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / all.length;
      expect(Math.abs(mean / 10 - 1)).toBeLessThan(0.05);
      expect(Math.abs(Math.sqrt(variance) / mean / (1 / Math.sqrt(shape)) - 1)).toBeLessThan(0.05);
    },
  );

  it('is divided among scenarios that take turns, and among threads, without loss', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.double({ min: 0.05, max: 20, noNaN: true }),
        fc.integer({ min: 1, max: 5 }),
        (seed, shape, of) => {
          const options = {
            kind: 'constant-arrival-rate',
            rate: 50,
            duration: 5000,
            arrivals: `gamma:${shape.toFixed(3)}` as `gamma:${number}`,
          } as const;
          const whole = drain(planArrivals(resolve(options), seed));
          const threads = Array.from({ length: of }, (_, thread) =>
            drain(splitSchedule(planArrivals(resolve(options), seed), thread, of)),
          );
          expect(threads.flat().toSorted((a, b) => a - b)).toEqual(whole);
          const turns = Array.from({ length: of }, (_, index) =>
            drain(planArrivals(resolve({ ...options, timeUnit: 1000 * of, turn: { index, of } }), seed)),
          );
          expect(turns.flat().toSorted((a, b) => a - b)).toEqual(whole);
        },
      ),
      { numRuns: 30 },
    );
  });

  it.each(['gamma', 'gamma:0', 'gamma:x', 'gamma:-1', 'gamma:2000', 'bursts'])('refuses %s', (arrivals) => {
    expect(() =>
      resolve({ kind: 'constant-arrival-rate', rate: 1, duration: 1000, arrivals: arrivals as 'poisson' }),
    ).toThrow(/'gamma:<shape>' with a shape from 0.01 to 1000/);
  });
});
