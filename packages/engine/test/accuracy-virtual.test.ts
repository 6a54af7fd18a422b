import { describe, expect, it } from 'vitest';
import { resolveExecutor } from '../src/executors/resolve.ts';
import { planArrivals } from '../src/plan/arrivals.ts';
import { OUTCOMES } from '../src/outcome.ts';
import { quantileOfSnapshot, type HistogramSnapshot } from '../src/recorder/histogram-snapshot.ts';
import type { OperationInterval } from '../src/recorder/interval-data.ts';
import { lindleyTruth, stallTruth, type Truth } from './support/analytic.js';
import { virtualRun } from './support/virtual-run.ts';

const OK = OUTCOMES.indexOf('ok');
const DIGITS = 0.001;

/** Cases of accuracy.md on a virtual clock, as long as they are stated: nothing is late there, so nothing is forgiven. */
describe('on a virtual clock', () => {
  it('keeps a constant latency constant, open or closed: nothing is back-filled (T4)', async () => {
    const script = { latencyMs: 100 };
    for (const executor of [
      { kind: 'constant-vus', vus: 3, duration: '20s' },
      { kind: 'constant-arrival-rate', rate: 10, duration: '20s', maxVUs: 10 },
    ] as const) {
      const { count, at } = responseTimes(await virtualRun({ executor, script }));
      expect(count).toBe(executor.kind === 'constant-vus' ? 600 : 200);
      for (const p of [0, 0.01, 0.5, 0.9, 0.99, 1]) expect(at(p)).toBe(100);
    }
  });

  it('shows one hiccup of a second in a minute as arithmetic wants it (T6)', async () => {
    const measured = responseTimes(
      await virtualRun({
        executor: { kind: 'constant-arrival-rate', rate: 1000, duration: '60s', maxVUs: 2000 },
        script: { latencyMs: 10, stall: { atMs: 20_000, forMs: 1000 } },
      }),
    );
    const truth = stallTruth({ ratePerSecond: 1000, durationMs: 60_000, latencyMs: 10, stallMs: 1000 });

    expect(measured.count).toBe(60_000);
    expectAnalytic(measured, truth, 1, [0.5, 0.9, 0.99, 0.999, 0.9999]);
    // The table of accuracy.md, as it stands there.
    expect(Math.round(truth.quantile(0.99))).toBe(410);
    expect(Math.round(truth.quantile(0.9999))).toBe(1004);
  });

  it('keeps evenly spaced arrivals flat at a single server (T9)', async () => {
    const executor = { kind: 'constant-arrival-rate', rate: 80, duration: '60s', maxVUs: 500 } as const;
    const measured = responseTimes(await virtualRun({ executor, script: { servicePerSecond: 100 } }));
    expect(measured.count).toBe(4800);
    for (const p of [0, 0.5, 0.99, 1]) expect(measured.at(p)).toBeCloseTo(10, 2);
  });

  it("queues Poisson arrivals at a single server as Lindley's recursion says of the same schedule (T9)", async () => {
    const seed = 20_261_122;
    const executor = {
      kind: 'constant-arrival-rate',
      rate: 80,
      duration: '120s',
      maxVUs: 500,
      arrivals: 'poisson',
    } as const;
    const measured = responseTimes(await virtualRun({ executor, seed, script: { servicePerSecond: 100 } }));
    const truth = lindleyTruth(scheduleOf(executor, seed), 10);

    expect(measured.count).toBe(truth.sorted.length);
    expectAnalytic(measured, truth, 0, [0.5, 0.9, 0.99, 0.999]);
    // The queue is a real one: far from the flat 10 ms of even spacing.
    expect(measured.at(0.9)).toBeGreaterThan(30);
  });

  it('counts the wait for one of few connections from the intended start (T2)', async () => {
    const set = { ratePerSecond: 1000, durationMs: 20_000, latencyMs: 5, stallMs: 2000 };
    const operation = await virtualRun({
      executor: { kind: 'constant-arrival-rate', rate: 1000, duration: '20s', maxVUs: 5000 },
      script: { latencyMs: 5, stall: { atMs: 8000, forMs: 2000 } },
      maxConnections: 10,
    });
    // Ten at a time: the backlog drains in steps of one latency.
    expectAnalytic(
      responseTimes(operation),
      stallTruth({ ...set, capacityPerSecond: 2000 }),
      set.latencyMs,
      [0.5, 0.9, 0.95, 0.99, 0.999],
    );
    expect(quantileOfSnapshot(operation.service[OK]!, 0.999)! / 1000).toBeCloseTo(5, 1);
    expect(operation.queueWait.max / 1000).toBeGreaterThan(1990);
  });
});

interface Measured {
  readonly count: number;
  readonly mean: number;
  /** Milliseconds. */
  at(p: number): number;
}

function responseTimes({ response }: OperationInterval): Measured {
  const snapshot: HistogramSnapshot = response[OK]!;
  return {
    count: snapshot.count,
    mean: snapshot.sum / snapshot.count / 1000,
    at: (p) => quantileOfSnapshot(snapshot, p)! / 1000,
  };
}

/** Three digits, a microsecond, one step of the schedule. */
function expectAnalytic(
  measured: Measured,
  truth: Truth,
  stepMs: number,
  quantiles: readonly number[],
): void {
  const at = [...quantiles, 1];
  const missed = at
    .map((p) => ({ p, measured: measured.at(p), expected: truth.quantile(p) }))
    .filter((row) => Math.abs(row.measured - row.expected) > row.expected * DIGITS + 0.001 + stepMs);
  expect(missed).toEqual([]);
  expect(Math.abs(measured.mean - truth.mean)).toBeLessThanOrEqual(truth.mean * DIGITS + 0.001 + stepMs / 2);
}

function scheduleOf(options: Parameters<typeof resolveExecutor>[0], seed: number): number[] {
  const executor = resolveExecutor(options, 'virtual');
  if (executor.kind !== 'constant-arrival-rate') throw new Error('not a rate');
  // The stream of the first scenario, as createExecutor draws it.
  const schedule = planArrivals(executor, seed, 0, 0);
  const offsets: number[] = [];
  for (let next = schedule.next(); next !== undefined; next = schedule.next()) offsets.push(next);
  return offsets;
}
