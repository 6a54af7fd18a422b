import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// Threads load the built engine, so this test does too.
import { runLoad } from '../dist/index.js';
import * as format from '../dist/replay/index.js';
import { WrittenRecord } from './fixtures/written-record.ts';
import { ScriptedServer } from './support/scripted-server.js';

const MODULE = new URL('./support/thread-scenarios.js', import.meta.url).href;

let server: ScriptedServer;
beforeAll(async () => {
  server = await ScriptedServer.start();
});
afterAll(() => server.close());

describe('the written record of a run on this machine', () => {
  it.each([
    ['one thread', 1, 0],
    ['two threads', 2, 0],
    ['two threads that compute longer than an interval waits for them', 2, 600],
  ])('with %s gives its document, byte for byte', async (_, threads, computeMs) => {
    await server.play({ latencyMs: 5 });
    const written = new WrittenRecord(format);
    const executor = { kind: 'constant-arrival-rate', rate: 40, duration: '2500ms', maxVUs: 50 };
    const result = await runLoad({
      baseUrl: server.origin,
      threads,
      scenarios: { module: MODULE, export: 'computing', options: { executor, computeMs } },
      circuitBreaker: false,
      warmUp: false,
      thresholds: { response_time: ['p(95)<1', 'p(95)<5000 over 1s'], http_reqs: ['rate>1'] },
      outputs: [written],
    });
    expect(result.totals.requests).toBeGreaterThan(0);
    expect(result.health.cpuSeconds).not.toBeNull();
    expect(JSON.stringify(written.replay(), undefined, 1)).toBe(JSON.stringify(result, undefined, 1));
    const cut = written.replay(written.snapshots, '');
    expect(cut.run.end.kind).toBe('interrupted');
    expect(cut.totals).toEqual(result.totals);
    expect(cut.health.threads).toEqual(result.health.threads);
    expect(cut.health.cpuSeconds).not.toBeNull();
  });
});
