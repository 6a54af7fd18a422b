import { describe, expect, it } from 'vitest';
import { lindleyTruth, overloadTruth, stallTruth, type Truth } from './support/analytic.js';
import type { Script } from './support/scripted-server.js';
import type { ExecutorOptions } from '../src/model/executor-options.ts';
import { resolveExecutor } from '../src/executors/resolve-executor.ts';
import type { RunOptions } from '../src/model/run-options.ts';
import { planArrivals } from '../src/plan/arrivals.ts';
import type { LatencyStats, RunResult } from '../src/document/schema.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';
import { scriptedAnswers } from './support/scripted-answers.ts';

/** Three significant digits, and a microsecond. */
const DIGITS = 0.001;
const MICROSECOND_MS = 0.001;
/** Opening a connection on demand takes one loop turn, which advances the virtual clock. */
const TURN_MS = 0.5;

/**
 * Cases of accuracy.md on a virtual clock, at full length and with the tolerance of the histogram only: nothing is
 * late.
 */
describe('on a virtual clock', () => {
  it('keeps a constant latency constant, open or closed: nothing is back-filled (T4)', async () => {
    for (const [executor, count] of [
      [{ kind: 'constant-vus', vus: 3, duration: '20s' }, 600],
      [{ kind: 'constant-arrival-rate', rate: 10, duration: '20s', maxVUs: 10 }, 200],
    ] as const) {
      const { totals } = await measure(executor, { latencyMs: 100 });
      expect(totals.responseTime).toMatchObject({ count, minMs: 100, meanMs: 100, maxMs: 100 });
      expect(totals.responseTime.percentiles).toMatchObject({ p50: 100, p90: 100, p99: 100 });
    }
  });

  it('gives the computed quantiles of a stall (T1)', async () => {
    const result = await measure(rate(1000, 20), { latencyMs: 5, stall: { atMs: 8000, forMs: 2000 } });
    const truth = stallTruth({ ratePerSecond: 1000, durationMs: 20_000, latencyMs: 5, stallMs: 2000 });
    expectAnalytic(result.totals.responseTime, truth, 20_000, 1);
  });

  it('counts the wait for one of few connections from the intended start (T2)', async () => {
    const set = { ratePerSecond: 1000, durationMs: 20_000, latencyMs: 5, stallMs: 2000 };
    const result = await measure(
      rate(1000, 20),
      { latencyMs: 5, stall: { atMs: 8000, forMs: 2000 } },
      { maxConnections: 10 },
    );
    // Ten connections: the backlog drains in steps of one latency.
    const truth = stallTruth({ ...set, capacityPerSecond: 2000 });
    expectAnalytic(result.totals.responseTime, truth, 20_000, set.latencyMs);
    expect(result.totals.serviceTime.percentiles['p99.9']).toBeCloseTo(5, 1);
    expect(result.totals.queueWait.maxMs).toBeGreaterThan(1990);
    expect(result.health.generatorLimited).toBe(false);
  });

  it('drains an overload, and counts all of its wait (T3)', async () => {
    const result = await measure(rate(1000, 10), { servicePerSecond: 800 });
    const truth = overloadTruth({ ratePerSecond: 1000, servicePerSecond: 800, durationMs: 10_000 });
    expectAnalytic(result.totals.responseTime, truth, 10_000, 1);
    expect(result.run.durationMs).toBeCloseTo(truth.drainedMs, -1);
  });

  it('gives the computed quantiles of one stall of a second in a minute (T6)', async () => {
    const result = await measure(rate(1000, 60), { latencyMs: 10, stall: { atMs: 20_000, forMs: 1000 } });
    const truth = stallTruth({ ratePerSecond: 1000, durationMs: 60_000, latencyMs: 10, stallMs: 1000 });
    expectAnalytic(result.totals.responseTime, truth, 60_000, 1);
    // The value in the table of accuracy.md.
    expect(Math.round(truth.quantile(0.99))).toBe(410);
    expect(Math.round(truth.quantile(0.9999))).toBe(1004);
  });

  it('keeps evenly spaced arrivals flat at a single server (T9)', async () => {
    const { totals } = await measure(rate(80, 60), { servicePerSecond: 100 });
    expect(totals.responseTime.count).toBe(4800);
    expect(totals.responseTime.minMs).toBeCloseTo(10, 2);
    expect(totals.responseTime.maxMs).toBeCloseTo(10, 0);
  });

  it("queues Poisson arrivals at a single server as computed by Lindley's recursion for the same schedule (T9)", async () => {
    const seed = 20_261_122;
    const executor = { ...rate(80, 120), arrivals: 'poisson' } as const;
    const { totals } = await measure(executor, { servicePerSecond: 100 }, { seed });
    const truth = lindleyTruth(scheduleOf(executor, seed), 10);
    expectAnalytic(totals.responseTime, truth, truth.sorted.length, 0);
    // There is a real queue: with uniform spacing the response time would be 10 ms throughout.
    expect(totals.responseTime.percentiles.p90).toBeGreaterThan(30);
  });
});

function rate(perSecond: number, seconds: number) {
  const kind = 'constant-arrival-rate' as const;
  return { kind, rate: perSecond, duration: seconds * 1000, preAllocatedVUs: 50, maxVUs: 5000 };
}

function measure(
  executor: ExecutorOptions,
  script: Script,
  options: Partial<Omit<RunOptions, 'scenarios'>> = {},
): Promise<RunResult> {
  return virtualLoad(
    { scenarios: [asking('virtual', executor)], ...options },
    scriptedAnswers(script),
  ).result();
}

function expectAnalytic(measured: LatencyStats, truth: Truth, count: number, stepMs: number): void {
  expect(measured.count).toBe(count);
  const { p50, p90, p95, p99, 'p99.9': p999, 'p99.99': p9999 } = measured.percentiles;
  const rows = [
    [0.5, p50],
    [0.9, p90],
    [0.95, p95],
    [0.99, p99],
    [0.999, p999],
    [0.9999, p9999],
    [1, measured.maxMs],
  ] as const;
  const missed = rows
    .map(([p, ms]) => ({ p, ms: ms ?? Number.NaN, expected: truth.quantile(p) }))
    .filter(
      ({ ms, expected }) =>
        !(Math.abs(ms - expected) <= expected * DIGITS + MICROSECOND_MS + TURN_MS + stepMs),
    );
  expect(missed).toEqual([]);
  const meanOffMs = Math.abs((measured.meanMs ?? Number.NaN) - truth.mean);
  expect(meanOffMs).toBeLessThanOrEqual(truth.mean * DIGITS + MICROSECOND_MS + TURN_MS + stepMs / 2);
}

function scheduleOf(options: ExecutorOptions, seed: number): number[] {
  const executor = resolveExecutor(options, 'virtual');
  if (executor.kind !== 'constant-arrival-rate') throw new Error('not a rate');
  // The stream of the first scenario, as createExecutor draws it.
  const schedule = planArrivals(executor, seed, 0, 0);
  const offsets: number[] = [];
  for (let next = schedule.next(); next !== undefined; next = schedule.next()) offsets.push(next);
  return offsets;
}
