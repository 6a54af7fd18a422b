import { describe, expect, it } from 'vitest';
import type { LatencyModel } from '../src/index.ts';
import { sampleLatencyMs } from '../src/latency/sample.ts';
import { RandomStream } from '../src/random/stream.ts';
import { createUuidSource } from '../src/random/uuid.ts';

const N = 40_000;
function draw(model: LatencyModel, seed = 7): number[] {
  const random = new RandomStream(seed, 'chat.send');
  return Array.from({ length: N }, (_, ordinal) => sampleLatencyMs(model, random, ordinal));
}
const quantile = (values: readonly number[], p: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(p * N)]!;
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('latency models', () => {
  it('is constant', () => {
    expect(new Set(draw({ kind: 'constant', ms: 12.5 }))).toEqual(new Set([12.5]));
  });

  it('is uniform between its bounds', () => {
    const values = draw({ kind: 'uniform', minMs: 10, maxMs: 30 });
    expect(Math.min(...values)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...values)).toBeLessThanOrEqual(30);
    expect(mean(values)).toBeCloseTo(20, 0);
  });

  it('is lognormal with the given median and 95th percentile', () => {
    const values = draw({ kind: 'lognormal', p50Ms: 120, p95Ms: 220 });
    expect(quantile(values, 0.5) / 120).toBeCloseTo(1, 1);
    expect(Math.abs(quantile(values, 0.5) - 120)).toBeLessThan(2);
    expect(Math.abs(quantile(values, 0.95) - 220)).toBeLessThan(5);
  });

  it('is exponential with the given mean', () => {
    const values = draw({ kind: 'exponential', meanMs: 50 });
    expect(Math.abs(mean(values) - 50)).toBeLessThan(1);
    expect(Math.abs(quantile(values, 0.95) - 50 * Math.log(20))).toBeLessThan(5);
  });
});

describe('random streams', () => {
  it('give the same numbers for the same seed, others for another seed, stream or ordinal', () => {
    const model = { kind: 'exponential', meanMs: 1 } as const;
    expect(draw(model, 3)).toEqual(draw(model, 3));
    expect(draw(model, 3)).not.toEqual(draw(model, 4));
    expect(new RandomStream(1, 'a').bits(0, 0)).not.toBe(new RandomStream(1, 'b').bits(0, 0));
    expect(new Set(draw(model)).size).toBeGreaterThan(N * 0.99);
  });

  it('have lanes that do not move together', () => {
    const random = new RandomStream(1, 'x');
    const [a, b] = [0, 1].map((lane) => Array.from({ length: N }, (_, k) => random.unit(k, lane) - 0.5));
    const covariance = mean(a!.map((value, index) => value * b![index]!));
    expect(Math.abs(covariance * 12)).toBeLessThan(0.02);
  });

  it('make version 4 UUIDs', () => {
    const uuid = createUuidSource(1);
    const made = Array.from({ length: 1000 }, uuid);
    expect(new Set(made).size).toBe(1000);
    for (const one of made)
      expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(made[0]).toBe(createUuidSource(1)());
  });
});
