import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialTail } from '../src/proof/binomial-tail.ts';

/** P(X >= k) by Pascal's rule: the distribution of n samples from that of n - 1. */
function byConvolution(k: number, n: number, share: number): number {
  let probabilities = [1];
  for (let samples = 0; samples < n; samples++) {
    probabilities = Array.from(
      { length: samples + 2 },
      (_, i) => (probabilities[i] ?? 0) * (1 - share) + (probabilities[i - 1] ?? 0) * share,
    );
  }
  return probabilities.slice(k).reduce((sum, probability) => sum + probability, 0);
}

const shares = fc.double({ min: 0.001, max: 0.999, noNaN: true });

describe('the tail of a binomial distribution', () => {
  it('is the sum of its terms', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 0, max: 120 }),
        shares,
        (n, k, share) => {
          expect(binomialTail(k, n, share)).toBeCloseTo(byConvolution(k, n, share), 10);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('falls with k and grows with the share', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        shares,
        shares,
        (n, part, a, b) => {
          const k = Math.floor(part * n);
          const [low, high] = a < b ? [a, b] : [b, a];
          expect(binomialTail(k + 1, n, low)).toBeLessThanOrEqual(binomialTail(k, n, low) + 1e-12);
          expect(binomialTail(k, n, low)).toBeLessThanOrEqual(binomialTail(k, n, high) + 1e-9);
        },
      ),
    );
  });

  it.each([
    // Reference values: exact rational arithmetic (Python's fractions), the last one a sum of lgamma terms.
    [1, 1, 0.01, 0.01],
    [2, 2, 0.05, 0.0025],
    [3, 50, 0.01, 0.0138172708306],
    [4, 50, 0.01, 0.0015961730907],
    [60, 1000, 0.05, 0.0867321783848],
    [5200, 100_000, 0.05, 0.0019954800699],
  ])('of %i or more of %i at %d is %d', (k, n, share, expected) => {
    expect(binomialTail(k, n, share)).toBeCloseTo(expected, 10);
  });

  it.each([
    [0, 10, 0, 1],
    [1, 10, 0, 0],
    [10, 10, 1, 1],
    [11, 10, 1, 0],
  ])('at its ends: %i of %i at %d is %d', (k, n, share, expected) => {
    expect(binomialTail(k, n, share)).toBe(expected);
  });

  it('is exact to the end of the range of a run', () => {
    expect(binomialTail(5_000_000, 10_000_000, 0.5)).toBeCloseTo(0.5, 3);
    expect(binomialTail(1, 10_000_000, 0.5)).toBe(1);
    expect(binomialTail(5_010_000, 10_000_000, 0.5)).toBeLessThan(1e-9);
  });
});
