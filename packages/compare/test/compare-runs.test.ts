import { describe, expect, it } from 'vitest';
import type { RunResult } from '@jarvis-load/engine/result';
import { compareRuns, type Comparison } from '../src/index.ts';
import { simulatedRun } from './support/simulated-run.js';

const RUN = { operations: 4, seconds: 30, rate: 20, sigma: 0.3, errorShare: 0.01 };

function compared(base: object, candidate: object, seed = 1): Comparison {
  return compareRuns(
    [simulatedRun({ ...RUN, seed, ...base })],
    [simulatedRun({ ...RUN, seed: seed + 1, ...candidate })],
  );
}

function rows(comparison: Comparison) {
  return [comparison.total, ...comparison.operations].flatMap(({ operation, metrics }) =>
    metrics.map((row) => ({ operation, ...row })),
  );
}

function withoutBlocks(run: RunResult): RunResult {
  const older = { ...run };
  delete older.blocks;
  return older;
}

function changed(comparison: Comparison): string[] {
  return rows(comparison).flatMap(({ operation, metric, finding }) =>
    finding === 'worse' || finding === 'better' ? [`${operation} ${metric} ${finding}`] : [],
  );
}

describe('comparing two runs', () => {
  it('judges throughput also where a run has no good answer', () => {
    const throughput = rows(compared({}, { errorShare: 1 })).filter(({ metric }) => metric === 'throughput');
    for (const { change, interval, finding } of throughput) {
      expect(interval?.every(Number.isFinite)).toBe(true);
      expect({ change, finding }).toEqual({ change: 0, finding: 'no-difference' });
    }
  });

  it('of the same distribution finds no difference larger than x, and says x', () => {
    const comparison = compared({}, {});
    expect(changed(comparison)).toEqual([]);
    expect(comparison.method).toBe('blocks');
    const p50 = rows(comparison).filter(({ metric }) => metric === 'p50');
    for (const row of p50) {
      expect(row.finding).toBe('no-difference');
      expect(row.atMost).toBeGreaterThan(0.01);
      expect(row.atMost).toBeLessThan(0.25);
    }
  });

  it('finds a shift of 20 % in one operation, in the right direction, with an interval that holds it', () => {
    const slower = compared({}, { factors: { 2: 1.2 } });
    expect(slower.finding).toBe('worse');
    expect(slower.operations.map(({ finding }) => finding === 'worse')).toEqual([false, false, true, false]);
    const p50 = slower.operations[2]!.metrics[0]!;
    expect(p50.interval![0]).toBeGreaterThan(0);
    expect(p50.interval![0]).toBeLessThan(0.2);
    expect(p50.interval![1]).toBeGreaterThan(0.2);
    expect(compared({ factors: { 2: 1.2 } }, {}).operations[2]!.finding).toBe('better');
  });

  it('finds errors that came in', () => {
    const comparison = compared({ errorShare: 0 }, { errorShare: 0.08 });
    const errors = rows(comparison).filter(({ metric }) => metric === 'errors');
    expect(errors.every(({ finding }) => finding === 'worse')).toBe(true);
  });

  it('takes one outlier second for chance: slow answers, or errors alone', () => {
    expect(changed(compared({}, { outlier: { second: 12, factor: 10 } }))).toEqual([]);
    const errors = { errorShare: 0, outlier: { second: 12, factor: 1, errors: true } };
    expect(changed(compared({ errorShare: 0 }, errors))).toEqual([]);
  });

  it('takes a drift that both runs have, each its own, for chance', () => {
    const drift = { drift: { phi: 0.9, sigma: 0.2 } };
    const found = [1, 3, 5, 7, 9].flatMap((seed) => changed(compared(drift, drift, seed)));
    expect(found).toEqual([]);
  });

  it('does not count what a load plan with stages does over time as spread', () => {
    const ramp = {
      timeFactor: (second: number) => 1 + second / 10,
      rateFactor: (second: number) => 1 + second / 30,
    };
    expect(changed(compared(ramp, ramp))).toEqual([]);
    const slower = compared(ramp, { ...ramp, factors: { 1: 1.25 } });
    expect(changed(slower)).toContain('operation-2 p50 worse');
  });

  it('gives the same comparison each time', () => {
    expect(compared({}, {})).toEqual(compared({}, {}));
  });

  it('cannot tell without blocks, as in documents of older versions, but shows the change', () => {
    const older = withoutBlocks(simulatedRun({ ...RUN, seed: 1 }));
    const comparison = compareRuns([older], [simulatedRun({ ...RUN, seed: 2, factors: { 1: 2 } })]);
    expect(comparison.finding).toBe('cannot-tell');
    const [p50] = comparison.operations[1]!.metrics;
    expect(p50!.change).toBeGreaterThan(0.8);
    expect(p50!.interval).toBeNull();
    expect(p50!.reason).toContain('older versions');
  });

  it('cannot tell of a percentile with fewer than ten samples beyond it, nor of a run of some seconds', () => {
    const p99 = compared({}, {}).operations[0]!.metrics[2]!;
    expect(p99).toMatchObject({ finding: 'cannot-tell', reason: 'too few samples beyond it' });
    const short = compared({ seconds: 6, rate: 100 }, { seconds: 6, rate: 100 });
    expect(short.operations[0]!.metrics[0]!.reason).toContain('less than 10 s');
  });

  it('judges the mean, p99.9 with enough answers, and no maximum', () => {
    const few = compared({}, { factors: { 2: 1.2 } }).operations[2]!.further;
    expect(few.map(({ metric }) => metric)).toEqual(['mean', 'p99.9', 'max']);
    const [mean, high, max] = few;
    expect(mean).toMatchObject({ finding: 'worse' });
    expect(mean!.interval![0]).toBeGreaterThan(0);
    expect(mean!.interval![1]).toBeLessThan(0.4);
    expect(high).toMatchObject({ finding: 'cannot-tell', reason: 'too few samples beyond it' });
    expect(max).toMatchObject({ finding: 'cannot-tell', interval: null });
    expect(max!.change).toBeCloseTo(max!.new! / max!.base! - 1);

    const many = { operations: 1, rate: 500 };
    expect(compared(many, many).operations[0]!.further[1]!.interval).not.toBeNull();
  });

  it('pairs runs of which one lasted a little longer, also across a change of the width of blocks', () => {
    const times = { seconds: 60, rate: 10 };
    const comparison = compared(times, { ...times, seconds: 62 });
    expect(changed(comparison)).toEqual([]);
    expect(comparison.total.metrics[4]!.interval![1]).toBeLessThan(0.02);
  });
});

describe('comparing several runs a side', () => {
  const side = (count: number, seed: number, factors: Record<number, number> = {}): RunResult[] =>
    Array.from({ length: count }, (_, k) => simulatedRun({ ...RUN, operations: 2, seed: seed + k, factors }));

  it('counts a run as one observation', () => {
    const base = side(5, 1);
    const same = compareRuns(base, side(5, 11));
    expect(same.method).toBe('runs');
    expect(changed(same)).toEqual([]);
    expect(changed(compareRuns(base, side(5, 21, { 1: 1.4 })))).toContain('operation-2 p50 worse');
    expect(compareRuns(base, side(5, 11), { paired: true }).method).toBe('pairs');
  });

  it('judges a single new run by the spread of the runs before it, also without blocks', () => {
    const base = side(8, 1).map(withoutBlocks);
    expect(changed(compareRuns(base, side(1, 31)))).toEqual([]);
    expect(changed(compareRuns(base, side(1, 41, { 0: 1.6 })))).toContain('operation-1 p50 worse');
  });

  it('does not take two equal runs without errors for proof that there are none', () => {
    const none = { ...RUN, operations: 1, errorShare: 0 };
    const quiet = [1, 2].map((seed) => simulatedRun({ ...none, seed }));
    const errors = compareRuns(
      quiet,
      [3, 4].map((seed) => simulatedRun({ ...none, seed })),
    ).total.metrics[3]!;
    expect(errors.interval![1]).toBeGreaterThan(0.003);
  });
});
