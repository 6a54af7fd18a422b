import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClient } from '../src/client.ts';
import { OUTCOMES, outcomeOfStatus } from '../src/outcome.ts';
import type { Operation } from '../src/model/scenario.ts';
import type { LoadResponse } from '../src/model/load-response.ts';
import { deadAddress, serveBytes, serveHttp, type Loopback } from './fixtures/loopback.ts';

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
const MAX_BODY_BYTES = 4096;

/** Faulty server behaviour and the expected outcome. */
const MISHAPS: Record<
  string,
  { act: (socket: Socket) => void; outcome: string; code: string; status?: number }
> = {
  '/reset': { act: (socket) => socket.resetAndDestroy(), outcome: 'connection_error', code: 'ECONNRESET' },
  '/close': { act: (socket) => socket.destroy(), outcome: 'connection_error', code: 'connection_closed' },
  '/end': { act: (socket) => socket.end(), outcome: 'connection_error', code: 'connection_closed' },
  '/truncated': {
    act: (socket) => socket.end(`${HEAD}Content-Length: 100\r\n\r\n{"a":`),
    outcome: 'connection_error',
    code: 'truncated_body',
    status: 200,
  },
  '/truncated-chunks': {
    act: (socket) => socket.end(`${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\n{"a":`),
    outcome: 'connection_error',
    code: 'truncated_body',
    status: 200,
  },
  '/truncated-by-reset': {
    act: (socket) =>
      socket.write(`${HEAD}Content-Length: 100\r\n\r\n{"a":`, () =>
        setTimeout(() => socket.resetAndDestroy(), 20),
      ),
    outcome: 'connection_error',
    code: 'truncated_body',
    status: 200,
  },
  '/garbage': {
    act: (socket) => socket.end('\u0000\u0001 neither fish nor fowl\r\n\r\n'),
    outcome: 'connection_error',
    code: 'invalid_http',
  },
  '/garbage-header': {
    act: (socket) => socket.end('HTTP/1.1 200 OK\r\nno colon here\r\n\r\n'),
    outcome: 'connection_error',
    code: 'invalid_http',
  },
  '/upgrade': {
    act: (socket) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
    outcome: 'connection_error',
    code: 'invalid_http',
  },
  '/headers-too-large': {
    act: (socket) => socket.write(`${HEAD}x: ${'y'.repeat(100_000)}\r\n\r\n`),
    outcome: 'connection_error',
    code: 'headers_too_large',
  },
  '/body-too-large': {
    act: (socket) => socket.write(`${HEAD}Content-Length: 5000\r\n\r\n${'x'.repeat(5000)}`),
    outcome: 'connection_error',
    code: 'body_too_large',
    status: 200,
  },
  '/chunks-too-large': {
    act: (socket) =>
      socket.write(
        `${HEAD}Transfer-Encoding: chunked\r\n\r\n${`800\r\n${'x'.repeat(2048)}\r\n`.repeat(3)}0\r\n\r\n`,
      ),
    outcome: 'connection_error',
    code: 'body_too_large',
    status: 200,
  },
  '/hang': { act: () => undefined, outcome: 'timeout', code: 'request_timeout' },
  '/hang-in-body': {
    act: (socket) => socket.write(`${HEAD}Content-Length: 100\r\n\r\n{"a":`),
    outcome: 'timeout',
    code: 'request_timeout',
    status: 200,
  },
};

const HANG_LIMIT_MS = 250;

const ask: Operation = { name: 'ask', method: 'GET', route: '/ask' };

async function once(
  baseUrl: string,
  path: string,
  operation: Operation = ask,
  timeouts: { requestMs?: number; headersMs?: number; bodyMs?: number } = { requestMs: 20_000 },
): Promise<LoadResponse> {
  const client = openClient({ baseUrl, operations: [operation], timeouts, maxBodyBytes: MAX_BODY_BYTES });
  try {
    return await client.request({ operation: operation.name, path });
  } finally {
    await client.close();
  }
}

function expectSaneTimings({ timings }: LoadResponse): void {
  const { responseTimeMs, serviceTimeMs, queueWaitMs, connectMs, tlsMs, sendingMs, waitingMs, receivingMs } =
    timings;
  for (const value of Object.values(timings)) expect(value).toBeGreaterThanOrEqual(0);
  expect(queueWaitMs + serviceTimeMs).toBeCloseTo(responseTimeMs, 6);
  expect(sendingMs + waitingMs + receivingMs).toBeCloseTo(serviceTimeMs, 6);
  expect(connectMs + tlsMs).toBeLessThanOrEqual(queueWaitMs);
}

describe('an answer with a status', () => {
  let server: Loopback;
  beforeAll(async () => {
    server = await serveHttp((request, response) => {
      const status = Number(request.url!.slice(1));
      response.writeHead(status, { location: '/200', 'x-seen': 'yes' });
      response.end(status === 204 || status === 304 ? undefined : '{"detail":"said so"}');
    });
  });
  afterAll(() => server.close());

  it.each([
    [200, 'ok'],
    [201, 'ok'],
    [204, 'ok'],
    [301, 'ok'],
    [304, 'ok'],
    [307, 'ok'],
    [400, 'client_error'],
    [401, 'unauthorized'],
    [403, 'client_error'],
    [404, 'client_error'],
    [408, 'client_error'],
    [422, 'client_error'],
    [429, 'rate_limited'],
    [500, 'server_error'],
    [502, 'server_error'],
    [503, 'server_error'],
    [504, 'server_error'],
    [599, 'server_error'],
  ] as const)('%i is %s', async (status, outcome) => {
    const response = await once(server.url, `/${status}`);
    expect(response).toMatchObject({ status, outcome, operation: 'ask' });
    expect(response.headers).toMatchObject({ 'x-seen': 'yes' });
    expect(response.error).toEqual(
      outcome === 'ok' ? undefined : { code: `http_${status}`, message: `HTTP ${status}` },
    );
    expect(response.json()).toEqual(status === 204 || status === 304 ? undefined : { detail: 'said so' });
    expectSaneTimings(response);
  });

  it('has the outcome of its status in k6 too, from the same function', () => {
    expect([200, 302, 401, 404, 429, 500].map(outcomeOfStatus)).toEqual([
      'ok',
      'ok',
      'unauthorized',
      'client_error',
      'rate_limited',
      'server_error',
    ]);
    expect(OUTCOMES).toHaveLength(13);
  });
});

describe('a server with faulty responses', () => {
  let server: Loopback;
  beforeAll(async () => {
    server = await serveBytes((socket, path) => MISHAPS[path]!.act(socket));
  });
  afterAll(() => server.close());

  it.each(Object.entries(MISHAPS))('%s', async (path, { outcome, code, status = 0 }) => {
    // A long time limit in cases that do not test it, for busy machines.
    const response = await once(server.url, path, ask, {
      requestMs: outcome === 'timeout' ? HANG_LIMIT_MS : 20_000,
    });
    expect(response).toMatchObject({ outcome, status, error: { code } });
    expect(response.error!.message).not.toBe('');
    expectSaneTimings(response);
    if (outcome === 'timeout') {
      expect(response.timings.responseTimeMs).toBeGreaterThanOrEqual(HANG_LIMIT_MS);
      expect(response.error!.message).toBe(`no complete response within ${HANG_LIMIT_MS} ms`);
    }
  });

  it('says how much of a body had come', async () => {
    const response = await once(server.url, '/truncated');
    expect(response.error!.message).toBe(
      'the connection ended after 5 bytes of the body (connection_closed)',
    );
    expect(response.text()).toBe('{"a":');
  });

  it('times out for the head and for the body apart where asked', async () => {
    const [head, body] = await Promise.all([
      once(server.url, '/hang', ask, { requestMs: 10_000, headersMs: 200 }),
      once(server.url, '/hang-in-body', ask, { requestMs: 10_000, bodyMs: 200 }),
    ]);
    expect(head).toMatchObject({ outcome: 'timeout', error: { code: 'headers_timeout' } });
    expect(body).toMatchObject({ outcome: 'timeout', error: { code: 'body_timeout' } });
  });
});

describe('a target that cannot be reached', () => {
  it('refuses', async () => {
    const response = await once(await deadAddress(), '/');
    expect(response).toMatchObject({
      outcome: 'connection_error',
      status: 0,
      error: { code: 'ECONNREFUSED', message: expect.stringContaining('127.0.0.1') as string },
    });
    expectSaneTimings(response);
    expect(response.timings.serviceTimeMs).toBe(0);
  });

  it('has no address', async () => {
    expect(await once('http://nowhere.invalid.localhost', '/', ask, { requestMs: 20_000 })).toMatchObject({
      outcome: 'connection_error',
      error: { code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/) as string },
    });
  });

  it('speaks no TLS', async () => {
    const server = await serveHttp((_request, response) => response.end());
    try {
      const response = await once(server.url.replace('http:', 'https:'), '/', ask, { requestMs: 5000 });
      expect(response).toMatchObject({ outcome: 'connection_error', status: 0 });
      expect(response.error!.message).toMatch(/SSL|wrong version|packet length/i);
    } finally {
      await server.close();
    }
  });
});

describe('a body that is not what the operation promises', () => {
  let server: Loopback;
  beforeAll(async () => {
    server = await serveHttp((request, response) => {
      response.statusCode = request.url === '/500' ? 500 : 200;
      response.end(request.url === '/text' ? 'not json' : '{"items":null}');
    });
  });
  afterAll(() => server.close());

  const judging = (accepts: (response: LoadResponse) => string | undefined): Operation => ({
    ...ask,
    accepts,
  });

  it('is invalid_body with the reason that accepts gives', async () => {
    const accepts = (response: LoadResponse) =>
      response.json() === undefined ? 'the body is not JSON' : undefined;
    expect(await once(server.url, '/text', judging(accepts))).toMatchObject({
      status: 200,
      outcome: 'invalid_body',
      error: { code: 'body', message: 'the body is not JSON' },
    });
    expect(await once(server.url, '/json', judging(accepts))).toMatchObject({
      outcome: 'ok',
      error: undefined,
    });
  });

  it('is invalid_body too when accepts throws', async () => {
    const accepts = (response: LoadResponse) => {
      const { items } = response.json() as { items: unknown[] };
      return items.length > 0 ? undefined : 'no items';
    };
    expect(await once(server.url, '/json', judging(accepts))).toMatchObject({
      outcome: 'invalid_body',
      error: { code: 'body', message: expect.stringMatching(/^accepts threw TypeError: /) as string },
    });
  });

  it('names the schema where the schema throws, beside an accepts that does not', async () => {
    const answer = {
      '~standard': {
        version: 1 as const,
        vendor: 'own',
        validate: (): never => {
          throw new TypeError('broken');
        },
      },
    };
    const operation = { ...judging(() => undefined), answer };
    expect(await once(server.url, '/json', operation)).toMatchObject({
      outcome: 'invalid_body',
      error: { code: 'body', message: 'the schema threw TypeError: broken' },
    });
  });

  it.each<[string, unknown, string | undefined]>([
    ['null, which is no error', null, undefined],
    ['true', true, 'returned a boolean'],
    ['an object', { code: 5 }, 'returned an object'],
    ['a promise', () => Promise.reject(new Error('late')), 'returned a promise'],
  ])('judged with %s', async (_, said, problem) => {
    for (const name of ['accepts', 'inBandError'] as const) {
      const operation: Operation = {
        ...ask,
        [name]: () => (typeof said === 'function' ? (said as () => unknown)() : said),
      };
      const response = once(server.url, '/json', operation);
      if (problem === undefined) expect(await response).toMatchObject({ outcome: 'ok' });
      else await expect(response).rejects.toThrow(`cannot be judged: its ${name} ${problem}; expected text`);
    }
  });

  it('is not checked when the status is a failure', async () => {
    let asked = 0;
    const accepts = (): string => {
      asked++;
      return 'no';
    };
    expect(await once(server.url, '/500', judging(accepts))).toMatchObject({ outcome: 'server_error' });
    expect(asked).toBe(0);
  });
});
