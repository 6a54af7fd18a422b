import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openClient } from '../src/client.ts';
import { runLoad } from '../src/coordination/load.ts';
import { deadAddress, serveBytes, type Loopback } from './fixtures/loopback.ts';

/* Requests that wait for a connection while the request before them fails or is slow. */

const operations = [{ name: 'ask', method: 'GET', route: '/' }] as const;
const ask = { operation: 'ask', path: '/' };

/** Responses without a length, which end when their connection is closed. */
let server: Loopback;
let asked: number;
beforeEach(async () => {
  asked = 0;
  server = await serveBytes((socket) => {
    asked++;
    // Long enough that requests at 300/s wait for one of three connections.
    setTimeout(() => socket.end('HTTP/1.1 200 OK\r\n\r\nhello'), 15);
  });
});
afterEach(() => server.close());

describe('an answer that ends with its connection', () => {
  it('leaves the next request of the user a new one', async () => {
    const client = openClient({ baseUrl: server.url, operations, timeouts: { requestMs: 5000 } });
    const answers = await Promise.all([1, 2, 3].map(() => client.request(ask)));
    expect(answers.map((answer) => [answer.outcome, answer.text()])).toEqual(
      Array.from({ length: 3 }, () => ['ok', 'hello']),
    );
    expect([asked, server.connections]).toEqual([3, 3]);
    await client.close();
  });

  it('leaves whoever waits for a shared connection one', async () => {
    const { totals, iterations } = await runLoad({
      baseUrl: server.url,
      maxConnections: 3,
      timeouts: { requestMs: 10_000 },
      scenarios: [
        {
          name: 'asking',
          operations,
          executor: { kind: 'constant-arrival-rate', rate: 300, duration: '1s', maxVUs: 300 },
          run: async (user) => void (await user.request(ask)),
        },
      ],
    });
    expect(iterations).toMatchObject({ planned: 300, completed: 300 });
    expect(totals).toMatchObject({ requests: 300, failed: 0 });
    expect(asked).toBe(300);
  });
});

it.each([false, true])('a refused connection fails each request once, with http2 %s', async (http2) => {
  const client = openClient({ baseUrl: await deadAddress(), operations, http2 });
  const answers = await Promise.all([1, 2, 3].map(() => client.request(ask)));
  expect(answers.map(({ outcome, error }) => [outcome, error?.code])).toEqual(
    Array.from({ length: 3 }, () => ['connection_error', 'ECONNREFUSED']),
  );
  await client.close();
});

describe('a limit on the time until the head', () => {
  it('counts from when the request was all sent', async () => {
    const slow = await serveBytes((socket) => {
      // The server reads the body late: most of it is still in the socket's send buffer.
      socket.pause();
      setTimeout(() => socket.resume(), 400);
      setTimeout(() => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'), 500);
    });
    const client = openClient({
      baseUrl: slow.url,
      operations: [{ name: 'tell', method: 'POST', route: '/' }],
      timeouts: { headersMs: 350 },
    });
    const answer = await client.request({ operation: 'tell', path: '/', body: Buffer.alloc(20_000_000) });
    expect(answer).toMatchObject({ status: 200, outcome: 'ok' });
    await client.close();
    await slow.close();
  });

  it.each([
    ['headersMs', { headersMs: 150 }],
    ['bodyMs', { headersMs: 150, bodyMs: 150 }],
    ['requestMs', { requestMs: 150 }],
  ])('%s: an answer that came while this thread was busy is an answer', async (_limit, timeouts) => {
    const quick = await serveBytes((socket) => {
      setTimeout(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'), 20);
    });
    const client = openClient({ baseUrl: quick.url, operations, timeouts });
    await client.request(ask);
    const pending = client.request(ask);
    // The server shares this thread: it has received the request by now, and responds when both limit and response are
    // due.
    await new Promise((resolve) => setTimeout(resolve, 15));
    const endMs = performance.now() + 300;
    while (performance.now() < endMs);
    expect(await pending).toMatchObject({ status: 200, outcome: 'ok' });
    await client.close();
    await quick.close();
  });
});
