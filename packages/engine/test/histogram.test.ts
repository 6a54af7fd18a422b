import { describe, expect, it } from 'vitest';
import { Histogram, quantileOfSnapshot } from '../src/recorder/index.ts';
import { rankOf } from '../src/recorder/rank.ts';

describe('Histogram', () => {
  it('returns undefined, not 0, without values', () => {
    const empty = new Histogram();
    expect([empty.min, empty.max, empty.mean, empty.stdDev, empty.quantile(0.5)]).toEqual(
      Array.from({ length: 5 }, () => undefined),
    );
    expect(empty.snapshot()).toMatchObject({ count: 0, sum: 0, min: 0, max: 0 });
    expect(quantileOfSnapshot(empty.snapshot(), 0.5)).toBeUndefined();
  });

  it('holds zero, as most phases of a request are', () => {
    const histogram = new Histogram();
    for (let k = 0; k < 3; k++) histogram.record(0);
    expect(histogram).toMatchObject({ count: 3, sum: 0, min: 0, max: 0, clamped: 0 });
    expect(histogram.quantile(0.99)).toBe(0);
  });

  it('rounds fractions as Math.round does, so that max stays a whole number', () => {
    const histogram = new Histogram();
    histogram.record(1.5);
    histogram.record(2.49);
    histogram.record(-0.3);
    expect(histogram).toMatchObject({ count: 3, sum: 4, min: 0, max: 2, clamped: 0 });
    expect(Object.is(histogram.min, 0)).toBe(true);
  });

  it.each([
    [-1, 0],
    [Number.NaN, 0],
    [Number.NEGATIVE_INFINITY, 0],
    [3_600_000_001, 3_600_000_000],
    [2 ** 40, 3_600_000_000],
    [Number.POSITIVE_INFINITY, 3_600_000_000],
  ])('moves %d to the limit %d and counts it', (value, limit) => {
    const histogram = new Histogram();
    histogram.record(value);
    expect(histogram).toMatchObject({ count: 1, clamped: 1, min: limit, max: limit });
  });

  it('counts beyond 32 bits', () => {
    const histogram = new Histogram();
    const half = { indexes: Uint32Array.of(1500), counts: Float64Array.of(2 ** 33), sum: 1500 * 2 ** 33 };
    histogram.addSnapshot({ ...half, count: 2 ** 33, min: 1500, max: 1500, clamped: 0 });
    histogram.record(1500);
    expect(histogram.count).toBe(2 ** 33 + 1);
    expect(histogram.snapshot().counts[0]).toBe(2 ** 33 + 1);
  });
});

describe('rankOf', () => {
  it.each([
    [0.07, 100, 7],
    [0.57, 100, 57],
    [0.29, 100, 29],
    [0.9999, 10_000, 9999],
    [0.9999, 100_000, 99_990],
    [0.951, 1000, 951],
    [0.5, 3, 2],
    [0, 10, 1],
    [1, 10, 10],
  ])('of quantile %d in %d samples is %d', (p, n, rank) => {
    expect(rankOf(p, n)).toBe(rank);
  });

  it('never misses a whole number by rounding', () => {
    for (const n of [100, 1000, 10_000, 1_000_000]) {
      for (let k = 1; k <= 1000; k++) {
        expect(rankOf(k / 1000, n)).toBe(Math.ceil((k * n) / 1000));
      }
    }
  });
});
