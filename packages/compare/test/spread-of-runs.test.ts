import { describe, expect, it } from 'vitest';
import { spreadOfRuns } from '../src/index.ts';
import { simulatedRun } from './support/simulated-run.js';

describe('the spread of repeated runs', () => {
  const runs = [1, 2, 3, 4, 5].map((seed) =>
    simulatedRun({ seed, operations: 2, seconds: 12, rate: 20, sigma: 0.3, errorShare: 0.02 }),
  );

  it('has the mean of each figure with an interval by the number of runs, and its ends', () => {
    const [total, first] = spreadOfRuns(runs);
    expect([total!.operation, first!.operation]).toEqual(['*', 'operation-1']);
    const [p50, , p99, errors] = first!.figures;
    const values = runs.map((run) => run.operations[0]!.responseTimeOk.percentiles.p50!);
    expect([p50!.least, p50!.most]).toEqual([Math.min(...values), Math.max(...values)]);
    // Of exp(N(ln 10, 0.3)) the median is 10 ms.
    expect(p50!.interval![0]).toBeLessThan(10);
    expect(p50!.interval![1]).toBeGreaterThan(10);
    expect(p50!.interval![1] - p50!.interval![0]).toBeLessThan(2);
    expect([p50!.lowSamples, p99!.lowSamples]).toEqual([false, true]);
    expect(errors!.mean).toBeCloseTo(0.02, 1);
  });

  it('needs two runs', () => {
    expect(() => spreadOfRuns(runs.slice(0, 1))).toThrow('at least two runs');
  });
});
