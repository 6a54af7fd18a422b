import { describe, expect, it } from 'vitest';
import { capacityReport, type CapacityRound } from '../src/index.ts';

function reportOf(...levels: readonly number[]) {
  const rounds = levels.map((level): CapacityRound => ({
    answer: {
      kind: 'found',
      level,
      confirmedMs: 60_000,
      failed: { level: level + 1, broken: null, reason: 'is fail' },
    },
    steps: [],
  }));
  return capacityReport({
    generator: { name: 'jarvis-load', version: '0' },
    id: 'x',
    startedAt: '2026-01-01T00:00:00Z',
    mode: 'search',
    unit: 'rate',
    target: { name: 'mock', url: 'http://127.0.0.1' },
    scenarios: [],
    precision: 0.05,
    rounds,
    notes: [],
  }).interval;
}

describe('the interval of repeated searches', () => {
  it("is the mean with Student's t of as many searches as found a level", () => {
    // t of 95 % with 2 degrees of freedom is 4.3027; the standard error of 590, 600, 610 is 5.7735.
    expect(reportOf(590, 610, 600)).toMatchObject({ searches: 3, mean: 600, least: 590, most: 610 });
    expect(reportOf(590, 610, 600)!.low).toBeCloseTo(600 - 4.3027 * 5.7735, 2);
    expect(reportOf(590, 610, 600)!.high).toBeCloseTo(600 + 4.3027 * 5.7735, 2);
  });

  it('is wide with two searches, never below 0, and not given for one', () => {
    expect(reportOf(90, 110)).toMatchObject({ low: 0 });
    expect(reportOf(90, 110)!.high).toBeCloseTo(100 + 127.06, 1);
    expect(reportOf(90)).toBeNull();
  });
});
