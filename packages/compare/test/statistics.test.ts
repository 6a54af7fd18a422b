import { describe, expect, it } from 'vitest';
import { deriveRandom } from '@jarvis-load/engine/random';
import { autocorrelation, independentBlocks } from '../src/dependence.ts';
import { holmLevels } from '../src/holm.ts';
import { newcombeEffect, newcombeInterval } from '../src/newcombe.ts';
import { criticalT, twoSidedTail } from '../src/student-t.ts';

describe("Student's t", () => {
  // Abramowitz and Stegun, table 26.10.
  it.each([
    [0.05, 1, 12.706],
    [0.05, 5, 2.571],
    [0.01, 10, 3.169],
    [0.001, 10, 4.587],
    [0.05, 120, 1.98],
    [0.001, 1000, 3.3],
  ])('at level %d with %d degrees of freedom is %d', (alpha, df, t) => {
    expect(criticalT(alpha, df)).toBeCloseTo(t, 2);
    expect(twoSidedTail(criticalT(alpha, df), df)).toBeCloseTo(alpha, 9);
  });

  it('has a tail of 1 at 0 and of 0 at infinity', () => {
    expect(twoSidedTail(0, 7)).toBe(1);
    expect(twoSidedTail(Number.POSITIVE_INFINITY, 7)).toBe(0);
  });
});

describe("Newcombe's interval", () => {
  // Newcombe 1998, table II, method 10, whose difference is the first share less the second.
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [10, 10, 0, 10, 0.6075, 1],
  ])('of %d/%d and %d/%d is that of his paper', (count1, of1, count2, of2, low, high) => {
    const [from, to] = newcombeInterval({ count: count2, of: of2 }, { count: count1, of: of1 }, 1.959964);
    expect(from).toBeCloseTo(low, 4);
    expect(to).toBeCloseTo(high, 4);
  });

  it('excludes 0 exactly where the p-value is below the level', () => {
    for (const count of [0, 3, 7, 12, 20]) {
      const effect = newcombeEffect({ count: 3, of: 200 }, { count, of: 200 }, 25);
      for (const alpha of [0.05, 0.01, 0.001]) {
        const [low, high] = effect.interval(alpha);
        expect(effect.pValue < alpha).toBe(low > 0 || high < 0);
      }
    }
  });
});

describe('Holm', () => {
  it('tests the smallest p at alpha/m, and stays at a level from the first that is not rejected', () => {
    const levels = holmLevels([0.03, 0.001, 0.02, 0.5], 0.05);
    expect(levels.map((level) => Number(level.toFixed(4)))).toEqual([0.0167, 0.0125, 0.0167, 0.0167]);
  });

  it('rejects all when all are small', () => {
    expect(holmLevels([0.001, 0.002], 0.05)).toEqual([0.025, 0.05]);
    expect(holmLevels([], 0.05)).toEqual([]);
  });
});

describe('dependence', () => {
  const series = (rho: number, length: number): number[] => {
    const random = deriveRandom(4);
    let level = 0;
    return Array.from({ length }, () => (level = rho * level + random() - 0.5));
  };

  it.each([0, 0.5, 0.9])('finds an autocorrelation of %d in a long series', (rho) => {
    expect(autocorrelation(series(rho, 20_000))).toBeCloseTo(rho, 1);
  });

  it('is none in a constant series', () => {
    expect(autocorrelation([3, 3, 3, 3, 3])).toBe(0);
  });

  it('makes of 100 blocks that are worth nine tenths of their neighbour five', () => {
    expect(independentBlocks(100, 0.9)).toBeCloseTo(5.26, 2);
    expect(independentBlocks(100, 0)).toBe(100);
  });
});
