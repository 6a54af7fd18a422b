import { describe, expect, it } from 'vitest';
import { startMock } from '@jarvis-load/mock-jarvis';
import { countsOf, k6, once, runInK6 } from './support/run-in-k6.ts';
import { scriptedServer } from './support/scripted-server.ts';

describe.skipIf(k6 === undefined)('a target that is not what it should be', () => {
  it.concurrent('speaks the other contract: the probe of setup finds out, and the test uses it', async () => {
    const mock = await startMock({ preset: 'fast', settings: ['dialect=core'] });
    const run = await runInK6({ baseUrl: mock.url, test: 'workflow', executor: once(1) });
    const result = await run.result();
    await mock.close();
    expect(run.exit, run.log).toEqual({ exitCode: 0, abort: undefined });
    expect(result.checks.filter(({ fails }) => fails > 0)).toEqual([]);
    // Operations that the core lacks are left out; those with another route use the core's route.
    expect(result.operations.map(({ operation }) => operation)).not.toContain('chat.create');
    expect(countsOf(mock.counters(), 'run')['memory.search']).toEqual({ ok: 1 });
  });

  it.concurrent('cannot be reached: exit 108 of k6, told apart by the marker, with the reason', async () => {
    const run = await runInK6({ baseUrl: 'http://127.0.0.1:9' });
    expect(run.exit.exitCode).toBe(108);
    expect(run.exit.abort?.code).toBe('unreachable');
    expect(run.exit.abort?.text).toMatch(/^http:\/\/127\.0\.0\.1:9: cannot connect: .*connection refused/);
  });

  it.concurrent('speaks neither contract: no load at all', async () => {
    const server = await scriptedServer((_, response) => {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>nginx</h1>');
    });
    const run = await runInK6({ baseUrl: server.url, executor: once(10) });
    await server.close();
    expect(run.exit.abort?.code).toBe('neither');
    expect(server.requests.length).toBeLessThan(5);
    expect(server.requests.every((request) => request.startsWith('POST'))).toBe(true);
  });

  it.concurrent('logs in without a token: stops at once', async () => {
    const server = await scriptedServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"welcome": true}');
    });
    const run = await runInK6({ baseUrl: server.url, executor: once(10) });
    await server.close();
    expect(run.exit.exitCode).toBe(108);
    expect(run.exit.abort?.text).toMatch(/without a login of dialect documented.*token/);
    expect(server.requests.length).toBeLessThan(10);
  });

  it.concurrent('redirects elsewhere: nobody follows', async () => {
    const elsewhere = await scriptedServer((_, response) => void response.end('{}'));
    const server = await scriptedServer((_, response) => {
      response.writeHead(302, { location: `${elsewhere.url}/stolen` }).end();
    });
    const run = await runInK6({ baseUrl: server.url });
    await Promise.all([server.close(), elsewhere.close()]);
    expect(run.exit.abort?.code).toBe('neither');
    expect(elsewhere.requests).toEqual([]);
  });

  it.concurrent(
    'is the address that was checked: the name is pinned, and proxies are not asked',
    async () => {
      const mock = await startMock({ preset: 'fast' });
      const proxy = await scriptedServer((_, response) => void response.writeHead(502).end());
      const run = await runInK6({
        baseUrl: `http://jarvis.invalid:${mock.port}`,
        pins: [{ url: `http://jarvis.invalid:${mock.port}`, address: '127.0.0.1' }],
        test: 'memory',
        environment: {
          PATH: process.env['PATH'],
          HTTP_PROXY: proxy.url,
          http_proxy: proxy.url,
          ALL_PROXY: proxy.url,
          K6_VUS: '50',
          API_URL: 'http://127.0.0.1:9',
        },
      });
      await Promise.all([mock.close(), proxy.close()]);
      expect(run.exit, run.log).toEqual({ exitCode: 0, abort: undefined });
      expect(proxy.requests).toEqual([]);
      expect(countsOf(mock.counters(), 'run')['memory.store']).toEqual({ ok: 1 });
    },
  );

  it.concurrent('gets settings that make no sense: nothing is sent, and the message names them', async () => {
    const server = await scriptedServer((_, response) => void response.end());
    const run = await runInK6({
      baseUrl: server.url,
      executor: { kind: 'constant-arrival-rate', rate: 1, duration: '1s', arrivals: 'poisson' },
    });
    await server.close();
    expect(run.exit.exitCode).toBe(107);
    expect(run.log).toMatch(/k6 does not support Poisson arrivals/);
    expect(server.requests).toEqual([]);
  });
});
