import { createServer as createTlsServer, type Server, type ServerOptions } from 'node:https';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openClient } from '../src/client.ts';
import type { TlsOptions } from '../src/model/tls-options.ts';
import { runLoad } from '../src/coordination/load.ts';
import { CERTIFICATE, PRIVATE_KEY } from './support/certificate.js';
import { TestAuthority } from './fixtures/certificates.ts';
import { serveHttp } from './fixtures/loopback.ts';
import { requirePeer } from '../../../tools/peers.ts';

const openssl = requirePeer('openssl');

const ask = { operation: 'ask', path: '/ask' };
const operations = [{ name: 'ask', method: 'GET', route: '/ask' }] as const;

let authority: TestAuthority;
beforeAll(() => {
  if (openssl === undefined) return;
  authority = new TestAuthority();
});
afterAll(() => authority?.remove());

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function listen(server: Server | Http2SecureServer): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

const serveTls = (options: ServerOptions): Promise<string> =>
  listen(createTlsServer(options, (_request, response) => response.end('{}')));

async function answerOf(baseUrl: string, tls: TlsOptions = {}, http2 = false) {
  const client = openClient({ baseUrl, address: '127.0.0.1', operations, tls, http2 });
  const response = await client.request(ask);
  await client.close();
  return response;
}

describe.skipIf(openssl === undefined)('TLS', () => {
  it('trusts the certificate it is told to trust, and no other', async () => {
    const url = await serveTls({ key: PRIVATE_KEY, cert: CERTIFICATE });
    const trusted = await answerOf(url, { ca: CERTIFICATE });
    expect(trusted).toMatchObject({ outcome: 'ok', status: 200 });
    expect(trusted.timings.tlsMs).toBeGreaterThan(0);
    expect(await answerOf(url, { rejectUnauthorized: false })).toMatchObject({ outcome: 'ok' });
    expect(await answerOf(url, { ca: authority.cert })).toMatchObject({ outcome: 'connection_error' });
  });

  it('trusts what an authority of its own vouches for', async () => {
    const url = await serveTls(authority.issue({ name: 'localhost' }));
    expect(await answerOf(url, { ca: authority.cert })).toMatchObject({ outcome: 'ok' });
  });
});

describe.skipIf(openssl === undefined)('a server that asks for the certificate of a client', () => {
  const asking = (): Promise<string> =>
    serveTls({
      ...authority.issue({ name: 'localhost' }),
      ca: authority.cert,
      requestCert: true,
      rejectUnauthorized: true,
    });

  it('gets it, over HTTP/1.1, and says what is missing without', async () => {
    const url = await asking();
    const client = authority.issue({ name: 'ada' });
    const trust = { ca: authority.cert };
    expect(await answerOf(url, { ...trust, ...client })).toMatchObject({ outcome: 'ok', status: 200 });
    const { outcome, error } = await answerOf(url, trust);
    expect({ outcome, ...error }).toEqual({
      outcome: 'connection_error',
      code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
      message:
        'the server asks for the certificate of a client, and got none (ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED): give the certificate of this client as cert, and its key as key',
    });
  });

  it('gets that of its base address alone', async () => {
    const target = await asking();
    const base = await asking();
    const [own, others] = [authority.issue({ name: 'ada' }), authority.issue({ name: 'grace' })];
    const load = (tls?: TlsOptions) =>
      runLoad({
        baseUrl: target,
        warmUp: false,
        tls: { ca: authority.cert, ...own },
        scenarios: [
          {
            name: 'two',
            operations: [
              { name: 'target', method: 'GET', route: '/' },
              { name: 'base', method: 'GET', route: '/', base: 'auth' },
            ],
            bases: { auth: tls === undefined ? base : { url: base, tls } },
            executor: { kind: 'per-vu-iterations', vus: 1, iterations: 1 },
            run: async (user) => void (await user.batch(['target', 'base'])),
          },
        ],
      });
    const failed = (result: Awaited<ReturnType<typeof load>>) =>
      result.operations.map(({ operation, failed: count }) => [operation, count]);
    expect(failed(await load())).toEqual([
      ['target', 0],
      ['base', 1],
    ]);
    const result = await load(others);
    expect(failed(result)).toEqual([
      ['target', 0],
      ['base', 0],
    ]);
    for (const { key } of [own, others]) expect(JSON.stringify(result)).not.toContain(key.split('\n')[1]);
  });

  it('gets that of each of two base addresses of one origin', async () => {
    const base = await asking();
    const tls = [authority.issue({ name: 'ada' }), {}] as const;
    const result = await runLoad({
      baseUrl: base,
      warmUp: false,
      tls: { ca: authority.cert },
      scenarios: [
        {
          name: 'two',
          operations: [
            { name: 'first', method: 'GET', route: '/', base: 'first' },
            { name: 'second', method: 'GET', route: '/', base: 'second' },
          ],
          bases: { first: { url: base, tls: tls[0] }, second: { url: base, tls: tls[1] } },
          executor: { kind: 'per-vu-iterations', vus: 1, iterations: 1 },
          run: async (user) => {
            await user.request({ operation: 'first', path: '/' });
            await user.request({ operation: 'second', path: '/' });
          },
        },
      ],
    });
    expect(result.operations.map(({ operation, failed }) => [operation, failed])).toEqual([
      ['first', 0],
      ['second', 1],
    ]);
  });

  it('is not connected to with a certificate and key that do not belong together', async () => {
    const [ada, grace] = [authority.issue({ name: 'ada' }), authority.issue({ name: 'grace' })];
    const tried = (tls: TlsOptions): string => {
      try {
        openClient({ baseUrl: 'https://localhost:1', operations, tls });
        return 'opened';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(tried({ cert: ada.cert })).toContain('tls has cert without key; expected both');
    expect(tried({ cert: ada.cert, key: grace.key })).toContain('tls cannot be used (');
    expect(tried({ cert: ada.cert, key: 'secret-text' })).not.toContain('secret-text');
  });
});

describe.skipIf(openssl === undefined)('headers of an answer', () => {
  it('beyond maxHeaderBytes are a connection_error that names the limit, over HTTP/1.1 and HTTP/2', async () => {
    const issued = authority.issue({ name: 'localhost' });
    const large = { 'x-large': 'x'.repeat(20_000) };
    const http1 = await listen(
      createTlsServer(issued, (_, response) => response.writeHead(200, large).end('{}')),
    );
    const http2 = await listen(
      createSecureServer(issued, (_, response) => response.writeHead(200, large).end('{}')),
    );
    const ask1 = async (baseUrl: string, isHttp2: boolean, maxHeaderBytes?: number) => {
      const client = openClient({
        baseUrl,
        address: '127.0.0.1',
        operations,
        tls: { ca: authority.cert },
        http2: isHttp2,
        ...(maxHeaderBytes === undefined ? {} : { maxHeaderBytes }),
      });
      const { outcome, error } = await client.request(ask);
      await client.close();
      return [outcome, error?.code, error?.message];
    };
    expect(await ask1(http1, false)).toEqual([
      'connection_error',
      'headers_too_large',
      'the response headers are larger than 16384 bytes (maxHeaderBytes)',
    ]);
    expect(await ask1(http1, false, 65_536)).toEqual(['ok', undefined, undefined]);
    expect((await ask1(http2, true, 10_000)).slice(0, 2)).toEqual(['connection_error', 'headers_too_large']);
    expect(await ask1(http2, true, 65_536)).toEqual(['ok', undefined, undefined]);
  });
});

describe.skipIf(openssl === undefined)('a failure of TLS names its cause and what to do', () => {
  const failure = async (url: Promise<string>, tls?: TlsOptions) => {
    const { outcome, error, status } = await answerOf(await url, tls);
    expect({ outcome, status }).toEqual({ outcome: 'connection_error', status: 0 });
    return { code: error?.code, message: error?.message };
  };

  it('self-signed', async () => {
    expect(await failure(serveTls({ key: PRIVATE_KEY, cert: CERTIFICATE }))).toEqual({
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      message:
        "the server's certificate is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT): to trust it, give its PEM as ca",
    });
  });

  it('an unknown authority, with and without its certificate in the chain', async () => {
    const issued = authority.issue({ name: 'localhost' });
    expect(await failure(serveTls(issued))).toMatchObject({
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      message: expect.stringMatching(/unknown authority.*as ca$/) as string,
    });
    const chain = { key: issued.key, cert: issued.cert + authority.cert };
    expect(await failure(serveTls(chain))).toMatchObject({
      code: 'SELF_SIGNED_CERT_IN_CHAIN',
      message: expect.stringMatching(/unknown authority.*as ca$/) as string,
    });
  });

  it('expired, and not valid yet', async () => {
    const of = (from: string, to: string) =>
      failure(serveTls(authority.issue({ name: 'localhost', from, to })), { ca: authority.cert });
    expect(await of('20200101000000Z', '20200102000000Z')).toMatchObject({
      code: 'CERT_HAS_EXPIRED',
      message:
        "the server's certificate has expired (CERT_HAS_EXPIRED): renew it there, or check the clock of this machine",
    });
    expect(await of('20980101000000Z', '20990102000000Z')).toMatchObject({
      code: 'CERT_NOT_YET_VALID',
      message: expect.stringMatching(/not valid yet.*clocks/) as string,
    });
  });

  it('for another host', async () => {
    const url = serveTls(authority.issue({ name: 'api.jarvis.test' }));
    expect(await failure(url, { ca: authority.cert })).toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
      message: expect.stringMatching(
        /for another host name \(.*api\.jarvis\.test.*\): use a host name of the certificate/,
      ) as string,
    });
  });

  it('no TLS at all', async () => {
    const plain = await serveHttp((_request, response) => response.end());
    expect(await failure(Promise.resolve(`https://localhost:${plain.port}`))).toMatchObject({
      code: 'ERR_SSL_WRONG_VERSION_NUMBER',
      message: expect.stringMatching(/does not speak TLS on this port.*http: URL/) as string,
    });
    await plain.close();
  });

  it('HTTP/2 only', async () => {
    const issued = authority.issue({ name: 'localhost' });
    const server = createSecureServer({ ...issued, allowHTTP1: false }, (_request, response) =>
      response.end('{}'),
    );
    const url = await listen(server);
    expect(await answerOf(url, { ca: authority.cert }, true)).toMatchObject({ outcome: 'ok' });
    expect(await failure(Promise.resolve(url), { ca: authority.cert })).toMatchObject({
      code: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
      message: expect.stringMatching(/HTTP\/2 only.*set http2/) as string,
    });
  });

  it('in the document of a run, once for all requests that it failed', async () => {
    const url = await serveTls({ key: PRIVATE_KEY, cert: CERTIFICATE });
    const result = await runLoad({
      baseUrl: url,
      address: '127.0.0.1',
      warmUp: false,
      circuitBreaker: false,
      scenarios: [
        {
          name: 'asking',
          operations,
          run: async (user) => {
            await user.request(ask);
          },
          executor: { kind: 'per-vu-iterations', vus: 2, iterations: 3 },
        },
      ],
    });
    expect(result.verdict.status).toBe('fail');
    expect(result.errors).toMatchObject([
      { code: 'DEPTH_ZERO_SELF_SIGNED_CERT', count: 6, message: expect.stringContaining('as ca') as string },
    ]);
  });
});
