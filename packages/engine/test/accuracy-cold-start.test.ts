import { afterAll, beforeAll, expect, it } from 'vitest';
import { numberedRun } from './support/numbered-run.ts';
import { ScriptedServer } from './support/scripted-server.js';

const RATE = 1000;

let server: ScriptedServer;
beforeAll(async () => {
  server = await ScriptedServer.start();
});
afterAll(() => server.close());

it('keeps to few connections on a fast target from the first second on', async () => {
  const run = await numberedRun(server, { ratePerSecond: RATE, durationMs: 1500 });

  expect(run.result.iterations).toMatchObject({ planned: 1500, completed: 1500, dropped: 0 });
  expect(run.report.connections).toBe(run.result.health.connectionsOpened);
  // The benchmark allows 200 connections at 5000/s: a fifth at this rate, plus arrivals due while the machine stalled.
  const { pacerLag, eventLoopDelayMs } = run.result.health;
  const stoodStillMs = Math.max(run.latenessMs, pacerLag.maxMs ?? 0, eventLoopDelayMs.max ?? 0);
  expect(run.report.connections).toBeLessThan(40 + (RATE * stoodStillMs) / 1000);
});
