// @ts-check
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { resolveExecutor, runLoad } from '@jarvis-load/engine';
import { planArrivals } from '../../packages/engine/dist/plan/arrivals.js';
import { sampleTruth } from '../../packages/engine/test/support/analytic.js';
import { STREAM_CASES, streamTruth } from '../../packages/engine/test/support/stream-cases.js';

/** @typedef {import('../../packages/engine/test/support/stream-cases.js').StreamCase} StreamCase */

const SEED = 20_261_128;
/** Three significant digits, and a loopback round trip. */
const DIGITS = 0.001;
const TRANSIT_MS = 1;

const QUANTILES = /** @type {const} */ ([
  ['p50', 0.5],
  ['p95', 0.95],
  ['p99', 0.99],
]);

/** @type {Readonly<Record<string, string>>} */
const TEXTS = {
  S1: '10/s, first token after 200 ms, 50 tokens 20 ms apart',
  S2: '20/s, the same, one gap of 1,020 ms in every 20th stream',
  S3: '50/s, first after 120 ms, 40 tokens 15 ms apart, all held from 4 to 5.5 s',
  'S3, 40 connections': 'the same with at most 40 connections',
  S4: '8 slots, Poisson arrivals of 9/s, first after 120 ms, 40 tokens 15 ms apart',
};

/**
 * One run, as the log keeps it: quantiles of the time to the first token in milliseconds, p50, p95, p99.
 *
 * @typedef {object} StreamsRun
 * @property {string} name
 * @property {number} planned
 * @property {number} streams
 * @property {number} parts
 * @property {number} serverTokens
 * @property {number[]} ttft
 * @property {number[]} ttftSent
 * @property {number[]} serverTtft request read to first token written
 * @property {number[]} expected from the intended start
 * @property {number[]} expectedSent
 * @property {number[]} gap p50, p95, p99
 * @property {number[]} serverGap
 * @property {number[]} expectedGap
 * @property {number | null} goodput
 * @property {number} latenessMs of the server
 * @property {number} lagMs of the pacer
 */

/** @param {number} ms */
const round = (ms) => Math.round(ms * 100) / 100;

/** @param {import('../../packages/engine/test/support/analytic.js').Truth} truth */
const threeOf = (truth) => QUANTILES.map(([, p]) => round(truth.quantile(p)));

/** @type {import('./proofs.js').Proof<StreamsRun>} */
export const streamsProof = {
  name: 'streams',
  description: 'accuracy cases S1 to S4 over sockets, with the record of a server in another process',
  title: 'Streams over sockets',
  document: 'docs/reference/proof-streams.md',
  options: { case: { values: Object.keys(STREAM_CASES), description: 'only this one' } },

  cases: ({ case: only }) =>
    Object.keys(STREAM_CASES)
      .filter((key) => (only ?? key) === key)
      .map((key) => ({ key })),
  keyOf: ({ name }) => name,
  counts: () => true,

  async run({ key }) {
    const each = /** @type {StreamCase} */ (STREAM_CASES[/** @type {keyof typeof STREAM_CASES} */ (key)]);
    const child = fork(new URL('stream-server.js', import.meta.url), [key]);
    try {
      const [port] = await once(child, 'message');
      const executor = {
        kind: /** @type {const} */ ('constant-arrival-rate'),
        rate: each.rate,
        duration: each.seconds * 1000,
        arrivals: each.arrivals,
        maxVUs: 1000,
      };
      const { operations, health } = await runLoad({
        baseUrl: `http://127.0.0.1:${port}`,
        seed: SEED,
        circuitBreaker: false,
        ...(each.connections === undefined ? {} : { maxConnections: each.connections }),
        scenarios: [
          {
            name: 'chat',
            operations: [
              {
                name: 'chat.stream',
                method: 'POST',
                route: '/chat',
                stream: 'sse',
                ...(each.good === undefined ? {} : { good: each.good }),
              },
            ],
            executor,
            run: async (user) => {
              await user.stream({ operation: 'chat.stream', path: '/chat' }).response;
            },
          },
        ],
      });
      const reply = once(child, 'message');
      child.send('record');
      const [record] = /** @type {[import('./stream-server.js').StreamRecord]} */ (await reply);
      const resolved = resolveExecutor(executor, 'chat');
      if (resolved.kind !== 'constant-arrival-rate') throw new Error('not a rate');
      const schedule = planArrivals(resolved, SEED, 0, 0);
      /** @type {number[]} */
      const arrivals = [];
      for (let next = schedule.next(); next !== undefined; next = schedule.next()) arrivals.push(next);
      const truth = streamTruth(each, arrivals);
      const streams = operations[0]?.streams;
      if (streams === undefined) throw new Error('no streams were measured');
      const measured = (/** @type {typeof streams.ttft} */ { percentiles }) =>
        QUANTILES.map(([name]) => round(percentiles[name] ?? Number.NaN));
      return {
        name: key,
        planned: arrivals.length,
        streams: streams.streams,
        parts: streams.parts,
        serverTokens: record.tokens,
        ttft: measured(streams.ttft),
        ttftSent: measured(streams.ttftSent),
        serverTtft: threeOf(sampleTruth(record.ttft)),
        expected: threeOf(truth.ttft),
        expectedSent: threeOf(truth.ttftSent),
        gap: measured(streams.gap),
        serverGap: threeOf(sampleTruth(record.gaps)),
        expectedGap: threeOf(truth.gap),
        goodput: streams.goodput?.share ?? null,
        latenessMs: round(record.latenessMs),
        lagMs: round(health.pacerLag.maxMs ?? 0),
      };
    } finally {
      child.disconnect();
    }
  },

  columns: [
    'case',
    'runs',
    'streams, tokens: ours and of the server',
    'TTFT p50, p95, p99 (ms)',
    'by arithmetic',
    'from the send',
    'by the server',
    'gap p50, p95, p99 (ms)',
    'by the server',
    'server late by at most (ms)',
    'pacer late by at most (ms)',
    'holds',
  ],

  row({ key }, runs) {
    const each = /** @type {StreamCase} */ (STREAM_CASES[/** @type {keyof typeof STREAM_CASES} */ (key)]);
    const [run] = runs;
    if (run === undefined)
      return { holds: undefined, cells: [`${key}: ${TEXTS[key]}`, '0', ...Array(10).fill('')] };
    const verdicts = runs.map((one) => verdictOf(one, each));
    const holds = !verdicts.includes('no');
    return {
      holds,
      cells: [
        `${key}: ${TEXTS[key]}`,
        String(runs.length),
        `${run.streams} of ${run.planned}, ${run.parts} of ${run.serverTokens}`,
        run.ttft.join(', '),
        run.expected.join(', '),
        run.ttftSent.join(', '),
        run.serverTtft.join(', '),
        run.gap.join(', '),
        run.serverGap.join(', '),
        String(Math.max(...runs.map(({ latenessMs }) => latenessMs))),
        String(Math.max(...runs.map(({ lagMs }) => lagMs))),
        !holds ? '**no**' : verdicts.includes('from below') ? 'from below' : 'yes',
      ],
    };
  },
};

/** Later than this, what waits in a queue is late by more than the lateness itself: only the lower bound is judged. */
const PUNCTUAL_MS = 30;

/**
 * Every count is that of the server; gaps are those that it wrote; TTFT is that of arithmetic, up to what both sides say they were
 * late by, and one step of the schedule where tokens are held or queue.
 *
 * @param {StreamsRun} run
 * @param {StreamCase} each
 * @returns {'yes' | 'from below' | 'no'}
 */
function verdictOf(run, each) {
  const waits = each.connections !== undefined || each.slots !== undefined;
  const stepMs = waits || each.hold !== undefined ? 1000 / each.rate : 0;
  const lateMs = run.latenessMs + run.lagMs;
  const within = (
    /** @type {number[]} */ ours,
    /** @type {number[]} */ theirs,
    /** @type {number} */ under,
    /** @type {number} */ over,
  ) =>
    ours.every((ms, place) => {
      const off = ms - (theirs[place] ?? Number.NaN);
      return off >= -ms * DIGITS - under && off <= ms * DIGITS + over;
    });
  const counted = run.streams === run.planned && run.parts === run.serverTokens;
  const gaps = within(run.gap, run.serverGap, TRANSIT_MS + run.lagMs, TRANSIT_MS + run.lagMs);
  if (!counted || !gaps || !within(run.ttft, run.expected, TRANSIT_MS + stepMs, Infinity)) return 'no';
  if (within(run.ttft, run.expected, Infinity, TRANSIT_MS + stepMs + lateMs)) return 'yes';
  return waits && lateMs > PUNCTUAL_MS ? 'from below' : 'no';
}
