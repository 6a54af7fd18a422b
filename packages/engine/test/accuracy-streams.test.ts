import { describe, expect, it } from 'vitest';
import type { LatencyStats, StreamStats } from '../src/document/schema.ts';
import { resolveExecutor } from '../src/executors/resolve-executor.ts';
import type { ExecutorOptions } from '../src/model/executor-options.ts';
import type { Operation } from '../src/model/scenario.ts';
import { planArrivals } from '../src/plan/arrivals.ts';
import type { ScriptedRequest } from '../src/testing/scripted-target.ts';
import type { ScriptedAnswer } from '../src/testing/scripted-answer.ts';
import type { Truth } from './support/analytic.js';
import {
  afterHold,
  decodeCase,
  END_OF_STREAM,
  openingOf,
  STREAM_CASES,
  streamTruth,
  tokenPieces,
  tokenTimes,
  type StreamCase,
} from './support/stream-cases.js';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

/** Three significant digits, a microsecond, and the loop turn in which a connection opens. */
const DIGITS = 0.001;
const STEP_MS = 0.001 + 0.5;
const SEED = 20_261_128;
const TIMES = ['ttft', 'ttftSent', 'ttlt', 'tpot', 'gap', 'longestGap'] as const;

type Measured = Promise<{ streams: StreamStats; arrivals: number[] }>;
const results = new Map<keyof typeof STREAM_CASES, Measured>();

/** A case is run once for all tests. */
function measure(name: keyof typeof STREAM_CASES): Measured {
  const known = results.get(name) ?? runCase(name);
  results.set(name, known);
  return known;
}

/** Each case at full length, on a virtual clock: nothing is late, so the tolerance is that of the histogram. */
async function runCase(name: keyof typeof STREAM_CASES): Measured {
  const each: StreamCase = STREAM_CASES[name];
  const executor = {
    kind: 'constant-arrival-rate',
    rate: each.rate,
    duration: each.seconds * 1000,
    arrivals: each.arrivals,
    maxVUs: 1000,
  } satisfies ExecutorOptions;
  const operation: Operation = {
    name: 'chat.stream',
    method: 'POST',
    route: '/chat',
    stream: 'sse',
    decode: decodeCase,
    ...(each.good === undefined ? {} : { good: each.good }),
  };
  const { operations } = await virtualLoad(
    {
      seed: SEED,
      ...(each.connections === undefined ? {} : { maxConnections: each.connections }),
      scenarios: [
        asking('chat', executor, {
          operations: [operation],
          run: async (user) => {
            await user.stream({ operation: 'chat.stream', path: '/chat' }).response;
          },
        }),
      ],
    },
    serving(each),
  ).result();
  return { streams: operations[0]!.streams!, arrivals: scheduleOf(executor) };
}

function serving(each: StreamCase): (request: ScriptedRequest) => ScriptedAnswer {
  const free = new Float64Array(each.slots ?? 0);
  let originMs = Number.NaN;
  return ({ atMs, number }) => {
    if (number === 0) originMs = atMs;
    const slot = free.indexOf(Math.min(...free));
    const startMs = slot < 0 ? atMs : Math.max(atMs, free[slot]!);
    const dues = tokenTimes(each, number).map(
      (ms) => originMs + afterHold(each, startMs + ms - originMs) - atMs,
    );
    if (slot >= 0) free[slot] = atMs + dues.at(-1)!;
    return {
      pieces: [
        { atMs: 0, bytes: openingOf(each) },
        ...dues.flatMap((dueMs, token) => tokenPieces(each, token).map((bytes) => ({ atMs: dueMs, bytes }))),
        { atMs: dues.at(-1)!, bytes: END_OF_STREAM },
      ].filter(({ bytes }) => bytes.length > 0),
    };
  };
}

function scheduleOf(options: ExecutorOptions): number[] {
  const executor = resolveExecutor(options, 'chat');
  if (executor.kind !== 'constant-arrival-rate') throw new Error('not a rate');
  const schedule = planArrivals(executor, SEED, 0, 0);
  const offsets: number[] = [];
  for (let next = schedule.next(); next !== undefined; next = schedule.next()) offsets.push(next);
  return offsets;
}

/** @param stepMs what a quantile may be off for one step of the schedule */
function missed(measured: LatencyStats, truth: Truth & { sorted: Float64Array }, stepMs: number): unknown[] {
  const rows = [
    ['p50', 0.5, measured.percentiles.p50],
    ['p90', 0.9, measured.percentiles.p90],
    ['p95', 0.95, measured.percentiles.p95],
    ['p99', 0.99, measured.percentiles.p99],
    ['p99.9', 0.999, measured.percentiles['p99.9']],
    ['max', 1, measured.maxMs],
  ] as const;
  expect(measured.count).toBe(truth.sorted.length);
  return rows
    .map(([quantile, p, ms]) => ({ quantile, ms: ms ?? Number.NaN, expected: truth.quantile(p) }))
    .filter(({ ms, expected }) => !(Math.abs(ms - expected) <= expected * DIGITS + STEP_MS + stepMs));
}

describe('streams on a virtual clock', () => {
  it.each(Object.keys(STREAM_CASES) as (keyof typeof STREAM_CASES)[])(
    'have the times that follow from what the server does: %s',
    async (name) => {
      const { streams, arrivals } = await measure(name);
      const each: StreamCase = STREAM_CASES[name];
      const truth = streamTruth(each, arrivals);
      expect(streams.streams).toBe(arrivals.length);
      expect(streams.parts).toBe(arrivals.length * each.tokens);
      expect(streams.tokens).toBe(arrivals.length * each.tokens * (each.tokensPerEvent ?? 1));
      // At a connection the next stream starts a loop turn after the last token.
      const stepMs = name === 'S3, 40 connections' ? 1 : 0;
      expect(
        TIMES.flatMap((time) => missed(streams[time], truth[time], stepMs).map((miss) => ({ time, miss }))),
      ).toEqual([]);
    },
  );

  it('are those of the table: S1, S2 and S3', async () => {
    const s1 = (await measure('S1')).streams;
    expectNear(s1.ttft, { p50: 200, p99: 200 });
    expectNear(s1.gap, { p50: 20, max: 20 });
    expectNear(s1.ttlt, { p50: 1180, p99: 1180 });
    expectNear(s1.tpot, { p50: 20, max: 20 });
    const s2 = (await measure('S2')).streams;
    expectNear(s2.longestGap, { p90: 20, p99: 1020 });
    expectNear(s2.gap, { p99: 20, 'p99.9': 1020 });
    expectNear(s2.ttlt, { p90: 1180, p99: 2180 });
    expect(s2.goodput).toMatchObject({ planned: 400, good: 380, share: 0.95 });
    const s3 = (await measure('S3')).streams;
    // One step of the schedule is 20 ms.
    expectNear(s3.ttft, { p50: 120, p95: 1120, p99: 1520 }, 20);
  });

  it('show with few connections what counting from the send leaves out: S3', async () => {
    const { ttft, ttftSent } = (await measure('S3, 40 connections')).streams;
    expect(ttft.percentiles.p90! - ttftSent.percentiles.p90!).toBeGreaterThan(500);
  });

  it('have every stamp of 200 streams with 50 chunks per second: S6', async () => {
    const CHUNKS = 50;
    const due = (stream: number): number[] =>
      Array.from({ length: CHUNKS }, (_, chunk) => 20 * (chunk + 1) + ((stream * 7 + chunk * 13) % 17));
    let wrong = 0;
    let stamps = 0;
    const { operations } = await virtualLoad(
      {
        scenarios: [
          asking(
            'chat',
            { kind: 'per-vu-iterations', vus: 200, iterations: 1 },
            {
              operations: [{ name: 'chat.stream', method: 'POST', route: '/chat', stream: 'chunked' }],
              run: async (user) => {
                const answer = user.stream({ operation: 'chat.stream', path: `/${user.id}` });
                await answer.response;
                const expected = due(user.id);
                stamps += answer.arrivalsMs.length;
                wrong += answer.arrivalsMs.filter(
                  (ms, chunk) => Math.abs(ms - expected[chunk]!) > 0.001,
                ).length;
              },
            },
          ),
        ],
      },
      ({ path }) => ({ pieces: due(Number(path.slice(1))).map((atMs) => ({ atMs, bytes: 'x' })) }),
    ).result();
    expect({ stamps, wrong }).toEqual({ stamps: 200 * CHUNKS, wrong: 0 });
    expect(operations[0]!.streams).toMatchObject({ streams: 200, parts: 200 * CHUNKS });
  });
});

function expectNear(
  { percentiles, maxMs }: LatencyStats,
  expected: Readonly<Record<string, number>>,
  stepMs = 0,
): void {
  const all: Readonly<Record<string, number | null>> = { ...percentiles, max: maxMs };
  for (const [name, ms] of Object.entries(expected)) {
    expect(Math.abs((all[name] ?? Number.NaN) - ms), name).toBeLessThanOrEqual(
      ms * DIGITS + STEP_MS + stepMs,
    );
  }
}
