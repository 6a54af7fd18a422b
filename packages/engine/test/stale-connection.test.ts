import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runLoad } from '../src/run/load.ts';
import { serveBytes, type Loopback } from './fixtures/loopback.ts';

/* A server that closes a connection which has been idle, just as the next request is on its way. */

const operations = [
  { name: 'ask', method: 'GET', route: '/' },
  { name: 'tell', method: 'POST', route: '/' },
] as const;

let server: Loopback;
let sockets: Socket[];
beforeEach(async () => {
  sockets = [];
  server = await serveBytes((socket) => {
    sockets.push(socket);
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
  });
});
afterEach(() => server.close());

/** Two requests of one user; the server, in this thread, closes between them: the client cannot have read of it when it sends. */
async function closedWhileIdle(
  operation: 'ask' | 'tell',
  idleSeconds: number,
  how: 'destroy' | 'resetAndDestroy',
  busyMs = 0,
) {
  const result = await runLoad({
    baseUrl: server.url,
    warmUp: false,
    scenarios: [
      {
        name: 'idle',
        operations,
        executor: { kind: 'per-vu-iterations', vus: 1, iterations: 1 },
        async run(user) {
          await user.request({ operation, path: '/' });
          await user.think(idleSeconds);
          sockets[0]![how]();
          const pending = user.request({ operation, path: '/' });
          // The thread may be late to look: what it takes is not the server's time.
          const endMs = performance.now() + busyMs;
          while (performance.now() < endMs);
          await pending;
        },
      },
    ],
  });
  const { outcomes, retries } = result.operations.find((found) => found.operation === operation)!;
  return { outcomes, retries, codes: result.errors.map(({ code }) => code), seen: sockets.length };
}

describe.each(['destroy', 'resetAndDestroy'] as const)(
  'a connection that the server closes while idle (%s)',
  (how) => {
    it.each([0, 50])(
      'costs a safe request a second sending, and no failure (late by %s ms)',
      async (busyMs) => {
        expect(await closedWhileIdle('ask', 1.1, how, busyMs)).toMatchObject({
          outcomes: { ok: 2, connection_error: 0 },
          retries: 1,
          codes: [],
          seen: 2,
        });
        expect(server.connections).toBe(2);
      },
    );

    it('fails one that is not safe under a name of its own: it is not sent twice', async () => {
      expect(await closedWhileIdle('tell', 1.1, how)).toMatchObject({
        outcomes: { ok: 1, connection_error: 1 },
        retries: 0,
        codes: ['stale_connection'],
        seen: 1,
      });
      expect(server.connections).toBe(1);
    });
  },
);

it('one that was idle for a moment only is a failure of the target, sent once', async () => {
  const { outcomes, retries, codes, seen } = await closedWhileIdle('ask', 0.1, 'resetAndDestroy');
  expect(outcomes).toMatchObject({ ok: 1, connection_error: 1 });
  expect({ retries, seen }).toEqual({ retries: 0, seen: 1 });
  expect(codes).not.toContain('stale_connection');
});

it('one that works on a request before it breaks off is a failure of the target, however long it was idle', async () => {
  let asked = 0;
  const slow = await serveBytes((socket) => {
    if (asked++ === 0) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
    else setTimeout(() => socket.resetAndDestroy(), 100);
  });
  const result = await runLoad({
    baseUrl: slow.url,
    warmUp: false,
    scenarios: [
      {
        name: 'idle',
        operations,
        executor: { kind: 'per-vu-iterations', vus: 1, iterations: 1 },
        async run(user) {
          await user.request({ operation: 'ask', path: '/' });
          await user.think(1.1);
          await user.request({ operation: 'ask', path: '/' });
        },
      },
    ],
  });
  await slow.close();
  expect(asked).toBe(2);
  expect(result.totals).toMatchObject({ requests: 2, failed: 1 });
  expect(result.errors.map(({ code }) => code)).toEqual(['ECONNRESET']);
});
