import { afterAll, beforeAll, expect, it } from 'vitest';
import { ScriptedServer } from './support/scripted-server.js';
import { runLoad } from '../src/coordination/load.ts';

let server: ScriptedServer;
beforeAll(async () => {
  server = await ScriptedServer.start();
});
afterAll(() => server.close());

it('counts what it spins away as time to spare: a run paced precisely is not limited by that', async () => {
  const { health, iterations } = await runLoad({
    baseUrl: server.origin,
    pacing: 'precise',
    scenarios: [
      {
        name: 'asks',
        operations: [{ name: 'ask', method: 'GET', route: '/' }],
        executor: { kind: 'constant-arrival-rate', rate: 500, duration: '4s', maxVUs: 2000 },
        run: async (user) => void (await user.request({ operation: 'ask', path: '/' })),
      },
    ],
  });
  expect(iterations).toMatchObject({ planned: 2000, completed: 2000 });
  // The loop never idles for a millisecond, but 500 requests per second use only a small part of it.
  expect(health.eventLoopUtilization).toBeLessThan(0.9);
  expect(health.reasons.join()).not.toMatch(/event loop was busy/);
});
