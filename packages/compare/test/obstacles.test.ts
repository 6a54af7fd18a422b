import { describe, expect, it } from 'vitest';
import type { OperationStats, RunResult } from '@jarvis-load/engine/result';
import { compareRuns, DEFAULT_TOLERANCES, isBusy, obstaclesBetween } from '../src/index.ts';
import { simulatedRun } from './support/simulated-run.js';

const base = simulatedRun({ seed: 1, operations: 2, seconds: 12, rate: 20, sigma: 0.3 });
const run: RunResult = {
  ...base,
  verdict: { status: 'pass', reasons: [] },
  run: { ...base.run, id: 'other' },
};
const first: RunResult = { ...run, run: { ...run.run, id: 'first' } };

function obstacles(other: Partial<RunResult>): string[] {
  return obstaclesBetween([first], [{ ...run, ...other }]).map(({ code, invalid, text }) => {
    expect(text).toContain('other');
    return `${code}${invalid ? ' (invalid)' : ''}`;
  });
}

describe('obstacles to a comparison', () => {
  it('are none between valid runs of the same load, whatever their address, tags and verdict', () => {
    const target = { ...run.target, url: 'http://127.0.0.1:7' };
    const verdict = { status: 'fail' as const, reasons: [] };
    expect(obstacles({ target, verdict })).toEqual([]);
  });

  it('are another load: scenarios, or options of an executor', () => {
    const [scenario] = run.scenarios;
    expect(obstacles({ scenarios: [{ ...scenario!, name: 'another' }] })).toEqual(['other-load']);
    const executor = { ...scenario!.executor, rate: 21 };
    expect(obstacles({ scenarios: [{ ...scenario!, executor }] })).toEqual(['other-load']);
  });

  it('are changes of the load while one of the runs was on', () => {
    const changed = (atMs: number, users: number): RunResult => ({
      ...run,
      steering: [{ atMs, scenario: run.scenarios[0]!.name, users }],
    });
    const found = (other: RunResult) => obstaclesBetween([changed(5000, 8)], [other]).map(({ code }) => code);
    expect(found(run)).toEqual(['other-load']);
    expect(found(changed(5000, 9))).toEqual(['other-load']);
    expect(found(changed(9000, 8))).toEqual(['other-load']);
    expect(found(changed(5400, 8))).toEqual([]);
  });

  it('are no changes that reach the same levels at about the same time in other steps', () => {
    const { name } = run.scenarios[0]!;
    const steered = (...levels: readonly (readonly [atMs: number, users: number])[]): RunResult => ({
      ...run,
      steering: levels.map(([atMs, users]) => ({ atMs, scenario: name, users })),
    });
    const found = (a: RunResult, b: RunResult) => obstaclesBetween([a], [b]).map(({ code }) => code);
    const oneStep = steered([0, 25], [8000, 50]);
    expect(found(oneStep, steered([0, 25], [8020, 50]))).toEqual([]);
    expect(found(oneStep, steered([0, 25], [0, 25], [8000, 50]))).toEqual([]);
    expect(found(oneStep, steered([0, 12], [300, 25], [8000, 50]))).toEqual([]);
    expect(found(oneStep, steered([0, 12], [3000, 25], [8000, 50]))).toEqual(['other-load']);
    expect(found(oneStep, steered([0, 25], [8000, 50], [9000, 25]))).toEqual(['other-load']);
    expect(found(oneStep, steered([0, 25], [4000, 50], [8000, 50]))).toEqual(['other-load']);
  });

  it('are runs of a load that varies, of which one ended long before the other, whatever ended it', () => {
    const [scenario] = run.scenarios;
    const ended = (
      kind: 'completed' | 'stopped' | 'threshold',
      durationMs: number,
      executor: RunResult['scenarios'][number]['executor'] = { kind: 'ramping-vus', stages: [] },
    ): RunResult => ({
      ...run,
      scenarios: [{ ...scenario!, executor }],
      run: { ...run.run, durationMs, end: { kind } },
    });
    const found = (a: RunResult, b: RunResult) => obstaclesBetween([a], [b]).map(({ code }) => code);
    expect(found(ended('completed', 300_000), ended('stopped', 30_000))).toEqual(['other-load']);
    expect(found(ended('threshold', 30_000), ended('completed', 300_000))).toEqual(['other-load']);
    expect(found(ended('stopped', 30_000), ended('stopped', 300_000))).toEqual(['other-load']);
    expect(found(ended('stopped', 30_000), ended('stopped', 31_000))).toEqual([]);
    // Iterations take as long as they take, and rows of a feeder.
    expect(found(ended('completed', 30_000), ended('completed', 60_000))).toEqual([]);
    const constant = { kind: 'constant-vus', vus: 3, startTimeMs: 0 };
    expect(found(ended('stopped', 30_000, constant), ended('stopped', 60_000, constant))).toEqual([]);
    const late = { ...constant, startTimeMs: 20_000 };
    expect(found(ended('stopped', 30_000, late), ended('stopped', 60_000, late))).toEqual(['other-load']);
  });

  it('are parts of a run; the merge of all parts is a whole run, whatever share of the caps each had', () => {
    expect(obstacles({ config: { ...run.config, part: '1/3' } })).toEqual(['part-of-run (invalid)']);
    expect(obstacles({ config: { ...run.config, part: '1/1' } })).toEqual([]);
    // Earlier merges kept the settings of the first part.
    expect(obstacles({ config: { ...run.config, part: '1/3' }, extensions: { parts: [] } })).toEqual([]);
    const [scenario] = run.scenarios;
    const capped = (maxVUs: number) => [{ ...scenario!, executor: { ...scenario!.executor, maxVUs } }];
    const found = (extensions: object, maxVUs: number) =>
      obstaclesBetween(
        [{ ...run, scenarios: capped(100) }],
        [{ ...run, scenarios: capped(maxVUs), extensions: { ...extensions } }],
      ).map(({ code }) => code);
    expect(found({ parts: [] }, 34)).toEqual([]);
    expect(found({}, 34)).toEqual(['other-load']);
  });

  it('are another kind of target, or another load generator', () => {
    expect(obstacles({ target: { ...run.target, name: 'mock' } })).toEqual(['other-target']);
    expect(obstacles({ target: { ...run.target, dialect: 'core' } })).toEqual(['other-target']);
    expect(obstacles({ generator: { ...run.generator, engine: 'k6' } })).toEqual(['other-generator']);
  });

  it('are runs that prove nothing', () => {
    const reasons = [{ code: 'machine-limited', text: 'the machine can have made this result' }];
    expect(obstacles({ verdict: { status: 'not-valid', reasons } })).toEqual(['not-valid (invalid)']);
    const health = { ...run.health, generatorLimited: true, reasons: ['late'] };
    expect(obstacles({ health })).toEqual(['generator-limited (invalid)']);
    expect(obstacles({ health: { ...run.health, achievedOfOffered: 0.97 } })).toEqual([
      'not-achieved (invalid)',
    ]);
  });

  it('of runs whose plan is not known are lengths that differ by more than a tenth', () => {
    const unplanned = (durationMs: number): RunResult => ({
      ...run,
      run: { ...run.run, durationMs },
      scenarios: run.scenarios.map((scenario) => ({ ...scenario, executor: {} })),
    });
    const found = (durationMs: number) => obstaclesBetween([unplanned(60_000)], [unplanned(durationMs)]);
    expect(found(63_000)).toEqual([]);
    expect(found(80_000).map(({ code }) => code)).toEqual(['other-load']);
  });
});

describe('users of runs whose plan is not known', () => {
  /** As a k6 file has it. */
  const unplanned = (users: (second: number) => number | null, iterations: number): RunResult => ({
    ...run,
    scenarios: run.scenarios.map((scenario) => ({ ...scenario, executor: {} })),
    series: {
      ...run.series,
      points: run.series.points.map((point, second) => ({ ...point, users: users(second), iterations })),
    },
  });
  const found = (a: RunResult, b: RunResult) => obstaclesBetween([a], [b]).map(({ text }) => text);

  it('keep runs apart where they differ', () => {
    expect(
      found(
        unplanned(() => 10, 20),
        unplanned(() => 10, 10),
      ),
    ).toEqual([]);
    expect(
      found(
        unplanned(() => 10, 20),
        unplanned(() => 50, 20),
      ).join(),
    ).toMatch(/have another load: up to 10 users, and up to 50$/);
    const ramp = (most: number) => (second: number) => (most * second) / 12;
    expect(found(unplanned(ramp(10), 20), unplanned(ramp(50), 80))).toHaveLength(1);
    expect(found(unplanned(ramp(50), 20), unplanned(ramp(50), 10))).toEqual([]);
  });

  it('do not, where one run dropped iterations: a rate decided, and its users were all taken', () => {
    const saturated = unplanned(() => 50, 20);
    const { iterations } = saturated;
    expect(
      found(
        unplanned(() => 10, 20),
        { ...saturated, iterations: { ...iterations, dropped: 30 } },
      ),
    ).toEqual([]);
  });

  it('do not, where more of them wait for the same number of iterations, or fewer; or where they are not known', () => {
    const waiting = (most: number) => (second: number) => most - (second % 3);
    expect(found(unplanned(waiting(5), 20), unplanned(waiting(40), 20))).toEqual([]);
    expect(found(unplanned(waiting(5), 20), unplanned(waiting(40), 12))).toEqual([]);
    expect(
      found(
        unplanned(() => null, 20),
        unplanned(() => 50, 20),
      ),
    ).toEqual([]);
  });
});

describe('a machine that was short of processor time', () => {
  const machine = { processes: [], pressureShare: null, stealShare: null, throttledMs: null, lostShare: 0.4 };
  const slow = simulatedRun({ seed: 3, operations: 2, seconds: 12, rate: 20, sigma: 0.3, factors: { 1: 2 } });
  const busy = (loudSeconds: number): RunResult => ({
    ...slow,
    health: { ...slow.health, machine: { ...machine, seconds: 12, loudSeconds } },
  });
  const findings = (comparison: ReturnType<typeof compareRuns>) =>
    comparison.operations[1]!.metrics.map(({ metric, finding }) => `${metric} ${finding}`);

  it('judges the errors of two runs, not their response times and throughput', () => {
    const comparison = compareRuns([first], [busy(9)]);
    expect(findings(comparison)).toContain('p50 cannot-tell');
    const [p50, , , errors] = comparison.operations[1]!.metrics;
    expect(p50!.reason).toMatch(/short of processor time in 9 of 12 s/);
    expect(p50!.change).toBeGreaterThan(0.5);
    expect(errors!.interval).not.toBeNull();
    const merged: RunResult = {
      ...slow,
      health: { ...slow.health, machines: [{ part: 'part 2/2', ...busy(9).health }] },
    };
    expect(compareRuns([first], [merged]).operations[1]!.metrics[0]!.reason).toMatch(
      /the machine of part 2\/2 was short of processor time in 9 of 12 s/,
    );
  });

  it('does not count for a few seconds, with ignoreMachine, or between runs that took turns', () => {
    expect(findings(compareRuns([first], [busy(0)]))).toContain('p50 worse');
    expect(findings(compareRuns([first], [busy(9)], { ignoreMachine: true }))).toContain('p50 worse');
    const turns = compareRuns([first, run], [busy(9), busy(9)], { paired: true });
    expect(turns.operations[1]!.metrics[0]!.interval).not.toBeNull();
  });

  const median = (stats: OperationStats, p50: number): OperationStats => ({
    ...stats,
    responseTimeOk: {
      ...stats.responseTimeOk,
      percentiles: { ...stats.responseTimeOk.percentiles, p50 },
    },
  });
  /** 480 requests in 12 s: each can have waited `lostShare` x 12,000 ms / 480. @param medians of the operations */
  const lost = (lostShare: number | null, more: object = {}, medians = [100, 100]): RunResult => ({
    ...slow,
    totals: median(slow.totals, 100),
    operations: slow.operations.map((each, index) => median(each, medians[index]!)),
    health: { ...slow.health, machine: { ...machine, seconds: 12, loudSeconds: 12, lostShare, ...more } },
  });

  it('does not count where the waiting is short beside a response, as at low loads', () => {
    expect(slow.totals.requests).toBe(480);
    const [little, much] = [lost(0.1), lost(0.3)];
    expect(findings(compareRuns([first], [little]))).toContain('p50 worse');
    const [p50] = compareRuns([first], [much]).total.metrics;
    expect(p50!.reason).toMatch(/in 12 of 12 s of run .*, about 7\.5 ms of each response$/);
    expect([little, much].map((each) => isBusy(each))).toEqual([false, true]);
  });

  it('counts where a quota or the hypervisor held the threads, they lost most of their time, or that is not known', () => {
    for (const busyRun of [
      lost(0.1, { throttledMs: 200 }),
      lost(0.1, { stealShare: 0.06 }),
      lost(0.51),
      lost(null),
    ]) {
      expect(isBusy(busyRun)).toBe(true);
      const [p50] = compareRuns([first], [busyRun]).total.metrics;
      expect(p50!.reason).toMatch(/in 12 of 12 s of run \S+$/);
    }
    expect(isBusy(lost(0.1, { throttledMs: 100, stealShare: 0.04 }))).toBe(false);
  });

  it('counts, at high loads, what each pass through a waiting thread costs', () => {
    const many = (of: RunResult): RunResult => ({ ...of, totals: { ...of.totals, requests: 100_000 } });
    expect(isBusy(many(lost(0.2)))).toBe(false);
    expect(isBusy(many(lost(0.45)))).toBe(true);
  });

  it('counts for the operations that are short beside the waiting, not for the others, and by the tolerance', () => {
    const quick = lost(0.1, {}, [8, 100]);
    const comparison = compareRuns([first], [quick]);
    expect(comparison.operations[0]!.metrics[0]!.reason).toMatch(/short of processor time/);
    expect(findings(comparison)).toContain('p50 worse');
    // A change below the least difference in milliseconds is never called worse.
    const least = compareRuns([first], [lost(0.03, {}, [8, 100])]);
    expect(least.operations[0]!.metrics[0]!.reason).toBeNull();
    const tolerances = { ...DEFAULT_TOLERANCES, p50: { ...DEFAULT_TOLERANCES.p50, change: 0.02 } };
    expect(findings(compareRuns([first], [lost(0.1)], { tolerances }))).toContain('p50 cannot-tell');
    expect(compareRuns([first, first, first, quick], [first, first]).notes).toContain(
      'simulated: operation-1: 1 of 4 runs of the base left out of response times and throughput: the machine was short of processor time',
    );
  });

  it('of one new run, or of all runs of a side, is no difference to several quiet runs', () => {
    const quiet = [1, 4, 5, 6, 7].map((seed) =>
      simulatedRun({ seed, operations: 2, seconds: 12, rate: 20, sigma: 0.3 }),
    );
    expect(findings(compareRuns(quiet, [busy(0)]))).toContain('p50 worse');
    for (const comparison of [
      compareRuns(quiet, [busy(9)]),
      compareRuns(quiet, [busy(9), busy(9), busy(9)]),
      compareRuns([busy(9), busy(9)], quiet),
    ]) {
      expect(comparison.finding).toBe('cannot-tell');
      expect(comparison.operations[1]!.metrics[0]!.reason).toMatch(/short of processor time in 9 of 12 s/);
      expect(comparison.operations[1]!.metrics[3]!.interval).not.toBeNull();
    }
  });

  it('leaves busy runs out of response times, not out of errors, where enough quiet ones remain', () => {
    const failing = simulatedRun({
      seed: 8,
      operations: 2,
      seconds: 12,
      rate: 20,
      sigma: 0.3,
      errorShare: 1,
    });
    const loud: RunResult = { ...failing, health: busy(9).health };
    const quiet = [1, 4, 5].map((seed) =>
      simulatedRun({ seed, operations: 2, seconds: 12, rate: 20, sigma: 0.3 }),
    );
    const same = compareRuns(quiet, quiet.slice(0, 1));
    const comparison = compareRuns([...quiet, loud], quiet.slice(0, 1));
    const [p50, , , errors] = comparison.total.metrics;
    expect(p50!.base).toBe(same.total.metrics[0]!.base);
    expect(errors!.base).toBeCloseTo(0.25, 3);
    expect(comparison.notes).toEqual([
      '1 of 4 runs of the base left out of response times and throughput: the machine was short of processor time',
    ]);
  });
});

describe('notes of a comparison', () => {
  it('name operations of one side alone, settings, machine and version that differ', () => {
    const environment = { node: 'v20', platform: 'linux', cpu: 'Fast', cpus: 8, memoryBytes: 1 };
    const { notes, operations } = compareRuns(
      [{ ...run, environment, config: { threads: 2 } }],
      [{ ...run, operations: run.operations.slice(1), generator: { ...run.generator, version: '9' } }],
    );
    expect(operations).toHaveLength(1);
    expect(notes).toEqual([
      'only in the base, therefore not compared: simulated: operation-1',
      'setting threads differs: 2, then default',
      'the load came from another machine: 8 × Fast, then unknown',
      'the load came from another version: simulated, then 9',
    ]);
  });
});
