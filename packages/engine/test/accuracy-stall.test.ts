import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stallTruth } from './support/analytic.js';
import { expectQuantiles, expectSandwiched } from './support/expect-quantiles.ts';
import { numberedRun } from './support/numbered-run.ts';
import { ScriptedServer, type Script } from './support/scripted-server.js';

/** Cases T1 and T2 of accuracy.md, shortened: all responses are held during a stall in the middle of the run. */
const RATE = 500;
const DURATION_MS = 4000;
const LATENCY_MS = 8;
const STALL = { atMs: 1500, forMs: 500 };
const SCRIPT: Script = { latencyMs: LATENCY_MS, stall: STALL };
const CONNECTIONS = 10;
const CASE = {
  ratePerSecond: RATE,
  durationMs: DURATION_MS,
  latencyMs: LATENCY_MS,
  stallMs: STALL.forMs,
};

let server: ScriptedServer;
beforeAll(async () => {
  server = await ScriptedServer.start();
});
afterAll(() => server.close());

describe('a target that stalls', () => {
  it('gives the computed quantiles when every arrival has a connection (T1)', async () => {
    await server.play(SCRIPT);
    const run = await numberedRun(server, { ratePerSecond: RATE, durationMs: DURATION_MS });
    const { totals, iterations } = run.result;

    expect(iterations).toMatchObject({ planned: 2000, completed: 2000, dropped: 0, interrupted: 0 });
    expect(totals.outcomes.ok).toBe(2000);
    expectSandwiched(run);
    const waitedMs = totals.queueWait.maxMs ?? 0;
    expectQuantiles(run.result, stallTruth(CASE), run.latenessMs + waitedMs, 1000 / RATE);
  });

  it('gives the computed quantiles when arrivals wait for one of few connections (T2)', async () => {
    await server.play(SCRIPT);
    const run = await numberedRun(server, {
      ratePerSecond: RATE,
      durationMs: DURATION_MS,
      maxConnections: CONNECTIONS,
    });
    const { totals, health, iterations } = run.result;

    expect(run.report.mostOpen).toBe(CONNECTIONS);
    expect(iterations).toMatchObject({ planned: 2000, completed: 2000, dropped: 0 });
    expectSandwiched(run);
    // Upper limit of the throughput of ten connections by their latency; the actual one is computed from the server's
    // record.
    const idealPerSecond = (CONNECTIONS * 1000) / LATENCY_MS;
    const [atLeast, atMost] = [idealPerSecond, drainRate(run.report.answeredMs)].map((capacityPerSecond) =>
      stallTruth({ ...CASE, capacityPerSecond }),
    );
    // The backlog drains ten requests at a time, which is the step of the schedule here.
    const stepMs = (CONNECTIONS * 1000) / idealPerSecond + 1000 / RATE;
    expectQuantiles(run.result, atLeast!, run.latenessMs, stepMs, atMost);

    // Service time sees the stall only in ten requests: this is what a tool with coordinated omission reports.
    expect(totals.serviceTime.percentiles.p99).toBeLessThan(totals.responseTime.percentiles.p99! / 2);
    expect(totals.queueWait.maxMs).toBeGreaterThan(STALL.forMs * 0.9);
    // Waiting for a connection is caused by the target, unless the machine stalled.
    const stoodStillMs = Math.max(health.pacerLag.maxMs ?? 0, health.eventLoopDelayMs.max ?? 0);
    if (stoodStillMs < 40) expect(health).toMatchObject({ generatorLimited: false, reasons: [] });
  });
});

/** Responses per second while the backlog drains: the actual capacity of ten connections. */
function drainRate(answeredMs: Float64Array): number {
  const gateMs = answeredMs[0]! - LATENCY_MS + STALL.atMs + STALL.forMs;
  const first = answeredMs.findIndex((ms) => ms >= gateMs);
  const answers = CONNECTIONS * 25;
  return (answers * 1000) / (answeredMs[first + answers]! - answeredMs[first]!);
}
