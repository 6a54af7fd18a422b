import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock/clock.ts';
import type { ExecutorOptions } from '../executors/options.ts';
import { SharedCounts } from '../executors/executor.ts';
import { CounterLayout } from '../recorder/counters.ts';
import type { ScenarioDefinition } from '../scenario.ts';
import { UndiciTransport } from '../transport/undici-transport.ts';
import { Aggregator } from './aggregator.ts';
import { compileRun, type CompiledRun } from './compile.ts';
import { LoadThread } from './load-thread.ts';

const USERS = 50;
const RATE = 1000;
/** A schedule does not wait for an engine that is still being compiled: a second of that costs it its 99th percentile. */
const FOR_SCHEDULES = { iterations: 2000, mostMs: 400 };
/** Users wait for each other's answers anyway. */
const FOR_USERS = { iterations: 400, mostMs: 100 };
/** Hand-overs to the coordinator. */
const INTERVALS = 5;
const BODY = JSON.stringify({
  message: { content: 'warm' },
  conversation_id: 'warm',
  results: [],
  latency_ms: 1,
});
const ANSWER = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;

/**
 * Runs users, arrivals, requests, recording and merging against an echo inside the process before the clock starts, so that
 * the first measured requests do not pay for compiling all that: a cold start is an engine's worst lag. The target sees
 * none of it.
 * @param measured the run that it is for
 * @returns how many requests it made; 0 where the process may not listen on the loopback
 */
export async function warmUp(clock: Clock, measured: CompiledRun): Promise<number> {
  const server = await listen();
  if (server === undefined) return 0;
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const scheduled = measured.scenarios.some(({ executor }) => executor.model === 'open');
  const { iterations, mostMs } = scheduled ? FOR_SCHEDULES : FOR_USERS;
  const run = compileRun([
    warmUpScenario('users', {
      kind: 'shared-iterations',
      vus: USERS,
      iterations,
      maxDuration: mostMs,
      gracefulStop: 0,
    }),
    warmUpScenario('arrivals', {
      kind: 'constant-arrival-rate',
      rate: RATE,
      duration: mostMs,
      maxVUs: RATE,
      gracefulStop: 0,
    }),
  ]);
  const thread = createThread(run, origin, clock);
  try {
    await thread.prepare(run.scenarios.map(() => undefined));
    const stop = setTimeout(() => thread.stop(), mostMs);
    await thread.run(clock.now());
    clearTimeout(stop);
    const aggregator = new Aggregator(run, 1);
    for (let interval = 1; interval <= INTERVALS; interval++) {
      aggregator.add([thread.flush()], interval, { paused: false, eventLoopUtilization: 0 });
    }
    return aggregator.total.mergeOperations().requests;
  } catch {
    return 0;
  } finally {
    thread.close();
    server.close();
  }
}

function warmUpScenario(name: string, executor: ExecutorOptions): ScenarioDefinition {
  return {
    name,
    operations: [{ name: 'echo', method: 'POST', route: '/', accepts: (r) => (r.json() ? undefined : 'no') }],
    async run(user) {
      const response = await user.request({ operation: 'echo', path: '/', json: { content: 'warm up' } });
      user.check(response, { ok: ({ status }) => status === 200 });
    },
    executor,
  };
}

function createThread(run: CompiledRun, origin: string, clock: Clock): LoadThread {
  const transport = {
    origin,
    addresses: [],
    connectTimeoutMs: 1000,
    headersTimeoutMs: 0,
    bodyTimeoutMs: 0,
    maxBodyBytes: 65_536,
    ca: undefined,
    rejectUnauthorized: true,
    http2: false,
  };
  return new LoadThread({
    run,
    clock,
    transport: new UndiciTransport(transport, clock),
    target: { origin, pathPrefix: '' },
    headers: {},
    requestTimeoutMs: 1000,
    thread: 0,
    threads: 1,
    gates: new Map(),
    seed: 1,
    counters: new CounterLayout(run.scenarios.length, run.operations.length).allocate(),
    sharedCounts: run.scenarios.map(() => new SharedCounts()),
    selections: new Map(),
    connections: 'shared',
    maxConnections: Number.POSITIVE_INFINITY,
    pacing: 'efficient',
    onExchange: undefined,
  });
}

function listen(): Promise<Server | undefined> {
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    // A warm-up request is one small packet: no parser needed to answer it.
    socket.on('data', () => socket.write(ANSWER));
  });
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}
