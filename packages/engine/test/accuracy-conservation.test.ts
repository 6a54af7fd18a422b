import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runLoad, startLoad, type ExecutorOptions, type RunResult } from '../src/index.ts';
import { EXPECTED_OUTCOMES, faults } from './support/fault-scenario.js';
import { inPhaseRun, seenByServer } from './support/seen-by-server.ts';
import { ScriptedServer, type ServerReport } from './support/scripted-server.js';

let server: ScriptedServer;
beforeAll(async () => {
  server = await ScriptedServer.start();
});
afterAll(() => server.close());

const EXECUTORS: readonly ExecutorOptions[] = [
  { kind: 'constant-arrival-rate', rate: 400, duration: '2s', maxVUs: 1000 },
  { kind: 'per-vu-iterations', vus: 20, iterations: 30 },
  { kind: 'ramping-vus', startVUs: 0, stages: [{ duration: '1s', target: 20 }], gracefulRampDown: 0 },
];

describe('every request is accounted for', () => {
  it.each(EXECUTORS)(
    'as counted by the server, under resets, hangs and truncation: $kind',
    async (executor) => {
      await server.play({ latencyMs: 2 });
      const result = await runLoad({
        baseUrl: server.origin,
        scenarios: [{ ...faults, executor }],
        circuitBreaker: false,
      });
      expectIterationsAddUp(result);
      expectSameCounts(result, await server.report());
      // Every kind of fault occurred and was classified correctly.
      for (const { operation, outcomes, requests } of result.operations) {
        expect(requests).toBeGreaterThan(0);
        expect({ operation, outcomes }).toMatchObject({
          outcomes: { [EXPECTED_OUTCOMES[operation as keyof typeof EXPECTED_OUTCOMES]]: requests },
        });
      }
    },
  );

  it('when more arrive than may be in flight: the others are dropped and not sent', async () => {
    await server.play({ latencyMs: 100 });
    const executor: ExecutorOptions = {
      kind: 'constant-arrival-rate',
      rate: 500,
      duration: '1s',
      maxVUs: 10,
    };
    const result = await runLoad({
      baseUrl: server.origin,
      scenarios: [{ ...faults, executor }],
      circuitBreaker: false,
    });
    expectIterationsAddUp(result);
    expect(result.iterations.planned).toBe(500);
    expect(result.iterations.dropped).toBeGreaterThan(200);
    expectSameCounts(result, await server.report());
  });

  it('when the run is aborted: requests in flight are interrupted, with their age as a lower bound', async () => {
    await server.play({ latencyMs: 60_000 });
    const run = startLoad({
      baseUrl: server.origin,
      scenarios: [
        { ...faults, executor: { kind: 'constant-arrival-rate', rate: 200, duration: '10s', maxVUs: 500 } },
      ],
      circuitBreaker: false,
    });
    for await (const event of run.events()) {
      if (event.type === 'interval') {
        run.abort('enough');
        break;
      }
    }
    const result = await run.result;
    expectIterationsAddUp(result);
    expect(result.iterations.interrupted).toBeGreaterThan(50);
    // Some interrupted requests were still in a socket's buffer: the server saw between the number ended and the number
    // sent.
    const { counters } = await server.report();
    const seen = Object.values(counters).reduce((sum, count) => sum + count, 0);
    expect(seen).toBeGreaterThan(result.totals.requests);
    expect(seen).toBeLessThanOrEqual(result.totals.requests + result.totals.interrupted);
  });
});

function expectIterationsAddUp({ iterations, totals, operations }: RunResult): void {
  const { planned, completed, failed, dropped, interrupted } = iterations;
  expect(completed + failed + dropped + interrupted!).toBe(planned);
  expect(operations.reduce((sum, { requests }) => sum + requests, 0)).toBe(totals.requests);
  expect(totals.responseTime.count).toBe(totals.requests);
}

function expectSameCounts(result: RunResult, { counters }: ServerReport): void {
  expect(inPhaseRun(seenByServer(result))).toEqual(counters);
}
