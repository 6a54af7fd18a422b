import { afterAll, beforeAll, expect, it } from 'vitest';
import { numberedRun } from './support/numbered-run.ts';
import { expectSandwiched } from './support/expect-quantiles.ts';
import { ScriptedServer } from './support/scripted-server.js';
import { nowMs } from './support/monotonic-clock.js';

const RATE = 500;
const BLOCK_MS = 500;

let server: ScriptedServer;
beforeAll(async () => {
  server = await ScriptedServer.start({ latencyMs: 5 });
});
afterAll(() => server.close());

it('reports a stall of the generator: pacer lag close to it, the run marked, response time far above service time', async () => {
  let blockedMs = 0;
  const run = await numberedRun(server, {
    ratePerSecond: RATE,
    durationMs: 3000,
    before: (k) => {
      if (k === RATE) blockedMs = block(BLOCK_MS);
    },
  });
  const { health, totals, notes, iterations } = run.result;

  expect(iterations).toMatchObject({ planned: 1500, completed: 1500, dropped: 0 });
  expect(health.pacerLag.maxMs).toBeGreaterThan(BLOCK_MS - 1000 / RATE - 1);
  // Delay caused by other processes of a busy machine: the server's process, which this test does not block, measures
  // it.
  const takenMs = run.report.latestMs;
  if (takenMs < 20) expect(health.pacerLag.maxMs).toBeLessThan(blockedMs + 20 + 2 * takenMs);
  expect(health.generatorLimited).toBe(true);
  expect(health.reasons.join()).toMatch(/blocked|late/);
  expect(run.result.verdict.reasons.concat(notes).map(({ code }) => code)).toContain('generator-limited');
  expectSandwiched(run);
  expect(totals.responseTime.percentiles.p99).toBeGreaterThan(BLOCK_MS * 0.9);
  // A sixth of the arrivals were late by half the block on average, which is no part of their service time. What other
  // processes of a busy machine delay only adds to the difference.
  const lateMs = (blockedMs / 2) * ((blockedMs * RATE) / 1000 / 1500);
  expect(totals.responseTime.meanMs! - totals.serviceTime.meanMs!).toBeGreaterThan(lateMs * 0.9);
});

/** Blocks the event loop; returns the measured duration in milliseconds. */
function block(durationMs: number): number {
  const startMs = nowMs();
  while (nowMs() < startMs + durationMs);
  return nowMs() - startMs;
}
