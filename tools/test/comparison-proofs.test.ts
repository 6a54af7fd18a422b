import { expect, it } from 'vitest';
import { comparisonMockProof } from '../prove/comparison-mock.js';
import { comparisonProof } from '../prove/comparison.js';

it.each(['shift-0.2', 'shift-0.3'])('%s misses its target where nothing is found', (key) => {
  const run = { case: key, seed: 1, trials: 10, flagged: 0, found: 0, halfWidths: [0.1] };
  expect(comparisonProof.row({ key }, [run]).holds).toBe(false);
  expect(comparisonProof.row({ key }, [{ ...run, found: 10 }]).holds).toBe(true);
});

it.each([
  [1, 0, true],
  [1, 1, false],
  [19, 1, false],
  [20, 1, true],
  [20, 2, false],
])('of %i comparisons %i wrong', (count, wrong, holds) => {
  const runs = Array.from({ length: count }, (_, k) => ({
    case: 'same',
    obstacle: null,
    busy: false,
    wrong: k < wrong ? ['search p50 worse'] : [],
    found: false,
    change: 0,
  }));
  expect(comparisonMockProof.row({ key: 'same' }, runs).holds).toBe(holds);
});
