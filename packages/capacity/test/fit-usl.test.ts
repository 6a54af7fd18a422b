import { describe, expect, it } from 'vitest';
import { fitUsl, type CapacityStep } from '../src/index.ts';
import { outcome } from './models.ts';

function step(inFlight: number, goodPerSecond: number): CapacityStep {
  return {
    step: 1,
    attempt: 1,
    level: inFlight,
    purpose: 'sweep',
    durationMs: 1000,
    ...outcome('pass'),
    figures: {
      offeredPerSecond: null,
      iterationsPerSecond: goodPerSecond,
      requestsPerSecond: goodPerSecond,
      goodPerSecond,
      failureShare: 0,
      rateLimitedShare: 0,
      droppedShare: 0,
      p50Ms: 1,
      p95Ms: 1,
      p99Ms: 1,
      meanMs: 1,
      inFlight,
    },
  };
}

describe('the universal scalability law', () => {
  const law = (n: number): number => (100 * n) / (1 + 0.05 * (n - 1) + 0.001 * n * (n - 1));

  it('finds the coefficients of points that follow it, and the peak', () => {
    const fit = fitUsl([1, 2, 4, 8, 16, 32, 64].map((n) => step(n, law(n))))!;
    expect(fit.gamma).toBeCloseTo(100, 6);
    expect(fit.alpha).toBeCloseTo(0.05, 9);
    expect(fit.beta).toBeCloseTo(0.001, 9);
    expect(fit.peak!.concurrency).toBeCloseTo(Math.sqrt(0.95 / 0.001), 6);
  });

  it('is not shown where it explains nothing, or where there are few points', () => {
    expect(fitUsl([1, 2, 4].map((n) => step(n, law(n))))).toBeUndefined();
    expect(fitUsl([1, 2, 4, 8, 16].map((n, index) => step(n, [50, 10, 90, 20, 70][index]!)))).toBeUndefined();
  });
});
