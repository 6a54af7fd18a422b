import { afterAll, beforeAll, expect, it } from 'vitest';
import { overloadTruth } from './support/analytic.js';
import { expectQuantiles, expectSandwiched } from './support/expect-quantiles.ts';
import { numberedRun } from './support/numbered-run.ts';
import { ScriptedServer } from './support/scripted-server.js';

/** Case T3 of accuracy.md, shortened: arrivals exceed the capacity of the server. */
const RATE = 500;
const SERVICE = 400;
const DURATION_MS = 2500;

let server: ScriptedServer;
beforeAll(async () => {
  server = await ScriptedServer.start({ servicePerSecond: SERVICE });
});
afterAll(() => server.close());

it('drains the backlog of an overloaded target, and counts all of its wait (T3)', async () => {
  const run = await numberedRun(server, { ratePerSecond: RATE, durationMs: DURATION_MS });
  const { result } = run;
  const truth = overloadTruth({ ratePerSecond: RATE, servicePerSecond: SERVICE, durationMs: DURATION_MS });

  expect(result.iterations).toMatchObject({ planned: 1250, completed: 1250, dropped: 0, interrupted: 0 });
  expect(result.totals.responseTime.count).toBe(1250);
  expectSandwiched(run);
  expectQuantiles(result, truth, run.latenessMs, 1000 / RATE);

  expect(result.run.durationMs).toBeGreaterThanOrEqual(truth.drainedMs);
  expect(result.run.durationMs).toBeLessThan(truth.drainedMs + run.latenessMs + 50);
  const achieved = result.totals.requests / (result.run.durationMs / 1000) / RATE;
  expect(achieved).toBeLessThanOrEqual(truth.achieved);
  expect(achieved).toBeGreaterThan(
    truth.achieved * (truth.drainedMs / (truth.drainedMs + run.latenessMs + 50)),
  );
});
