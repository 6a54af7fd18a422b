import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openClient } from '../src/client.ts';
import { runLoad } from '../src/coordination/load.ts';
import type { ScenarioDefinition, VirtualUser } from '../src/model/scenario.ts';
import { serveHttp, type Loopback } from './fixtures/loopback.ts';

/* Scenario code may leave promises unawaited. Their requests are all counted, and no rejection ends the process. */

const operations = [{ name: 'ask', method: 'GET', route: '/' }] as const;
const ask = { operation: 'ask', path: '/' };

let server: Loopback;
let asked: number;
let answerAfterMs: number;
let unhandled: unknown[];
const onUnhandled = (reason: unknown): unknown => unhandled.push(reason);
beforeEach(async () => {
  asked = 0;
  unhandled = [];
  answerAfterMs = 10;
  process.on('unhandledRejection', onUnhandled);
  server = await serveHttp((_request, response) => {
    asked++;
    setTimeout(() => response.end('{}'), answerAfterMs);
  });
});
afterEach(async () => {
  process.off('unhandledRejection', onUnhandled);
  await server.close();
});

function load(run: (user: VirtualUser) => Promise<void>, parts: Partial<ScenarioDefinition> = {}) {
  return (connections: 'per-user' | 'shared', cookies = false) =>
    runLoad({
      baseUrl: server.url,
      warmUp: false,
      connections,
      cookies,
      scenarios: [
        {
          name: 'asking',
          operations,
          executor: {
            kind: 'per-vu-iterations',
            vus: 2,
            iterations: 1,
            maxDuration: '1s',
            gracefulStop: 0,
          },
          run,
          ...parts,
        },
      ],
    });
}

describe.each(['per-user', 'shared'] as const)('on connections that are %s', (connections) => {
  it('a request that nobody awaited is cut off with its iteration, and counted as interrupted', async () => {
    answerAfterMs = 5000;
    const result = await load(async (user) => {
      void user.request(ask);
      void user.request(ask);
      await user.think(0.1);
    })(connections);
    expect(result.iterations).toMatchObject({ planned: 2, interrupted: 2 });
    expect(result.totals).toMatchObject({ requests: 0, interrupted: 4 });
    expect(result.errors).toEqual([]);
    // With one connection per user, the second request had to wait for the first.
    expect(asked).toBe(connections === 'shared' ? 4 : 2);
    expect(unhandled).toEqual([]);
  });

  it('a request that ends before its user is recorded like any other', async () => {
    const result = await load(async (user) => {
      void user.request(ask);
      await user.think(0.2);
    })(connections);
    expect(result.totals).toMatchObject({ requests: 2, failed: 0, interrupted: 0 });
    expect(asked).toBe(2);
  });

  it.each([false, true])(
    'two at once, awaited in turn, may both be cut off (cookies: %s)',
    async (cookies) => {
      answerAfterMs = 5000;
      const result = await load(async (user) => {
        const [first, second, pause] = [user.request(ask), user.request(ask), user.think(10)];
        await first;
        await second;
        await pause;
      })(connections, cookies);
      expect(result.iterations).toMatchObject({ planned: 2, interrupted: 2 });
      expect(result.totals).toMatchObject({ requests: 0, interrupted: 4 });
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(unhandled).toEqual([]);
    },
  );
});

it.each([false, true])(
  'a refused request that the code catches stays with it (cookies: %s)',
  async (cookies) => {
    let caught = 0;
    const result = await load(async (user) => {
      await user.request({ operation: 'ask', path: 'no slash' }).catch(() => caught++);
      await user.request(ask);
    })('per-user', cookies);
    expect(caught).toBe(2);
    expect(result.totals).toMatchObject({ requests: 2, failed: 0 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(unhandled).toEqual([]);
  },
);

it('what a setup began and nobody awaited ends with it', async () => {
  const result = await load(async (user) => void (await user.request(ask)), {
    setup: (user) =>
      Promise.all([1, 2, 3, 4, 5].map(() => user.request(ask).then(() => Promise.reject(new Error('no'))))),
  })('per-user');
  expect(result.run.end).toMatchObject({ kind: 'setup-failed' });
  // The first request had a response, and the second was in flight.
  expect(asked).toBeLessThanOrEqual(2);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(asked).toBeLessThanOrEqual(2);
});

it('a closed client asks for nothing any more, and cuts off what it began', async () => {
  answerAfterMs = 5000;
  const client = openClient({ baseUrl: server.url, operations });
  void client.request(ask);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await client.close();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(unhandled).toEqual([]);
  await expect(client.request(ask)).rejects.toThrow('this client is closed');
});
