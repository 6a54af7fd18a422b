import { describe, expect, it } from 'vitest';
import { type CapacityRound } from '../src/index.ts';
import { reportOf } from './support/report-of.ts';

function intervalOf(...levels: readonly number[]) {
  const rounds = levels.map((level): CapacityRound => ({
    answer: {
      kind: 'found',
      level,
      confirmedMs: 60_000,
      failed: { level: level + 1, broken: null, reason: 'is fail' },
    },
    steps: [],
  }));
  return reportOf(rounds).interval;
}

describe('the interval of repeated searches', () => {
  it("is the mean with Student's t of as many searches as found a level", () => {
    // t of 95 % with 2 degrees of freedom is 4.3027; the standard error of 590, 600, 610 is 5.7735.
    expect(intervalOf(590, 610, 600)).toMatchObject({ searches: 3, mean: 600, least: 590, most: 610 });
    expect(intervalOf(590, 610, 600)!.low).toBeCloseTo(600 - 4.3027 * 5.7735, 2);
    expect(intervalOf(590, 610, 600)!.high).toBeCloseTo(600 + 4.3027 * 5.7735, 2);
  });

  it('is wide with two searches, never below 0, and not given for one', () => {
    expect(intervalOf(90, 110)).toMatchObject({ low: 0 });
    expect(intervalOf(90, 110)!.high).toBeCloseTo(100 + 127.06, 1);
    expect(intervalOf(90)).toBeNull();
  });
});
