import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { startMock } from '../src/index.ts';
import type { MockConfig, RunningMock } from '../src/index.ts';
import { call } from './support/call.ts';
import { rawRequest } from './support/raw-request.ts';

let mock: RunningMock;
afterEach(() => mock.close());
const admin = (method: string, path: string, body?: unknown) =>
  call(mock.url, method, `/__mock${path}`, { body });

describe('admin routes', () => {
  it('show the settings and change them while the mock runs', async () => {
    mock = await startMock({ preset: 'fast' });
    const changed = await admin('PUT', '/config', { capacity: 8, settings: ['latency.health=40ms'] });
    expect(changed.status).toBe(200);
    const { json } = await admin('GET', '/config');
    expect((json as MockConfig).latency.health).toEqual({ kind: 'constant', ms: 40 });
    expect((json as MockConfig).capacity.all).toBe(8);
    expect(mock.config).toEqual(json);
    const started = performance.now();
    await call(mock.url, 'GET', '/health');
    expect(performance.now() - started).toBeGreaterThanOrEqual(39);
  });

  it.each([
    [{ capacty: 8 }, 'Did you mean capacity?'],
    [{ capacity: 'x' }, 'capacity.all: got "x"'],
    [{ dialect: 'core' }, 'start another mock for core'],
    [{ preset: 'fats' }, 'Did you mean fast?'],
    [{ settings: 'capacity=8' }, 'a list of strings'],
    [[], 'Expected a JSON object'],
  ])('refuse the change %j, and change nothing', async (body, message) => {
    mock = await startMock({ preset: 'fast' });
    const before = JSON.stringify(mock.config);
    const refused = await admin('PUT', '/config', body);
    expect(refused.status).toBe(400);
    expect((refused.json as { message: string }).message).toContain(message);
    expect(JSON.stringify(mock.config)).toBe(before);
  });

  it('inject a fault for a while, and take it back', async () => {
    mock = await startMock({ preset: 'fast' });
    const health = async () => (await call(mock.url, 'GET', '/health')).status;
    expect(
      (await admin('POST', '/faults', { kind: 'server_error', durationMs: '1m', operations: ['health'] }))
        .status,
    ).toBe(200);
    expect(await health()).toBe(500);
    expect((await call(mock.url, 'GET', '/ready')).status).toBe(200);
    await admin('DELETE', '/faults');
    expect(await health()).toBe(200);
    expect((await admin('POST', '/faults', { kind: 'sever_error', durationMs: 1 })).text).toContain(
      'did you mean server_error?',
    );
    expect((await admin('POST', '/faults', { kind: 'hang' })).text).toContain('durationMs');
  });

  it('freeze, and reset what was counted and stored', async () => {
    mock = await startMock({ preset: 'fast' });
    await admin('POST', '/freeze', { durationMs: 120 });
    const started = performance.now();
    await call(mock.url, 'GET', '/health');
    expect(performance.now() - started).toBeGreaterThanOrEqual(100);
    expect(mock.counters().rows).toHaveLength(1);
    await admin('POST', '/reset');
    expect(mock.counters().rows).toEqual([]);
  });

  const FORM = 'application/x-www-form-urlencoded';
  it.each([
    ['POST', '/reset', { origin: 'http://evil.example' }, 403],
    ['POST', '/reset', { origin: 'null' }, 403],
    ['POST', '/reset', { origin: 'http://localhost:1' }, 403],
    ['POST', '/reset', { 'sec-fetch-site': 'cross-site' }, 403],
    ['POST', '/reset', { 'sec-fetch-site': 'same-site' }, 403],
    ['POST', '/reset', { 'content-type': FORM }, 415],
    ['POST', '/reset', { 'content-type': 'text/plain' }, 415],
    ['POST', '/reset', { 'content-type': 'multipart/form-data; boundary=x' }, 415],
    ['POST', '/reset', { 'content-type': 'application/jsonx' }, 415],
    ['POST', '/freeze', { origin: 'http://evil.example' }, 403],
    ['POST', '/freeze', { 'content-type': 'text/plain' }, 415],
    ['POST', '/faults', { origin: 'http://evil.example' }, 403],
    ['POST', '/faults', { 'content-type': FORM }, 415],
    ['DELETE', '/faults', { origin: 'http://evil.example' }, 403],
    ['PUT', '/config', { 'sec-fetch-site': 'cross-site' }, 403],
    ['PUT', '/config', { 'content-type': 'text/plain' }, 415],
    ['POST', '/reset', { host: 'rebound.example' }, 403],
  ])('refuse %s %s from a web page: %j', async (method, path, headers, status) => {
    for (const dialect of ['documented', 'core']) {
      mock = await startMock({ preset: 'fast', settings: [`dialect=${dialect}`] });
      await call(mock.url, 'GET', '/health');
      const counted = JSON.stringify(mock.counters());
      const before = JSON.stringify(mock.config);
      const sent = await call(mock.url, method, `/__mock${path}`, {
        ...(path === '/reset' || method === 'DELETE' ? {} : { raw: '{"durationMs":1,"kind":"hang"}' }),
        headers,
      });
      expect(sent.status).toBe(status);
      expect(sent.headers['access-control-allow-origin']).toBeUndefined();
      expect(JSON.stringify(mock.counters())).toBe(counted);
      expect(JSON.stringify(mock.config)).toBe(before);
      expect((await call(mock.url, 'GET', '/health')).status).toBe(200);
      if (dialect === 'documented') await mock.close();
    }
  });

  it('accept programs, which send no origin, and a page of the mock itself', async () => {
    mock = await startMock({ preset: 'fast' });
    expect((await admin('POST', '/reset')).status).toBe(200);
    const own = { origin: mock.url, 'sec-fetch-site': 'same-origin' };
    expect((await call(mock.url, 'POST', '/__mock/reset', { headers: own })).status).toBe(200);
    const node = await fetch(`${mock.url}/__mock/reset`, { method: 'POST' });
    expect(node.status).toBe(200);
    const typed = { 'content-type': 'application/json; charset=utf-8' };
    const put = { raw: '{"capacity": 3}', headers: typed };
    expect((await call(mock.url, 'PUT', '/__mock/config', put)).status).toBe(200);
  });

  it('are in no dialect counted, limited or hit by faults', async () => {
    for (const dialect of ['documented', 'core']) {
      mock = await startMock({
        preset: 'fast',
        settings: [`dialect=${dialect}`, 'faults.reset=1', 'rateLimits.enabled=on', 'rateLimits.all=0'],
      });
      expect((await admin('GET', '/counters')).json).toEqual({ rows: [] });
      if (dialect === 'documented') await mock.close();
    }
  });

  it('answer only under a loopback name', async () => {
    mock = await startMock({ preset: 'fast' });
    const seen = await rawRequest(mock.url, [
      'GET /__mock/config HTTP/1.1',
      'Host: evil.example',
      'Connection: close',
    ]);
    expect(seen.bytes.toString()).toMatch(/^HTTP\/1\.1 403 /);
    expect(seen.bytes.toString()).not.toContain('secret');
  });

  it('answer only loopback peers, also when the mock listens on every address', async () => {
    mock = await startMock({ preset: 'fast', host: '0.0.0.0' });
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((one) => one !== undefined && one.family === 'IPv4' && !one.internal);
    const port = new URL(mock.url).port;
    expect((await call(`http://127.0.0.1:${port}`, 'GET', '/__mock/config')).status).toBe(200);
    if (outside === undefined) return;
    const seen = await rawRequest(`http://${outside.address}:${port}`, [
      'GET /__mock/config HTTP/1.1',
      'Host: localhost',
      'Connection: close',
    ]);
    expect(seen.bytes.toString()).toMatch(/^HTTP\/1\.1 403 /);
  });
});
