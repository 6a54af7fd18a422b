import { expect, it } from 'vitest';
import { failedOf, failuresByOutcome } from '../src/page/failed-of.ts';

it('a user who hung up is no failure, in numbers and rows', () => {
  const outcomes = { ok: 3, hung_up: 2, stalled: 1, timeout: 0 };
  expect(failedOf({ requests: 6, outcomes })).toBe(1);
  expect(failuresByOutcome(outcomes)).toEqual([['stalled', 1]]);
  expect(failedOf({ requests: 6, outcomes: { ok: 4 } })).toBe(2);
});
