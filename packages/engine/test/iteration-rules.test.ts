import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pickTask, taskShares, waitAfter } from '../src/plan/iteration-rules.ts';

describe('the task of an iteration', () => {
  it('is drawn in proportion to the weights, also where their sum is not exact', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.001, max: 1000, noNaN: true }), { minLength: 1, maxLength: 20 }),
        fc.double({ min: 0, max: 1 - Number.EPSILON, noNaN: true }),
        (weights, draw) => {
          const tasks = weights.map((weight, index) => ({ weight, index }));
          const { index } = pickTask(tasks, taskShares(tasks), draw);
          const total = weights.reduce((sum, weight) => sum + weight, 0);
          const before = weights.slice(0, index).reduce((sum, weight) => sum + weight, 0) / total;
          const after = before + weights[index]! / total;
          expect(draw).toBeGreaterThanOrEqual(before - 1e-9);
          expect(draw).toBeLessThan(after + 1e-9);
        },
      ),
    );
  });

  it('is the last one for a draw that rounding puts behind every share', () => {
    expect(pickTask(['a', 'b'], [0.3, 0.999], 0.9995)).toBe('b');
  });
});

it('the wait between iterations counts from their end, or from their start where it sets a pace', () => {
  const half = (): number => 0.5;
  expect(waitAfter({ kind: 'between', min: 1, max: 3 }, half)).toEqual({ from: 'end', seconds: 2 });
  expect(waitAfter({ kind: 'constant', seconds: 4 }, half)).toEqual({ from: 'end', seconds: 4 });
  expect(waitAfter({ kind: 'constant-pacing', seconds: 4 }, half)).toEqual({ from: 'start', seconds: 4 });
  expect(waitAfter({ kind: 'constant-throughput', perSecond: 4 }, half)).toEqual({
    from: 'start',
    seconds: 0.25,
  });
});
