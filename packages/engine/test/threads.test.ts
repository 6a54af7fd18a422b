import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// Threads load the built engine, so this test does too.
import { runLoad, type ExecutorOptions, type RunOptions, type RunResult } from '../dist/index.js';
import { EXPECTED_OUTCOMES } from './support/fault-scenario.js';
import { inPhaseRun, seenByServer } from './support/seen-by-server.ts';
import { ScriptedServer } from './support/scripted-server.js';

const MODULE = new URL('./support/thread-scenarios.js', import.meta.url).href;

let server: ScriptedServer;
beforeAll(async () => {
  server = await ScriptedServer.start();
});
afterAll(() => server.close());

function run(
  threads: number,
  name: string,
  options: object,
  more: Partial<RunOptions> = {},
): Promise<RunResult> {
  return runLoad({
    baseUrl: server.origin,
    threads,
    scenarios: { module: MODULE, export: name, options },
    circuitBreaker: false,
    ...more,
  });
}

async function expectExact(result: RunResult): Promise<void> {
  const { planned, completed, failed, dropped, interrupted } = result.iterations;
  expect(completed + failed + dropped + interrupted!).toBe(planned);
  const { counters } = await server.report();
  expect(inPhaseRun(seenByServer(result))).toEqual(counters);
}

const EXECUTORS: readonly ExecutorOptions[] = [
  { kind: 'constant-arrival-rate', rate: 300, duration: '1s', maxVUs: 1000, arrivals: 'poisson' },
  { kind: 'per-vu-iterations', vus: 7, iterations: 30 },
  { kind: 'shared-iterations', vus: 7, iterations: 151 },
];

describe('threads', () => {
  it('open together as many shared connections as the run may have, and not one more', async () => {
    await server.play({ latencyMs: 20 });
    const executor = { kind: 'constant-arrival-rate', rate: 200, duration: '1s', maxVUs: 500 };
    const result = await run(2, 'computing', { executor, computeMs: 0 }, { maxConnections: 3 });
    // The server counts open sockets: at 200/s with 20 ms per response at least four are needed.
    const { mostOpen } = await server.report();
    expect(mostOpen).toBe(3);
    expect(result.totals.requests).toBeGreaterThan(0);
  });

  it('are refused where they are more than the connections that they share', async () => {
    const executor = { kind: 'constant-arrival-rate', rate: 10, duration: '1s' };
    await expect(run(3, 'computing', { executor, computeMs: 0 }, { maxConnections: 2 })).rejects.toThrow(
      'maxConnections is 2, but there are 3 threads',
    );
  });

  it('select by status what the counts of the whole run say', async () => {
    await server.play({ latencyMs: 2 });
    const result = await run(
      2,
      'withExecutor',
      { executor: { kind: 'shared-iterations', vus: 8, iterations: 200 } },
      {
        thresholds: {
          'http_reqs{status:200}': ['count>0'],
          'http_reqs{status:503}': ['count>0'],
          'http_reqs{status:0}': ['count>0'],
          'http_req_duration{status:503}': ['count>0'],
          'http_req_failed{status:503}': ['rate==1'],
        },
      },
    );
    const counted = (status: string): number =>
      result.operations.reduce((sum, { statuses }) => sum + (statuses[status] ?? 0), 0);
    expect(result.thresholds.map(({ status, measured }) => [status, measured])).toEqual([
      ['pass', counted('200')],
      ['pass', counted('503')],
      ['pass', counted('0')],
      ['pass', counted('503')],
      // The number of 503 responses depends on the run; 100 of them prove that all failed.
      [counted('503') < 100 ? 'unproven' : 'pass', 1],
    ]);
  });

  it.each(
    [2, 3].flatMap((threads) => EXECUTORS.map((executor) => ({ threads, executor, kind: executor.kind }))),
  )('count every request as the server does: $threads threads, $kind', async ({ threads, executor }) => {
    await server.play({ latencyMs: 2 });
    const result = await run(threads, 'withExecutor', { executor });
    await expectExact(result);
    expect(result.totals.responseTime.count).toBe(result.totals.requests);
    expect(result.health.threads).toHaveLength(threads);
    for (const { operation, outcomes, requests } of result.operations) {
      const outcome = EXPECTED_OUTCOMES[operation as keyof typeof EXPECTED_OUTCOMES];
      expect(outcomes[outcome], operation).toBe(requests);
    }
    if (executor.kind === 'per-vu-iterations') expect(result.iterations.completed).toBe(210);
    if (executor.kind === 'shared-iterations') expect(result.iterations.completed).toBe(151);
  });

  it('follow together the schedule that one thread follows alone', async () => {
    const executor: ExecutorOptions = EXECUTORS[0]!;
    const planned = [];
    for (const threads of [1, 2, 3]) {
      await server.play({ latencyMs: 1 });
      planned.push((await run(threads, 'withExecutor', { executor }, { seed: 7 })).iterations.planned);
    }
    expect(new Set(planned).size).toBe(1);
  });

  it('do not wait for one that computes', async () => {
    await server.play({ latencyMs: 1 });
    const perSecond: number[] = [];
    const result = await run(
      2,
      'computing',
      { executor: { kind: 'constant-vus', vus: 4, duration: '3s' }, computeMs: 2000 },
      { onEvent: (event) => event.type === 'interval' && perSecond.push(event.requests) },
    );
    await expectExact(result);
    // Users 2 and 4 are in the other thread: about 45 requests per second each, independent of thread 1.
    expect(perSecond[1]).toBeGreaterThan(20);
    expect(perSecond.reduce((sum, count) => sum + count, 0)).toBe(result.totals.requests);
    expect(result.health.generatorLimited).toBe(true);
    expect(result.health.threads[0]!.eventLoopDelayMaxMs).toBeGreaterThan(1000);
  });

  it('fail the run by name when one dies, with every count exact', async () => {
    await server.play({ latencyMs: 1 });
    const result = await run(2, 'dying', { executor: { kind: 'constant-vus', vus: 4, duration: '20s' } });
    expect(result.run.end).toEqual({ kind: 'error', reason: 'thread 2 died: it ended with code 7' });
    expect(result.verdict.status).toBe('not-valid');
    const { planned, completed, failed, dropped, interrupted } = result.iterations;
    expect(completed + failed + dropped + interrupted!).toBe(planned);
    const { counters } = await server.report();
    const seen = counters['run /ok']!;
    // A request may have been handed out and interrupted before its first byte was sent.
    expect(result.totals.requests).toBeLessThanOrEqual(seen);
    expect(result.totals.requests + result.totals.interrupted).toBeGreaterThanOrEqual(seen);
    expect(result.totals.requests).toBeGreaterThan(40);
  });

  it.each<ExecutorOptions>([
    { kind: 'shared-iterations', vus: 4, iterations: 5000 },
    { kind: 'per-vu-iterations', vus: 4, iterations: 1250 },
  ])('drop what a dead thread left unstarted, and lose no iteration: $kind', async (executor) => {
    await server.play({ latencyMs: 1 });
    const result = await run(2, 'dying', { executor });
    expect(result.run.end.kind).toBe('error');
    const { planned, completed, failed, dropped, interrupted } = result.iterations;
    expect(planned).toBe(5000);
    expect(completed + failed + dropped + interrupted!).toBe(planned);
    expect(completed).toBeGreaterThan(20);
    // Iterations that ran when the thread died are interrupted, not dropped.
    expect(interrupted).toBeGreaterThan(0);
    expect(interrupted).toBeLessThanOrEqual(4);
  });

  it('plan iterations once, however many threads share them', async () => {
    await server.play({ latencyMs: 20 });
    const result = await run(3, 'withExecutor', {
      executor: { kind: 'shared-iterations', vus: 7, iterations: 100_000, maxDuration: '1s' },
    });
    await expectExact(result);
    expect(result.iterations.planned).toBe(100_000);
    expect(result.iterations.dropped).toBeGreaterThan(90_000);
    expect(result.verdict.reasons.map(({ code }) => code)).toContain('dropped-iterations');
  });

  it('need a module: functions cannot be sent to one', () => {
    const scenarios = [{ name: 'a', operations: [], run: () => Promise.resolve() }];
    return expect(runLoad({ baseUrl: server.origin, threads: 2, scenarios })).rejects.toThrow(
      'threads is 2, but scenarios are given inline',
    );
  });

  it('say which module, and which export, they could not load', async () => {
    await expect(run(2, 'nothing', {})).rejects.toThrow('has no export');
    const scenarios = { module: '/nowhere/at-all.js' };
    await expect(runLoad({ baseUrl: server.origin, scenarios })).rejects.toThrow('/nowhere/at-all.js');
  });
});
