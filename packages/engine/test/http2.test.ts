import { constants, createSecureServer, type Http2SecureServer, type Http2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openClient } from '../src/client.ts';
import type { ExecutorOptions } from '../src/model/executor-options.ts';
import type { RunOptions } from '../src/model/run-options.ts';
import { runLoad } from '../src/coordination/load.ts';
import type { RequestSpec, ScenarioDefinition } from '../src/model/scenario.ts';
import { http2Fields } from '../src/transport/http2/http2-fields.ts';
import { CERTIFICATE, PRIVATE_KEY } from './support/certificate.js';
import { serveHttp } from './fixtures/loopback.ts';

const DELAY_MS = 60;
const operations = [
  { name: 'ask', method: 'GET', route: '/ask' },
  { name: 'tell', method: 'POST', route: '/tell' },
] as const;

/** A server that supports only HTTP/2; the path selects the response. */
let server: Http2SecureServer;
let sessions: Set<Http2Session>;
let opened: number;
/** Requests by session, in order of the sessions. */
let perSession: Map<Http2Session, number>;
let versions: Set<string>;
beforeEach(async () => {
  sessions = new Set();
  opened = 0;
  perSession = new Map();
  versions = new Set();
  server = createSecureServer(
    { key: PRIVATE_KEY, cert: CERTIFICATE, allowHTTP1: false },
    (request, response) => {
      const { session } = request.stream;
      if (session !== undefined) perSession.set(session, (perSession.get(session) ?? 0) + 1);
      versions.add(request.httpVersion);
      const body: Buffer[] = [];
      request.on('data', (chunk: Buffer) => body.push(chunk));
      request.on('error', () => undefined);
      request.on('end', () => {
        switch (request.url) {
          case '/reset':
            return request.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
          case '/reset-in-body':
            response.writeHead(200, { 'content-length': 100 }).write('part');
            setTimeout(() => request.stream.close(constants.NGHTTP2_INTERNAL_ERROR), 20);
            return;
          case '/never':
            return;
          case '/busy':
            return response.writeHead(503).end('{}');
          case '/slow':
            return void setTimeout(() => response.end('{}'), DELAY_MS);
          case '/moved':
            return void response.writeHead(303, { location: '/new', 'set-cookie': 'sid=1' }).end();
          case '/kept':
            return void response.writeHead(308, { location: '/tell' }).end();
          case '/cookies':
            return void response.writeHead(200, { 'set-cookie': ['a=1', 'b=2'] }).end('{}');
          default:
            return response.end(
              JSON.stringify({ got: Buffer.concat(body).toString(), cookie: request.headers.cookie }),
            );
        }
      });
    },
  );
  server.on('session', (session) => {
    opened++;
    sessions.add(session);
    session.on('error', () => undefined);
    session.on('close', () => sessions.delete(session));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  for (const session of sessions) session.destroy();
  await new Promise((resolve) => server.close(resolve));
});

const target = () => ({
  baseUrl: `https://localhost:${(server.address() as AddressInfo).port}`,
  address: '127.0.0.1',
  tls: { ca: CERTIFICATE },
  http2: true,
});

async function ask(...specs: Omit<RequestSpec, 'operation'>[]) {
  const client = openClient({ ...target(), operations, cookies: true });
  const answers = [];
  for (const spec of specs) {
    answers.push(await client.request({ operation: spec.json === undefined ? 'ask' : 'tell', ...spec }));
  }
  await client.close();
  return answers;
}

function load(executor: ExecutorOptions, run: ScenarioDefinition['run'], options: Partial<RunOptions> = {}) {
  return runLoad({
    ...target(),
    warmUp: false,
    scenarios: [{ name: 'asking', operations, ...(run === undefined ? {} : { run }), executor }],
    ...options,
  });
}

it('a header of a request has its own value, whatever its name', () => {
  const wire = { method: 'GET', path: '/', head: 'constructor: a\r\nx-b: b\r\n', body: null, bodyBytes: 0 };
  expect(http2Fields(wire as never, 'h')).toMatchObject({ constructor: 'a', 'x-b': 'b' });
});

describe('HTTP/2', () => {
  it('carries several requests over one connection, bodies and headers whole', async () => {
    const answers = await ask({ path: '/cookies' }, { path: '/ask' }, { path: '/tell', json: { text: 'é' } });
    expect(answers.map(({ status, outcome }) => [status, outcome])).toEqual([
      [200, 'ok'],
      [200, 'ok'],
      [200, 'ok'],
    ]);
    expect(answers[2]!.json()).toEqual({ got: '{"text":"é"}', cookie: 'a=1; b=2' });
    expect(versions).toEqual(new Set(['2.0']));
    expect([...perSession.values()]).toEqual([3]);
  });

  it('follows redirects over the same connection, with method, body and cookies as HTTP/1.1 does', async () => {
    const [moved, kept] = await ask(
      { path: '/moved', json: { a: 1 }, redirects: true },
      { path: '/kept', json: { a: 1 }, redirects: true },
    );
    expect([moved!.status, moved!.json()]).toEqual([200, { got: '', cookie: 'sid=1' }]);
    expect([kept!.status, kept!.json()]).toEqual([200, { got: '{"a":1}', cookie: 'sid=1' }]);
    expect(versions).toEqual(new Set(['2.0']));
    expect([...perSession.values()]).toEqual([4]);
  });

  it('is timed as HTTP/1.1 is: connecting once, then waiting for the server', async () => {
    const [first, second] = await ask({ path: '/slow' }, { path: '/slow' });
    expect(first!.timings.connectMs).toBeGreaterThan(0);
    expect(first!.timings.tlsMs).toBeGreaterThan(0);
    expect(second!.timings).toMatchObject({ connectMs: 0, tlsMs: 0 });
    for (const { timings } of [first!, second!]) {
      const { sendingMs, waitingMs, receivingMs, serviceTimeMs, queueWaitMs, responseTimeMs } = timings;
      expect(waitingMs).toBeGreaterThan(DELAY_MS - 2);
      expect(sendingMs + waitingMs + receivingMs).toBeCloseTo(serviceTimeMs, 3);
      expect(queueWaitMs + serviceTimeMs).toBeCloseTo(responseTimeMs, 3);
      expect(queueWaitMs).toBeGreaterThanOrEqual(timings.connectMs + timings.tlsMs);
    }
  });

  it('gives each user a connection, and each of its requests that one', async () => {
    const result = await load({ kind: 'per-vu-iterations', vus: 4, iterations: 10 }, async (user) => {
      await user.request({ operation: 'ask', path: '/ask' });
    });
    expect(result.totals).toMatchObject({ requests: 40, failed: 0 });
    expect([...perSession.values()]).toEqual([10, 10, 10, 10]);
    expect(result.health.connectionsOpened).toBe(4);
    expect(result.target.protocol).toBe('HTTP/2');
    expect(result.notes.map(({ code }) => code)).not.toContain('http2-not-spoken');
  });

  it('shares few connections at a rate', async () => {
    const result = await load(
      { kind: 'constant-arrival-rate', rate: 200, duration: '1s', maxVUs: 200 },
      async (user) => {
        await user.request({ operation: 'ask', path: '/ask' });
      },
    );
    expect(result.totals).toMatchObject({ requests: 200, failed: 0 });
    expect([...perSession.values()].reduce((sum, count) => sum + count, 0)).toBe(200);
    expect(opened).toBe(result.health.connectionsOpened);
    expect(opened).toBeLessThan(60);
  });

  it('counts a reset stream as one failed request, and goes on', async () => {
    const result = await load({ kind: 'per-vu-iterations', vus: 2, iterations: 12 }, async (user) => {
      const path = ['/ask', '/reset', '/reset-in-body', '/busy'][user.iteration % 4]!;
      await user.request({ operation: 'ask', path });
    });
    expect(result.totals).toMatchObject({ requests: 24, failed: 18 });
    expect(result.operations.find(({ operation }) => operation === 'ask')?.outcomes).toMatchObject({
      ok: 6,
      connection_error: 12,
      server_error: 6,
    });
    // The server received each of them once: none was sent again.
    expect([...perSession.values()].reduce((sum, count) => sum + count, 0)).toBe(24);
    expect(result.iterations).toMatchObject({ completed: 24, interrupted: 0 });
    const codes = Object.fromEntries(result.errors.map(({ code, count }) => [code, count]));
    expect(codes).toEqual({ http_503: 6, stream_reset: 6, truncated_body: 6 });
  });

  it('ends a request that takes too long, and the next one is served', async () => {
    const [late, next] = await ask({ path: '/never', timeoutMs: 100 }, { path: '/ask' });
    expect(late).toMatchObject({ outcome: 'timeout', error: { code: 'request_timeout' } });
    expect(late!.timings.responseTimeMs).toBeLessThan(300);
    expect(next).toMatchObject({ outcome: 'ok' });
  });

  it('survives a server that closes its sessions between requests', async () => {
    const client = openClient({ ...target(), operations });
    expect(await client.request({ operation: 'ask', path: '/ask' })).toMatchObject({ outcome: 'ok' });
    for (const session of sessions) session.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await client.request({ operation: 'ask', path: '/ask' })).toMatchObject({ outcome: 'ok' });
    expect(opened).toBe(2);
    await client.close();
  });

  it('that the target does not speak is said in the document: the numbers are of HTTP/1.1', async () => {
    const plain = await serveHttp((_request, response) => response.end('{}'));
    const result = await load(
      { kind: 'per-vu-iterations', vus: 1, iterations: 3 },
      async (user) => void (await user.request({ operation: 'ask', path: '/ask' })),
      { baseUrl: plain.url },
    );
    await plain.close();
    expect(result.totals).toMatchObject({ requests: 3, failed: 0 });
    expect(result.target.protocol).toBe('HTTP/1.1');
    expect(result.notes.find(({ code }) => code === 'http2-not-spoken')?.text).toMatch(
      /requested, but the target supports only HTTP\/1\.1/,
    );
  });
});
