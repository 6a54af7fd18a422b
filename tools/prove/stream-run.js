// @ts-check
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { resolveExecutor, runLoad } from '@jarvis-load/engine';
import { planArrivals } from '../../packages/engine/dist/plan/arrivals.js';
import { canPin } from '../../packages/engine/bench/support/programs.js';
import { sampleTruth } from '../../packages/engine/test/support/analytic.js';
import { CERTIFICATE } from '../../packages/engine/test/support/certificate.js';
import { nowMs } from '../../packages/engine/test/support/monotonic-clock.js';
import { decodeCase, STREAM_CASES, streamTruth } from '../../packages/engine/test/support/stream-cases.js';

/** @typedef {import('../../packages/engine/test/support/stream-cases.js').StreamCase} StreamCase */
/** @typedef {keyof typeof STREAM_CASES} CaseName */
/** @typedef {'HTTP/1.1' | 'TLS' | 'HTTP/2' | 'WebSocket'} StreamProtocol */

const SEED = 20_261_128;
const TIMES = /** @type {const} */ (['ttft', 'ttftSent', 'ttlt', 'tpot', 'gap', 'longestGap']);

/** Of the objective of S2. */
const GOOD_GAP_MS = 200;

const QUANTILES = /** @type {const} */ ([
  ['p50', 0.5],
  ['p95', 0.95],
  ['p99', 0.99],
]);

/**
 * p50, p95 and p99 of each time, in milliseconds.
 *
 * @typedef {Readonly<Record<Exclude<typeof TIMES[number], 'ttftSent'>, number[]>> & { readonly ttftSent?: number[] }} Quantiles
 *
 * One run, as the log keeps it.
 *
 * @typedef {object} StreamsRun
 * @property {string} name
 * @property {number} planned
 * @property {number} streams
 * @property {number} parts
 * @property {number} tokens
 * @property {number} serverParts
 * @property {Quantiles} measured
 * @property {Quantiles | undefined} recorded of what the server wrote, and when; from the same intended starts
 * @property {Quantiles} expected by arithmetic
 * @property {number[]} stampsAfterMs p50, p99, largest and least delay of a stamp behind the write of its event
 * @property {number | null} goodput
 * @property {number | null} serverGoodput share of streams whose longest gap, as written, is below 200 ms; null: no objective
 * @property {number} latenessMs of the server
 * @property {number} serverStoodStillMs longest pause of the server's event loop
 * @property {number} lagMs of the pacer
 * @property {number} stoodStillMs longest time for which the event loop of the client could not read
 */

/** @param {number} ms */
export const round = (ms) => Math.round(ms * 100) / 100;

/** @param {Readonly<Record<string, import('../../packages/engine/test/support/analytic.js').Truth>>} truths @returns {Quantiles} */
function quantilesOf(truths) {
  return /** @type {Quantiles} */ (
    Object.fromEntries(
      Object.entries(truths).map(([time, truth]) => [
        time,
        QUANTILES.map(([, p]) => round(truth.quantile(p))),
      ]),
    )
  );
}

/** The schedule of a case, in milliseconds from its start. @param {StreamCase} each */
export function scheduleOf(each) {
  const resolved = resolveExecutor(executorOf(each), 'chat');
  if (resolved.kind !== 'constant-arrival-rate') throw new Error('not a rate');
  const schedule = planArrivals(resolved, SEED, 0, 0);
  /** @type {number[]} */
  const offsets = [];
  for (let next = schedule.next(); next !== undefined; next = schedule.next()) offsets.push(next);
  return offsets;
}

/** @param {StreamCase} each @param {readonly number[]} schedule */
export const expectedOf = (each, schedule) => quantilesOf(streamTruth(each, schedule));

/** @param {StreamCase} each */
function executorOf({ rate, seconds, arrivals }) {
  return {
    kind: /** @type {const} */ ('constant-arrival-rate'),
    rate,
    duration: seconds * 1000,
    arrivals,
    maxVUs: 1000,
  };
}

/**
 * Starts the server of a case, in a process of its own.
 *
 * @param {CaseName} name
 * @param {StreamProtocol} protocol
 */
export async function startStreamServer(name, protocol) {
  const pinned = canPin();
  // Server and client have a processor each: neither waits for the other's.
  if (pinned) spawnSync('taskset', ['-a', '-c', '-p', '1', String(process.pid)]);
  const child = fork(new URL('stream-server.js', import.meta.url), [name, protocol], {
    serialization: 'advanced',
    ...(pinned ? { execPath: 'taskset', execArgv: ['-c', '0', process.execPath] } : {}),
  });
  const [port] = await once(child, 'message');
  return {
    port: Number(port),
    /** @returns {Promise<import('./stream-server.js').StreamRecord>} */
    async record() {
      const reply = once(child, 'message');
      child.send('record');
      const [record] = await reply;
      return record;
    },
    close: () => child.disconnect(),
  };
}

/**
 * Runs a case with this engine, and sets what it measured beside the record of the server.
 *
 * @param {CaseName} name
 * @param {StreamProtocol} protocol
 * @returns {Promise<Omit<StreamsRun, 'name'>>}
 */
export async function runStreamCase(name, protocol) {
  const each = /** @type {StreamCase} */ (STREAM_CASES[name]);
  const schedule = scheduleOf(each);
  const isSocket = protocol === 'WebSocket';
  const isPlain = isSocket || protocol === 'HTTP/1.1';
  const server = await startStreamServer(name, protocol);
  try {
    /** @type {(readonly number[])[]} */
    const stamps = [];
    // The start of the schedule on the machine's clock: no iteration begins before its time, and some begin on it.
    let originMs = Number.POSITIVE_INFINITY;
    const { operations, health } = await runLoad({
      baseUrl: `${isPlain ? 'http://127.0.0.1' : 'https://localhost'}:${server.port}`,
      ...(isPlain ? {} : { address: '127.0.0.1', tls: { ca: CERTIFICATE } }),
      http2: protocol === 'HTTP/2',
      seed: SEED,
      circuitBreaker: false,
      ...(each.connections === undefined ? {} : { maxConnections: each.connections }),
      scenarios: [
        {
          name: 'chat',
          operations: [
            {
              name: 'chat.stream',
              method: isSocket ? 'GET' : 'POST',
              route: '/chat',
              stream: isSocket ? 'websocket' : 'sse',
              decode: decodeCase,
              ...(each.good === undefined ? {} : { good: each.good }),
            },
          ],
          executor: executorOf(each),
          run: async (user) => {
            const number = user.iterationInRun;
            originMs = Math.min(originMs, nowMs() - (schedule[number] ?? Number.NaN));
            const answer = user.stream({
              operation: 'chat.stream',
              path: `/chat?k=${number}`,
              ...(isSocket ? { body: 'go' } : {}),
            });
            await answer.response;
            stamps[number] = answer.arrivalsMs;
          },
        },
      ],
    });
    const { written, latenessMs, stoodStillMs } = await server.record();
    const streams = operations[0]?.streams;
    if (streams === undefined) throw new Error('no streams were measured');
    const { recorded, delays, goodShare } = recordOf(written, schedule, stamps, each, originMs);
    return {
      planned: schedule.length,
      streams: streams.streams,
      parts: streams.parts,
      tokens: streams.tokens,
      serverParts: written.reduce((sum, times) => sum + times.filter((ms) => ms > 0).length, 0),
      measured: /** @type {Quantiles} */ (
        Object.fromEntries(
          TIMES.map((time) => [
            time,
            QUANTILES.map(([quantile]) => round(streams[time].percentiles[quantile] ?? Number.NaN)),
          ]),
        )
      ),
      recorded,
      expected: expectedOf(each, schedule),
      stampsAfterMs: [delays.quantile(0.5), delays.quantile(0.99), delays.max, delays.min].map(round),
      goodput: streams.goodput?.share ?? null,
      serverGoodput: each.good === undefined ? null : goodShare,
      latenessMs: round(latenessMs),
      serverStoodStillMs: round(stoodStillMs),
      lagMs: round(health.pacerLag.maxMs ?? 0),
      stoodStillMs: round(health.eventLoopDelayMs.max ?? 0),
    };
  } finally {
    server.close();
  }
}

/**
 * What the streams were by the server's own record, from the intended starts, and how long after its write each event was stamped.
 * Both processes read the same clock.
 *
 * @param {readonly Float64Array[]} written
 * @param {readonly number[]} schedule
 * @param {readonly (readonly number[])[]} stamps
 * @param {StreamCase} each
 * @param {number} originMs start of the schedule
 */
function recordOf(written, schedule, stamps, each, originMs) {
  const delays = stamps.flatMap((stream, k) =>
    stream.map((ms, part) => originMs + (schedule[k] ?? 0) + ms - (written[k]?.[part] ?? Number.NaN)),
  );
  /** @type {Record<'ttft' | 'ttlt' | 'tpot' | 'gap' | 'longestGap', number[]>} */
  const values = { ttft: [], ttlt: [], tpot: [], gap: [], longestGap: [] };
  written.forEach((times, k) => {
    const intendedMs = originMs + (schedule[k] ?? 0);
    const first = times[0] ?? Number.NaN;
    const last = times.at(-1) ?? Number.NaN;
    const gaps = Array.from(times.subarray(1), (ms, part) => ms - (times[part] ?? Number.NaN));
    values.ttft.push(first - intendedMs);
    values.ttlt.push(last - intendedMs);
    values.tpot.push((last - first) / (times.length * (each.tokensPerEvent ?? 1) - 1));
    values.gap.push(...gaps);
    values.longestGap.push(Math.max(...gaps));
  });
  const truths = Object.fromEntries(Object.entries(values).map(([time, list]) => [time, sampleTruth(list)]));
  return {
    recorded: quantilesOf(truths),
    delays: sampleTruth(delays),
    goodShare: values.longestGap.filter((ms) => ms < GOOD_GAP_MS).length / written.length,
  };
}
