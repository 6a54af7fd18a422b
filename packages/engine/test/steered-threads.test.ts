import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// Threads load the built engine, so this test does too.
import { startLoad, type ExecutorOptions, type LoadRun, type RunResult } from '../dist/index.js';
import { RateCurve } from '../src/plan/rate-curve.ts';
import { inPhaseRun, seenByServer } from './support/seen-by-server.ts';
import { ScriptedServer } from './support/scripted-server.js';

const MODULE = new URL('./support/thread-scenarios.js', import.meta.url).href;

let server: ScriptedServer;
beforeAll(async () => {
  server = await ScriptedServer.start();
});
afterAll(() => server.close());

function start(executor: ExecutorOptions, computeMs = 0): LoadRun {
  return startLoad({
    baseUrl: server.origin,
    threads: 2,
    scenarios: { module: MODULE, export: 'computing', options: { executor, computeMs } },
    circuitBreaker: false,
    maxDroppedShare: 1,
  });
}

/** Resolves at the end of the interval with this number. */
async function interval(run: LoadRun, index: number): Promise<void> {
  for await (const event of run.events()) if (event.type === 'interval' && event.index >= index) return;
}

async function expectExact(result: RunResult): Promise<void> {
  const { planned, completed, failed, dropped, interrupted } = result.iterations;
  expect(completed + failed + dropped + interrupted!).toBe(planned);
  const { counters } = await server.report();
  expect(inPhaseRun(seenByServer(result))).toEqual(counters);
}

/** Arrivals of the rates that the document lists, by the curve of executors with stages. */
function plannedBy({ steering = [] }: RunResult, startRate: number, durationMs: number): number {
  let level = startRate;
  let nowMs = 0;
  const stages = steering.flatMap(({ atMs, rate }) => {
    const pieces = [
      { durationMs: atMs - nowMs, target: level },
      { durationMs: 0, target: rate! },
    ];
    level = rate!;
    nowMs = atMs;
    return pieces;
  });
  return Math.ceil(
    new RateCurve(startRate, 1000, [...stages, { durationMs: durationMs - nowMs, target: level }]).total,
  );
}

describe('two threads that are steered', () => {
  it.each([0, 700])(
    'make together exactly the arrivals of the rates that were set, one of them busy for %d ms',
    async (computeMs) => {
      await server.play({ latencyMs: 2 });
      const executor = { kind: 'externally-controlled', rate: 120, duration: '4s', maxVUs: 2000 } as const;
      const run = start(executor, computeMs);
      await interval(run, 0);
      run.setRate('faults', 400);
      await interval(run, 1);
      run.setRate('faults', 35);
      await interval(run, 2);
      run.setRate('faults', 90);
      const result = await run.result;
      expect(result.steering).toHaveLength(3);
      expect(result.iterations.planned).toBe(plannedBy(result, 120, 4000));
      await expectExact(result);
    },
  );

  it('share the users that are set, to the last request that the server counts', async () => {
    await server.play({ latencyMs: 2 });
    const run = start({ kind: 'externally-controlled', vus: 3 });
    await interval(run, 0);
    run.setUsers('faults', 11, { perSecond: 20 });
    await interval(run, 1);
    run.setUsers('faults', 5);
    await interval(run, 2);
    run.stop('enough');
    const result = await run.result;
    expect(result.scenarios[0]!.maxUsers).toBe(11);
    expect(result.steering!.map(({ users }) => users)).toEqual([11, 5]);
    expect(result.run.end).toEqual({ kind: 'stopped', reason: 'enough' });
    const { connections } = await server.report();
    expect(connections).toBe(11);
    await expectExact(result);
  });
});
