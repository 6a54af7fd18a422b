import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { ThreadSecrets } from '../secrets/sent-secrets.ts';
import type { Clock } from '../model/clock.ts';
import type { PacerMode } from '../clock/pacer.ts';
import type { ExecutorOptions } from '../model/executor-options.ts';
import { SharedCounts } from '../executors/executor.ts';
import { CounterLayout } from '../recorder/counters.ts';
import type { ChecksOf, Operation, RequestSpec, ScenarioDefinition, VirtualUser } from '../model/scenario.ts';
import type { LoadResponse } from '../model/load-response.ts';
import { createTransport } from '../transport/create-transport.ts';
import { compileRun } from '../definition/compile.ts';
import type { CompiledRun } from '../model/compiled-run.ts';
import { WHOLE_RUN } from '../plan/count-of-part.ts';
import { LoadThread } from './load-thread.ts';
import type { ThreadReport } from './thread-handle.ts';
import { answerStream, READERS, streamReaders, STREAMS } from './warm-up-streams.ts';

/*
 * Runs users, arrivals, requests, recording and merging against a server in this process before the clock starts, so that
 * the first measured requests do not pay for compiling all that: a cold start is an engine's worst lag. One pass of it, with
 * users, connections and scenario code of its own, is a rehearsal.
 *
 * Must hold:
 * - Nothing of it reaches the target or the record: server, counters, recorder and shared counts are its own.
 * - It never fails a run: an error ends the warm-up early.
 * - It takes place on the real clock and on sockets alone, which `resolveOptions` ensures.
 * - Operations, requests and iterations differ in shape, so that code compiled here is kept in the run.
 */

/** Arrivals per second. High, because code that only arrivals call must be called often to be compiled. */
const RATE = 2000;
/** Few: creating users takes time in which no request is sent, and a cold engine cannot answer so many arrivals. */
const MOST_ARRIVING = 60;
/** Users with one iteration each, so that code for opening connections is compiled too. */
const NEWCOMERS = 50;

/** Takes the intervals of a rehearsal, as the coordinator takes those of the run; `warmUp` (below) calls `end` once. */
export interface IntervalRehearsal {
  take(report: ThreadReport): void;
  end(): void;
}

interface Rehearsal {
  /** That share `iterations`. Few, so that each sends many requests; more of them share a turn of the event loop. */
  readonly users: number;
  readonly iterations: number;
  readonly mostMs: number;
  /** Wait for background compilation, which would otherwise take processor time from the run. */
  readonly settleMs: number;
}

/**
 * Compilation during the first second of a schedule causes lag that dominates its 99th percentile. Rehearse twice:
 * starting with new users, connections and scenario code discards part of the compiled code, and this must happen
 * before the run.
 */
const FOR_SCHEDULES: readonly Rehearsal[] = [
  { users: 2, iterations: 6000, mostMs: 900, settleMs: 100 },
  { users: 2, iterations: 3000, mostMs: 600, settleMs: 150 },
];
/**
 * The same for users without a schedule, which take a fraction of the time. Code not compiled by then is compiled
 * during the run and occasionally delays a response by 5 ms. More iterations cost the run processor time and do not make
 * its first seconds faster: docs/reference/performance.md, "Beside an earlier version".
 */
const FOR_USERS: readonly Rehearsal[] = [
  { users: 16, iterations: 2000, mostMs: 700, settleMs: 100 },
  { users: 16, iterations: 1000, mostMs: 500, settleMs: 100 },
];
/** Hand-overs to the coordinator in a rehearsal. */
const INTERVALS = 5;
const BODY = JSON.stringify({
  message: { content: 'warm' },
  conversation_id: 'warm',
  results: [],
  latency_ms: 1,
});
const FIELDS = 'Server: warm-up\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: application/json\r\n';
const LENGTH = `Content-Length: ${BODY.length}\r\n`;
/**
 * Used in turn: with and without a length, and with different connection headers, to run every branch of the parser.
 */
const ANSWERS: readonly string[] = [
  `HTTP/1.1 200 OK\r\n${FIELDS}${LENGTH}Connection: keep-alive\r\n\r\n${BODY}`,
  `HTTP/1.1 200 OK\r\n${FIELDS}Transfer-Encoding: chunked\r\n\r\n${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`,
  `HTTP/1.1 200 OK\r\n${FIELDS}${LENGTH}Connection: keep-alive\r\nKeep-Alive: timeout=60\r\n\r\n${BODY}`,
  `HTTP/1.1 201 Created\r\n${FIELDS}${LENGTH}\r\n${BODY}`,
];

/**
 * Warms up this thread.
 * @param measured the run that it is for
 * @param rehearsalOf takes the intervals of a rehearsed run; absent in a thread that only hands them over
 * @returns how many requests it made; 0 where the process may not listen on the loopback
 */
export async function warmUp(
  clock: Clock,
  measured: CompiledRun,
  pacing: PacerMode,
  rehearsalOf?: (run: CompiledRun) => IntervalRehearsal,
): Promise<number> {
  const server = await listen();
  if (server === undefined) return 0;
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let requests = 0;
  try {
    for (const [round, rehearsal] of (isScheduled(measured) ? FOR_SCHEDULES : FOR_USERS).entries()) {
      requests += await rehearse(clock, origin, pacing, rehearsal, round, measured, rehearsalOf);
      await new Promise((resolve) => setTimeout(resolve, rehearsal.settleMs));
    }
    return requests;
  } catch {
    return requests;
  } finally {
    server.close();
  }
}

async function rehearse(
  clock: Clock,
  origin: string,
  pacing: PacerMode,
  { users, iterations, mostMs }: Rehearsal,
  round: number,
  measured: CompiledRun,
  rehearsalOf: ((run: CompiledRun) => IntervalRehearsal) | undefined,
): Promise<number> {
  const limits = { maxDuration: mostMs, gracefulStop: 0 };
  const run = compileRun([
    weighted('users', round, { kind: 'shared-iterations', vus: users, iterations, ...limits }),
    journey('newcomers', round, { kind: 'per-vu-iterations', vus: NEWCOMERS, iterations: 1, ...limits }),
    ...(measured.operations.some(({ stream }) => stream !== undefined)
      ? [streamReaders({ kind: 'shared-iterations', vus: READERS, iterations: STREAMS, ...limits })]
      : []),
    ...(isScheduled(measured)
      ? [
          journey('arrivals', round + 1, {
            kind: 'constant-arrival-rate',
            rate: RATE,
            duration: mostMs,
            maxVUs: MOST_ARRIVING,
            gracefulStop: 0,
          }),
        ]
      : []),
  ]);
  const thread = createThread(run, origin, clock, pacing);
  const rehearsal = rehearsalOf?.(run);
  try {
    await thread.prepare(run.scenarios.map(() => undefined));
    let requests = 0;
    const handOver = (): void => {
      const interval = thread.flush();
      for (const { queueWait } of interval.operations) requests += queueWait.count;
      rehearsal?.take({ interval, health: thread.health() });
    };
    const stop = setTimeout(() => thread.stop(), mostMs);
    await thread.run(clock.now());
    clearTimeout(stop);
    // Not during the run: that takes time from its requests.
    for (let count = 0; count < INTERVALS; count++) handOver();
    return requests;
  } finally {
    rehearsal?.end();
    thread.close();
  }
}

function isScheduled(run: CompiledRun): boolean {
  return run.scenarios.some(({ executor }) => executor.model === 'open');
}

/*
 * Code compiled for objects of one shape is discarded when an object of another shape arrives. So the requests differ
 * in shape like those of scenarios, and every call of scenario code sees more than one function.
 */
const OPERATIONS: readonly Operation[] = [
  { name: 'post', method: 'POST', route: '/', accepts: (r) => (r.json() ? undefined : 'no') },
  { name: 'get', method: 'GET', route: '/' },
  { name: 'spaced', method: 'GET', route: '/', maxPerSecond: 1e6 },
];
const REQUESTS: readonly RequestSpec[] = [
  { operation: 'post', path: '/', json: { content: 'warm up' } },
  { operation: 'get', path: '/' },
  { operation: 'post', path: '/', headers: { authorization: 'none' }, json: { content: 'warm up' } },
  { operation: 'get', path: '/?q=warm', headers: { authorization: 'none' } },
  { operation: 'post', path: '/', body: 'warm up' },
  { operation: 'spaced', path: '/', timeoutMs: 1000 },
];
const CHECKS: readonly ChecksOf<LoadResponse>[] = [
  { ok: ({ status }) => status === 200 },
  { ok: ({ outcome }) => outcome === 'ok', json: (response) => response.json() !== undefined },
];

/** Several scenario functions: a call site that has seen only one function is compiled with it inlined. */
const JOURNEYS: readonly ((user: VirtualUser, index: number) => Promise<void>)[] = [
  async (user, index) => {
    const response = await user.request(REQUESTS[index % REQUESTS.length]!);
    user.check(response, CHECKS[index % CHECKS.length]!);
  },
  (user, index) =>
    user.request(REQUESTS[index % REQUESTS.length]!).then((response) => {
      user.check(response, CHECKS[index % CHECKS.length]!);
    }),
  async (user, index) => {
    for (const request of [REQUESTS[index % REQUESTS.length]!]) {
      user.check(await user.request(request), CHECKS[index % CHECKS.length]!);
    }
  },
];

function journey(name: string, way: number, executor: ExecutorOptions): ScenarioDefinition {
  const ask = JOURNEYS[way % JOURNEYS.length]!;
  const run: ScenarioDefinition['run'] =
    way % 2 === 0 ? (user) => ask(user, user.iteration) : async (user) => await ask(user, user.iteration);
  return { name, operations: OPERATIONS, executor, run };
}

function weighted(name: string, way: number, executor: ExecutorOptions): ScenarioDefinition {
  const tasks = REQUESTS.map((_, index) => {
    const ask = JOURNEYS[(way + index) % JOURNEYS.length]!;
    return index % 2 === 0
      ? { name: `${index}`, weight: 1, run: (user: VirtualUser) => ask(user, index) }
      : { name: `${index}`, weight: 1, run: async (user: VirtualUser) => await ask(user, index) };
  });
  return { name, operations: OPERATIONS, executor, tasks };
}

function createThread(run: CompiledRun, origin: string, clock: Clock, pacing: PacerMode): LoadThread {
  const transport = {
    origin,
    addresses: [],
    loopbackOnly: true,
    connectTimeoutMs: 1000,
    headersTimeoutMs: 0,
    bodyTimeoutMs: 0,
    maxBodyBytes: 65_536,
    maxHeaderBytes: 16_384,
    tls: {},
    http2: false,
  };
  return new LoadThread({
    run,
    clock,
    transport: createTransport(transport, clock),
    target: { origin, pathPrefix: '' },
    headers: {},
    requestTimeoutMs: 1000,
    setupTimeoutMs: 1000,
    thread: 0,
    place: 0,
    part: WHOLE_RUN,
    threads: 1,
    gates: new Map(),
    secrets: new ThreadSecrets({}),
    seed: 2 ** 31,
    counters: new CounterLayout(run.scenarios.length, run.operations.length).allocate(),
    sharedCounts: run.scenarios.map(() => new SharedCounts()),
    selections: new Map(),
    statuses: [],
    traceShare: 0,
    connections: undefined,
    maxConnections: Number.POSITIVE_INFINITY,
    pacing,
    stopRun: () => undefined,
    onExchange: undefined,
  });
}

function listen(): Promise<Server | undefined> {
  let answered = 0;
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    // A warm-up request is one small packet: no parser needed to answer it.
    socket.on('data', (request) => {
      if (!answerStream(request, socket)) socket.write(ANSWERS[answered++ % ANSWERS.length]!);
    });
  });
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}
