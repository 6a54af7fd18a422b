import { afterAll, beforeAll, expect, it } from 'vitest';
import { runLoad } from '../src/index.ts';
import { ScriptedServer } from './support/scripted-server.js';

let server: ScriptedServer;
beforeAll(async () => {
  server = await ScriptedServer.start();
});
afterAll(() => server.close());

it('reuses an idle connection without an added wait', async () => {
  // undici 7.28 and 7.29 added about 1.3 ms to every reuse of an idle connection, more than many targets need to
  // respond.
  const waitsMs: number[] = [];
  const result = await runLoad({
    baseUrl: server.origin,
    scenarios: [
      {
        name: 'idle',
        operations: [{ name: 'get', method: 'GET', route: '/' }],
        executor: { kind: 'per-vu-iterations', vus: 1, iterations: 60 },
        async run(user) {
          const { timings } = await user.request({ operation: 'get', path: '/' });
          waitsMs.push(timings.queueWaitMs);
          await user.think(0.02);
        },
      },
    ],
  });

  expect((await server.report()).connections).toBe(1);
  expect(result.totals.requests).toBe(60);
  const reuses = waitsMs.slice(1).toSorted((a, b) => a - b);
  // The fastest quarter: a busy machine delays some reuses, a wait in the transport would delay all.
  expect(reuses[Math.floor(reuses.length / 4)]).toBeLessThan(0.8);
});
