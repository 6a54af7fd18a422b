import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClient } from '../src/client.ts';
import { runLoad } from '../src/coordination/load.ts';
import type { ScenarioDefinition } from '../src/model/scenario.ts';
import { deadAddress } from './fixtures/loopback.ts';

const operations = [{ name: 'ask', method: 'GET', route: '/ask' }] as const;
const scenario = (parts: Partial<ScenarioDefinition>): ScenarioDefinition => ({
  name: 'asking',
  operations,
  run: async (user) => {
    await user.request({ operation: 'ask', path: '/ask' });
  },
  ...parts,
});

describe('a server that takes no more connections', () => {
  let worker: Worker;
  let port: number;
  const queued: Socket[] = [];

  beforeAll(async () => {
    worker = new Worker(new URL('./support/full-backlog.js', import.meta.url));
    port = await new Promise<number>((resolve) => worker.once('message', resolve));
    // Fills the accept queue, until a connection attempt hangs.
    for (let full = false; !full;) {
      const socket = connect(port, '127.0.0.1');
      queued.push(socket);
      full = await new Promise<boolean>((resolve) => {
        socket.once('connect', () => resolve(false));
        setTimeout(() => resolve(true), 200);
      });
      expect(queued.length).toBeLessThan(50);
    }
  });
  afterAll(async () => {
    for (const socket of queued) socket.destroy();
    await worker.terminate();
  });

  it('is a connect_timeout when the time to connect is over, which is all queue wait', async () => {
    const client = openClient({
      baseUrl: `http://127.0.0.1:${port}`,
      operations,
      timeouts: { connectMs: 300, requestMs: 10_000 },
    });
    const { outcome, error, status, timings } = await client.request({ operation: 'ask', path: '/ask' });
    await client.close();
    expect({ outcome, code: error?.code, status }).toEqual({
      outcome: 'timeout',
      code: 'connect_timeout',
      status: 0,
    });
    expect(timings.responseTimeMs).toBeGreaterThanOrEqual(299);
    expect(timings.responseTimeMs).toBeLessThan(2500);
    expect(timings.queueWaitMs).toBeCloseTo(timings.responseTimeMs, 3);
    expect(timings).toMatchObject({ serviceTimeMs: 0, waitingMs: 0, receivingMs: 0 });
  });

  it('is not_sent when the time for the whole request is over first', async () => {
    const client = openClient({
      baseUrl: `http://127.0.0.1:${port}`,
      operations,
      timeouts: { connectMs: 10_000, requestMs: 150 },
    });
    const { outcome, error, timings } = await client.request({ operation: 'ask', path: '/ask' });
    await client.close();
    expect({ outcome, code: error?.code }).toEqual({ outcome: 'timeout', code: 'not_sent' });
    expect(timings.responseTimeMs).toBeGreaterThanOrEqual(149);
    expect(timings.responseTimeMs).toBeLessThan(1000);
  });

  it('fails each request of a run, every one of them accounted for', async () => {
    const result = await runLoad({
      baseUrl: `http://127.0.0.1:${port}`,
      warmUp: false,
      circuitBreaker: false,
      timeouts: { connectMs: 200 },
      scenarios: [scenario({ executor: { kind: 'per-vu-iterations', vus: 3, iterations: 2 } })],
    });
    expect(result.totals).toMatchObject({ requests: 6, failed: 6 });
    expect(result.errors).toMatchObject([{ outcome: 'timeout', code: 'connect_timeout', count: 6 }]);
    expect(result.iterations).toMatchObject({ planned: 6, completed: 6 });
    expect(result.verdict.status).toBe('fail');
  });
});

describe('several addresses', () => {
  /** Connections and requests by the address that received them. */
  const connections = new Map<string, number>();
  const requests = new Map<string, number>();
  const hosts = new Set<string>();
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    count(requests, request.socket.localAddress);
    hosts.add(request.headers.host ?? '');
    response.end('{}');
  });
  server.on('connection', (socket) => count(connections, socket.localAddress));
  let port: number;

  beforeAll(async () => {
    // All of 127.0.0.0/8 is loopback.
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('are connected to in turn, under the same name', async () => {
    connections.clear();
    requests.clear();
    const result = await runLoad({
      baseUrl: `http://jarvis.test:${port}`,
      address: ['127.0.0.1', '127.0.0.2', '127.0.0.3'],
      warmUp: false,
      scenarios: [scenario({ executor: { kind: 'per-vu-iterations', vus: 6, iterations: 5 } })],
    });
    expect(result.totals).toMatchObject({ requests: 30, failed: 0 });
    expect(Object.fromEntries(connections)).toEqual({ '127.0.0.1': 2, '127.0.0.2': 2, '127.0.0.3': 2 });
    expect(Object.fromEntries(requests)).toEqual({ '127.0.0.1': 10, '127.0.0.2': 10, '127.0.0.3': 10 });
    expect([...hosts]).toEqual([`jarvis.test:${port}`]);
  });

  it('of which one is dead fail those requests that go there, and no others', async () => {
    const { port: dead } = new URL(await deadAddress());
    const single = createServer((_request, response) => response.end('{}'));
    await new Promise<void>((resolve) => single.listen(Number(dead), '127.0.0.1', resolve));
    const result = await runLoad({
      baseUrl: `http://jarvis.test:${dead}`,
      address: ['127.0.0.1', '127.0.0.2'],
      warmUp: false,
      circuitBreaker: false,
      scenarios: [scenario({ executor: { kind: 'per-vu-iterations', vus: 4, iterations: 1 } })],
    });
    single.closeAllConnections();
    await new Promise((resolve) => single.close(resolve));
    expect(result.totals).toMatchObject({ requests: 4, failed: 2 });
    expect(result.errors).toMatchObject([{ code: 'ECONNREFUSED', count: 2 }]);
  });
});

function count(counts: Map<string, number>, key = ''): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
