import { connect } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { Value } from '@jarvis-load/engine/typebox/value';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LiveStateSchema } from '../src/api/session-schema.ts';
import { RequestGuard } from '../src/server/request-guard.ts';
import { startLiveServer } from '../src/server/start-live-server.ts';
import { LiveStore } from '../src/record/live-store.ts';
import { FakeControl } from './support/fake-control.ts';
import { fillStore } from './support/fill-store.ts';
import { bearer, json, send, serve } from './support/serve.ts';

const START = JSON.stringify({ target: 'mock', scenarios: ['chat-user'], load: { kind: 'users', users: 5 } });

async function cookieOf(server: Awaited<ReturnType<typeof serve>>): Promise<string> {
  const { headers } = await send(server, 'POST', '/api/login', json, JSON.stringify({ token: server.token }));
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

describe('who may reach the live page', () => {
  it('listens on 127.0.0.1 and ::1, and on no other address', async () => {
    const server = await serve();
    expect((await send(server, 'GET', '/')).status).toBe(200);
    const six = await send(server, 'GET', '/', {}, undefined, '::1').catch(
      (error: unknown) => error as NodeJS.ErrnoException,
    );
    if ('status' in six) expect(six.status).toBe(200);
    else expect(six.code).toBe('EADDRNOTAVAIL');
    await expect(send(server, 'GET', '/', {}, undefined, '127.0.0.2')).rejects.toThrow('ECONNREFUSED');
  });

  it('answers on port 80 under the bare name, as browsers leave that port out of Host', () => {
    const asks = (host: string) => ({ headers: { host } }) as FastifyRequest;
    const guard = new RequestGuard();
    guard.listenOn(['localhost', '127.0.0.1'], 80);
    for (const host of ['localhost', 'LOCALHOST:80', '127.0.0.1']) guard.checkHost(asks(host));
    expect(() => guard.checkHost(asks('evil.example'))).toThrow(/host name/);
    guard.listenOn(['localhost'], 8080);
    expect(() => guard.checkHost(asks('localhost'))).toThrow(/host name/);
  });

  it('refuses a foreign Host, which DNS rebinding would send, before anything else', async () => {
    const server = await serve();
    for (const host of [
      'evil.example',
      `evil.example:${server.port}`,
      'localhost',
      `localhost:${server.port + 1}`,
    ]) {
      const { status, body } = await send(server, 'GET', '/', { host });
      expect({ host, status, body: JSON.parse(body) as unknown }).toMatchObject({
        host,
        status: 403,
        body: { error: 'host' },
      });
    }
    expect((await send(server, 'GET', '/', { host: `localhost:${server.port}` })).status).toBe(200);
  });

  it('gives nothing of the run without the token', async () => {
    const server = await serve({ control: new FakeControl() });
    for (const path of [
      '/api/state',
      '/api/events',
      '/api/stats/requests',
      '/api/runs',
      '/api/offer',
      '/api/openapi.json',
    ])
      expect((await send(server, 'GET', path)).status, path).toBe(401);
  });

  it('takes no token from a query string', async () => {
    const server = await serve();
    expect((await send(server, 'GET', `/api/state?token=${server.token}`)).status).toBe(401);
  });

  it('exchanges the token for a cookie that scripts and other sites cannot use', async () => {
    const server = await serve();
    const wrong = await send(server, 'POST', '/api/login', json, JSON.stringify({ token: 'x'.repeat(32) }));
    expect(wrong.status).toBe(401);
    expect(wrong.headers['set-cookie']).toBeUndefined();
    const right = await send(server, 'POST', '/api/login', json, JSON.stringify({ token: server.token }));
    expect(right.headers['set-cookie']?.[0]).toMatch(
      /^jarvis_load_\d+=[\w-]+; HttpOnly; SameSite=Strict; Path=\/$/,
    );
    expect(right.headers['set-cookie']?.[0]).not.toContain(server.token);
    expect((await send(server, 'GET', '/api/state', { cookie: await cookieOf(server) })).status).toBe(200);
  });

  it('changes nothing for a page of another origin, even with the cookie', async () => {
    const control = new FakeControl();
    const server = await serve({ control });
    const cookie = await cookieOf(server);
    const foreign = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `http://127.0.0.1:${server.port + 1}` },
      { 'sec-fetch-site': 'cross-site' },
      { origin: server.base, 'sec-fetch-site': 'cross-site' },
      {}, // A program without Origin must show the token, not a cookie.
    ] as Record<string, string>[];
    for (const headers of foreign)
      expect((await send(server, 'POST', '/api/run', { ...json, cookie, ...headers }, START)).status).toBe(
        403,
      );
    expect(control.calls).toEqual([]);
    const own = { ...json, cookie, origin: server.base, 'sec-fetch-site': 'same-origin' };
    expect((await send(server, 'POST', '/api/run', own, START)).status).toBe(200);
    expect(control.calls).toHaveLength(1);
  });

  it('refuses forms: JSON is the only content type', async () => {
    const control = new FakeControl();
    const server = await serve({ control });
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain'])
      expect(
        (await send(server, 'POST', '/api/run', { ...bearer(server), 'content-type': type }, START)).status,
      ).toBe(415);
    expect(control.calls).toEqual([]);
  });

  it('refuses bodies above 16 KiB, and what the schema does not know', async () => {
    const server = await serve({ control: new FakeControl() });
    const headers = { ...bearer(server), ...json };
    const big = JSON.stringify({ target: 'x'.repeat(20_000) });
    expect((await send(server, 'POST', '/api/run', headers, big)).status).toBe(413);
    for (const body of [
      '{"users":"10"}',
      '{"users":-1}',
      '{"users":1.5}',
      '{"users":10,"file":"/etc/passwd"}',
      '{',
      '[]',
    ])
      expect((await send(server, 'POST', '/api/run/users', headers, body)).status, body).toBe(400);
    const words = START.replace('"users":5', '"users":"abc"');
    const { status, body } = await send(server, 'POST', '/api/run', headers, words);
    expect({ status, ...(JSON.parse(body) as object) }).toMatchObject({
      status: 400,
      error: 'body',
      message: 'body/load/users must be integer',
    });
  });

  it('sends no CORS header, and a policy without inline scripts', async () => {
    const server = await serve();
    for (const path of ['/', '/page.js', '/api/state', '/nothing']) {
      const { headers } = await send(server, 'GET', path, {
        ...bearer(server),
        origin: 'https://evil.example',
      });
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(headers['content-security-policy']).toMatch(
        /default-src 'none'; script-src 'self'; style-src 'self'/,
      );
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    }
    expect(
      (await send(server, 'OPTIONS', '/api/run', { origin: 'https://evil.example' })).status,
    ).toBeGreaterThanOrEqual(400);
  });

  it('serves files by exact names only', async () => {
    const server = await serve({
      archive: {
        list: () => [],
        read: (id, file) => (id === 'a' && file === 'b' ? Buffer.from('x') : undefined),
        history: (id) => (id === 'a' ? { binMs: 1000, points: [] } : undefined),
        show: () => Promise.resolve(undefined),
      },
    });
    const headers = bearer(server);
    expect((await send(server, 'GET', '/api/runs/a/b', headers)).body).toBe('x');
    expect((await send(server, 'GET', '/api/runs/a/history', headers)).status).toBe(200);
    for (const path of [
      '/../package.json',
      '/%2e%2e/package.json',
      '/api/runs/a/..%2fb',
      '/api/runs/%2e%2e/b',
      '/api/runs/a/../../../etc/passwd',
      '/api/runs/a/%00b',
      '/api/runs/b/history',
      '/api/runs/%2e%2e/history',
    ])
      expect((await send(server, 'GET', path, headers)).status, path).toBe(404);
  });

  it('gives reports of the run that is on by exact names, and none without a run', async () => {
    const asked: string[] = [];
    const reports = {
      read: (file: string) => {
        asked.push(file);
        return Promise.resolve(file === 'stats.csv' ? Buffer.from('Type,Name') : undefined);
      },
    };
    const server = await serve({ reports });
    const get = (path: string, headers = bearer(server)) => send(server, 'GET', path, headers);
    expect((await get('/api/run/reports/stats.csv')).status).toBe(409);
    fillStore(server.store);
    const { status, headers, body } = await get('/api/run/reports/stats.csv');
    expect([status, body]).toEqual([200, 'Type,Name']);
    expect(headers['content-disposition']).toBe(
      'attachment; filename="20261128-120000-abcd-so-far-stats.csv"',
    );
    expect(headers['content-type']).toBe('application/octet-stream');
    expect((await get('/api/run/reports/stats.csv', {})).status).toBe(401);
    expect((await get('/api/run/reports/..%2fresult.json')).status).toBe(404);
    expect(asked).toEqual(['stats.csv', '../result.json']);
  });

  it('refuses targets that are not configured, and more than the ceiling', async () => {
    const control = new FakeControl();
    const server = await serve({ control });
    const headers = { ...bearer(server), ...json };
    const foreign = START.replace('"mock"', '"http://victim.example"');
    expect((await send(server, 'POST', '/api/run', headers, foreign)).status).toBe(403);
    expect((await send(server, 'POST', '/api/run/users', headers, '{"users":101}')).status).toBe(403);
    expect((await send(server, 'POST', '/api/run/rate', headers, '{"rate":101}')).status).toBe(403);
    expect(control.calls).toEqual([]);
  });

  it("serves the state of a run that is on and steered, with a program's token", async () => {
    const server = await serve({ control: new FakeControl() });
    fillStore(server.store);
    const { status, body } = await send(server, 'GET', '/api/state', bearer(server));
    expect(status, body).toBe(200);
    const state: unknown = JSON.parse(body);
    expect(state).toEqual(JSON.parse(JSON.stringify(server.store.state)));
    expect(Value.Errors(LiveStateSchema, state)).toEqual([]);
  });

  it('starts one run at a time', async () => {
    const server = await serve({ control: new FakeControl() });
    server.store.setSession({ state: 'running' });
    expect((await send(server, 'POST', '/api/run', { ...bearer(server), ...json }, START)).status).toBe(409);
  });

  it('lets a page that only watches change nothing', async () => {
    const server = await serve();
    const headers = { ...bearer(server), ...json };
    for (const [method, path, body] of [
      ['POST', '/api/run', START],
      ['DELETE', '/api/run', undefined],
      ['POST', '/api/run/users', '{"users":1}'],
      ['POST', '/api/run/pause', '{}'],
    ] as const)
      expect(
        (await send(server, method, path, body === undefined ? bearer(server) : headers, body)).status,
      ).toBe(403);
    expect(server.store.state.log).toEqual([]);
  });

  it('listens on another address only when told to, and asks for the token there too', async () => {
    const address = '127.0.0.2'; // Not one of the usual two, and still of this machine.
    const server = await startLiveServer({ store: new LiveStore('view'), port: 0, host: address });
    onTestFinished(() => server.close());
    const get = (headers: Record<string, string>, path = '/api/state') =>
      send(server, 'GET', path, headers, undefined, address);
    const host = `${address}:${server.port}`;
    expect((await get({ host })).status).toBe(401);
    expect((await get({ host, ...bearer(server) })).status).toBe(200);
    expect((await get({ host: `evil.example:${server.port}`, ...bearer(server) })).status).toBe(403);
    await expect(send(server, 'GET', '/')).rejects.toThrow('ECONNREFUSED');
  });

  it.each(['::1', '[::1]', '0:0:0:0:0:0:0:1', 'LOCALHOST'])(
    'answers under the address of its URL on %s',
    async (host) => {
      const server = await startLiveServer({ store: new LiveStore('view'), port: 0, host });
      onTestFinished(() => server.close());
      const { origin, hash } = new URL(server.url);
      const authorization = `Bearer ${hash.replace('#token=', '')}`;
      expect((await fetch(`${origin}/api/state`, { headers: { authorization } })).status).toBe(200);
    },
  );

  it('knows a cookie of the start before by the secret alone, on the same port', async () => {
    const first = await serve({ cookieSecret: 'kept' });
    const cookie = await cookieOf(first);
    const { port, token } = first;
    await first.close();
    const start = async (cookieSecret: string) => {
      const server = await startLiveServer({ store: new LiveStore('view'), port, cookieSecret });
      const { status } = await send(server, 'GET', '/api/state', { cookie });
      const old = await send(server, 'GET', '/api/state', bearer({ token }));
      await server.close();
      return [status, old.status];
    };
    expect(await start('kept')).toEqual([200, 401]); // The token is new for each start.
    expect(await start('another')).toEqual([401, 401]);
    const elsewhere = await serve({ cookieSecret: 'kept' });
    expect((await send(elsewhere, 'GET', '/api/state', { cookie })).status).toBe(401);
    const renamed = cookie.replace(String(port), String(elsewhere.port));
    expect((await send(elsewhere, 'GET', '/api/state', { cookie: renamed })).status).toBe(401);
  });

  it('shows an earlier run for its own page and programs only, and never while a run is on', async () => {
    const asked: string[] = [];
    const archive = {
      list: () => [],
      read: () => undefined,
      history: () => undefined,
      show: (runId: string) => Promise.resolve(void asked.push(runId)),
    };
    const server = await serve({ control: new FakeControl(), archive });
    const show = (headers: Record<string, string>) => send(server, 'POST', '/api/runs/a/show', headers);
    const cookie = await cookieOf(server);
    expect((await show({})).status).toBe(401);
    expect((await show({ cookie, origin: 'https://evil.example' })).status).toBe(403);
    server.store.setSession({ state: 'running' });
    expect((await show(bearer(server))).status).toBe(409);
    expect(asked).toEqual([]);
    server.store.setSession({ state: 'idle' });
    expect((await show(bearer(server))).status).toBe(404);
    expect((await send(await serve({ archive }), 'POST', '/api/runs/a/show')).status).toBe(401);
  });

  it('says which port is in use', async () => {
    const server = await serve();
    const second = startLiveServer({ store: new LiveStore('view'), port: server.port });
    await expect(second).rejects.toMatchObject({ code: 'port-in-use' });
  });
});

describe('floods', () => {
  it('refuses more than 100 listeners, and has room again when one goes', async () => {
    const server = await serve();
    const open = () =>
      new Promise<{ status: number; close: () => void }>((resolve, reject) => {
        const socket = connect(server.port, '127.0.0.1', () =>
          socket.write(
            `GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Bearer ${server.token}\r\n\r\n`,
          ),
        );
        socket.once('data', (data) =>
          resolve({ status: Number(/ (\d{3}) /.exec(data.toString())?.[1]), close: () => socket.destroy() }),
        );
        socket.once('error', reject);
      });
    const streams = await Promise.all(Array.from({ length: 100 }, open));
    expect(new Set(streams.map(({ status }) => status))).toEqual(new Set([200]));
    expect((await open()).status).toBe(503);
    streams[0]?.close();
    await expect.poll(() => server.pages).toBe(99);
    const again = await open();
    expect(again.status).toBe(200);
    for (const { close } of [...streams, again]) close();
  });

  it('cuts off a reader that does not read, and keeps the others', async () => {
    const server = await serve();
    const slow = connect(server.port, '127.0.0.1', () => {
      slow.pause();
      slow.write(
        `GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Bearer ${server.token}\r\n\r\n`,
      );
    });
    slow.on('error', () => undefined);
    await expect.poll(() => server.pages).toBe(1);
    const text = 'x'.repeat(100_000);
    for (let line = 0; line < 300 && server.pages > 0; line++) {
      server.store.log('info', text);
      if (line % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(server.pages).toBe(0);
    slow.destroy();
  });
});
