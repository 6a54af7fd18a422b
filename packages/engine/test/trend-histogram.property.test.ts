import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TrendHistogram } from '../src/recorder/index.ts';

const value = fc.oneof(
  fc.integer({ min: 0, max: 1000 }),
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: 0, max: 1e300, noNaN: true }),
);
const values = fc.array(value, { minLength: 1, maxLength: 200 });
const quantile = fc.double({ min: 0, max: 1, noNaN: true });

function trendOf(list: readonly number[]): TrendHistogram {
  const trend = new TrendHistogram();
  for (const item of list) trend.record(item);
  return trend;
}

describe('TrendHistogram', () => {
  it('gives a recorded value at most a thousandth above the sample of the rank', () => {
    fc.assert(
      fc.property(values, quantile, (list, p) => {
        const sorted = [...list].sort((a, b) => a - b);
        const rank = Math.max(1, Math.ceil(Number((p * list.length).toPrecision(14))));
        const truth = sorted[rank - 1] ?? Number.NaN;
        const measured = trendOf(list).quantile(p) ?? Number.NaN;
        expect(measured).toBeGreaterThanOrEqual(truth);
        // Denormal numbers have fewer bits than three significant digits need.
        expect(measured).toBeLessThanOrEqual(Math.max(truth * 1.001, 1e-300));
        expect(list).toContain(p <= 0 ? Math.min(...list) : measured);
      }),
    );
  });

  it('adds up: merged parts equal the whole', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 0, max: 1e9 }), { maxLength: 50 }), { maxLength: 5 }),
        (parts) => {
          const merged = new TrendHistogram();
          for (const part of parts) merged.addSnapshot(structuredClone(trendOf(part).snapshot()));
          expect(merged.snapshot()).toEqual(trendOf(parts.flat()).snapshot());
        },
      ),
    );
  });

  it('keeps count, minimum and maximum exactly and the sum to the last digit', () => {
    const trend = trendOf(Array.from({ length: 1000 }, () => 0.1));
    expect(trend).toMatchObject({ count: 1000, sum: 100, min: 0.1, max: 0.1 });
    expect(trend.quantile(0.5)).toBe(0.1);
  });

  it('rejects and counts what is negative or not finite', () => {
    const trend = new TrendHistogram();
    const accepted = [-1, Number.NaN, Number.POSITIVE_INFINITY, -1e-9].map((bad) => trend.record(bad));
    expect(accepted).toEqual([false, false, false, false]);
    expect(trend).toMatchObject({ count: 0, rejected: 4, min: undefined, max: undefined });
    expect(trend.record(-0)).toBe(true);
    expect(trend.quantile(1)).toBe(0);
    expect(trend.snapshot().indexes).toEqual(Uint32Array.of(0));
  });

  it('is empty after a reset', () => {
    const trend = trendOf([1, 2, 3.5]);
    trend.record(-1);
    trend.reset();
    expect(trend.snapshot()).toEqual(new TrendHistogram().snapshot());
  });
});
