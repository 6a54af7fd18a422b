import type { IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClient } from '../src/client.ts';
import { EngineError } from '../src/errors.ts';
import type { Exchange } from '../src/model/run-options.ts';
import { serveHttp, type Loopback } from './fixtures/loopback.ts';

const ask = { operation: 'ask', path: '/ask' };
const operations = [
  { name: 'ask', method: 'GET', route: '/ask' },
  { name: 'tell', method: 'POST', route: '/tell' },
] as const;

const seen: IncomingHttpHeaders[] = [];
let server: Loopback;
beforeAll(async () => {
  server = await serveHttp((request, response) => {
    seen.push(request.headers);
    response.end('{}');
  });
});
afterAll(() => server.close());

describe('openClient', () => {
  it('sends one request after the other in the given phase, and reports each exchange', async () => {
    const exchanges: Exchange[] = [];
    const client = openClient({
      baseUrl: server.url,
      operations: operations,
      runId: 'probe-1',
      onExchange: (exchange) => exchanges.push(exchange),
    });
    const response = await client.request({ operation: 'tell', path: '/tell', json: { a: 1 } });
    await client.close();
    expect(seen[0]!).toMatchObject({ 'x-load-phase': 'probe', 'x-load-run-id': 'probe-1' });
    expect(exchanges).toMatchObject([
      {
        phase: 'probe',
        method: 'POST',
        url: `${server.url}/tell`,
        spec: { json: { a: 1 } },
        headers: { 'x-load-phase': 'probe', 'content-type': 'application/json' },
      },
    ]);
    expect(exchanges[0]!.response).toBe(response);
  });

  it.each([
    ['baseUrl', { baseUrl: 'jarvis' }, /baseUrl is 'jarvis'/],
    ['baseUrl', { baseUrl: 'ftp://jarvis' }, /scheme "ftp:"/],
    ['baseUrl', { baseUrl: 'http://me:secret@jarvis' }, /contains credentials/],
    ['timeouts', { timeouts: { requestMs: 0 } }, /timeouts\.requestMs is 0/],
  ])('refuses a %s it cannot use', (_option, options, message) => {
    expect(() => openClient({ baseUrl: server.url, operations: [], ...options })).toThrow(
      expect.objectContaining({
        code: 'invalid-option',
        message: expect.stringMatching(message) as string,
      }) as Error,
    );
  });

  it('rejects invalid requests, and all requests after close', async () => {
    const client = openClient({ baseUrl: server.url, operations: operations });
    await expect(client.request({ operation: 'aks', path: '/' })).rejects.toThrow(
      /expected one of: ask, tell/,
    );
    await expect(client.request({ operation: 'ask', path: 'ask' })).rejects.toThrow(
      /a path that starts with "\/"/,
    );
    await expect(client.request({ ...ask, headers: { 'x-bad': 'a\nb' } })).rejects.toThrow(
      /line breaks and other control characters/,
    );
    await client.close();
    await expect(client.request(ask)).rejects.toThrow(EngineError);
  });

  it('does not lose what onExchange throws', async () => {
    const client = openClient({
      baseUrl: server.url,
      operations: operations,
      onExchange: () => {
        throw new Error('the listener broke');
      },
    });
    await expect(client.request(ask)).rejects.toThrow('the listener broke');
    await client.close();
  });
});
