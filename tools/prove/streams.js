// @ts-check
import { STREAM_CASES } from '../../packages/engine/test/support/stream-cases.js';
import { runK6StreamCase } from './stream-k6.js';
import { runStreamCase } from './stream-run.js';

/** @typedef {import('./stream-run.js').CaseName} CaseName */
/** @typedef {import('./stream-run.js').StreamCase} StreamCase */
/** @typedef {import('./stream-run.js').StreamProtocol} StreamProtocol */
/** @typedef {import('./stream-run.js').StreamsRun} StreamsRun */

/** Three significant digits, and a loopback round trip. */
const DIGITS = 0.001;
const TRANSIT_MS = 1;

const PROTOCOLS = /** @type {const} */ (['HTTP/1.1', 'TLS', 'HTTP/2', 'WebSocket']);
const K6 = 'k6';
const VIAS = /** @type {const} */ ([...PROTOCOLS, K6]);

/** @type {Readonly<Record<CaseName, string>>} */
const TEXTS = {
  S1: '10/s, first token after 200 ms, 50 tokens 20 ms apart',
  S2: '20/s, the same, one gap of 1,020 ms in every 20th stream',
  S3: '50/s, first after 120 ms, 40 tokens 15 ms apart, all held from 4 to 5.5 s',
  'S3, 40 connections': 'the same with at most 40 connections',
  S4: '8 slots, Poisson arrivals of 9/s, first after 120 ms, 40 tokens 15 ms apart',
  S5: 'characters cut between chunks, three tokens an event, role event first, comments',
  S6: '200 streams of 50 chunks/s: every stamp against the write of its chunk',
};

/** Whether a case makes sense over a protocol. @param {CaseName} name @param {typeof VIAS[number]} via */
function fits(name, via) {
  if (via === K6) return name.startsWith('S1') || name.startsWith('S2') || name.startsWith('S3');
  // One connection of HTTP/2 carries many streams, and a WebSocket belongs to its stream.
  if (name === 'S3, 40 connections') return via === 'HTTP/1.1' || via === 'TLS';
  // No character is cut between two messages.
  return via !== 'WebSocket' || name !== 'S5';
}

const CASES = /** @type {CaseName[]} */ (Object.keys(STREAM_CASES)).flatMap((name) =>
  VIAS.filter((via) => fits(name, via)).map((via) => ({ key: `${name}: ${via}`, name, via })),
);

/** @param {string} key */
function caseOf(key) {
  const found = CASES.find((each) => each.key === key);
  if (found === undefined) throw new Error(`there is no case ${key}`);
  return found;
}

/** @type {import('./proofs.js').Proof<StreamsRun>} */
export const streamsProof = {
  name: 'streams',
  description:
    'accuracy cases S1 to S6 over sockets, with the record of a server in another process; k6 beside it',
  title: 'Streams over sockets',
  document: 'docs/reference/proof-streams.md',
  options: {
    case: { values: Object.keys(STREAM_CASES), description: 'only this one' },
    via: { values: VIAS, description: 'only this protocol, or this other tool' },
  },

  cases: ({ case: only, via: onlyVia }) =>
    CASES.filter(({ name, via }) => (only ?? name) === name && (onlyVia ?? via) === via),
  keyOf: ({ name }) => name,
  counts: () => true,

  async run({ key }) {
    const { name, via } = caseOf(key);
    return { name: key, ...(via === K6 ? await runK6StreamCase(name) : await runStreamCase(name, via)) };
  },

  columns: [
    'case',
    'over',
    'streams, chunks: ours and of the server',
    'TTFT by arithmetic, p50, p95, p99 (ms)',
    'measured',
    "by the server's record",
    'from the send',
    'gap',
    'by the record',
    'last token',
    'by the record',
    'goodput, by the record',
    'a stamp after its write: p50, p99, max, min',
    'late by at most: server, pacer; loops that stood still: reader, server',
    'holds',
  ],

  row({ key }, runs) {
    const { name, via } = caseOf(key);
    const cells = [via === PROTOCOLS[0] ? `${name}: ${TEXTS[name]}` : name, via];
    const [run] = runs;
    if (run === undefined) return { holds: undefined, cells: [...cells, ...Array(13).fill('')] };
    const { measured, recorded } = run;
    const listed = (/** @type {readonly number[] | undefined} */ values) => values?.join(', ') ?? '';
    const row = (/** @type {string} */ verdict) => [
      ...cells,
      `${run.streams} of ${run.planned}, ${run.parts} of ${run.serverParts}`,
      listed(run.expected.ttft),
      listed(measured.ttft),
      listed(recorded?.ttft),
      listed(measured.ttftSent),
      listed(measured.gap),
      listed(recorded?.gap),
      listed(measured.ttlt),
      listed(recorded?.ttlt),
      run.goodput === null ? '' : `${run.goodput}, ${run.serverGoodput}`,
      listed(run.stampsAfterMs),
      recorded === undefined
        ? `${run.latenessMs}`
        : `${run.latenessMs}, ${run.lagMs}; ${run.stoodStillMs}, ${run.serverStoodStillMs}`,
      verdict,
    ];
    if (via === K6) return { holds: true, cells: row('for comparison') };
    const each = /** @type {StreamCase} */ (STREAM_CASES[name]);
    const verdicts = runs.map((one) => verdictOf(one, each));
    const holds = !verdicts.includes('no');
    return {
      holds,
      cells: row(!holds ? '**no**' : verdicts.includes('by the record') ? 'by the record' : 'yes'),
    };
  },
};

/**
 * Every count is that of the server. Every time is that of the server's record, up to the time for which the client could not read.
 * TTFT is that of arithmetic, up to what server and pacer were late by and one step of the schedule where tokens are held;
 * where they were late and streams wait for each other, only the record is the measure.
 *
 * @param {StreamsRun} run
 * @param {StreamCase} each
 * @returns {'yes' | 'by the record' | 'no'}
 */
function verdictOf(run, each) {
  const { measured, recorded, expected } = run;
  // A stamp may wait for two pauses: that in which its bytes come, and one while what came before them is read.
  const stoodStillMs = 2 * run.stoodStillMs;
  const within = (
    /** @type {readonly number[]} */ ours,
    /** @type {readonly number[]} */ theirs,
    /** @type {number} */ under,
    /** @type {number} */ over,
  ) =>
    ours.every((ms, place) => {
      const off = ms - (theirs[place] ?? Number.NaN);
      return off >= -ms * DIGITS - under && off <= ms * DIGITS + over;
    });
  const counted =
    run.streams === run.planned &&
    run.parts === run.serverParts &&
    run.tokens === run.parts * (each.tokensPerEvent ?? 1);
  // The server takes the time, then writes; what it has written leaves once its loop turns, over HTTP/2 always.
  const [, , latest = Number.NaN, earliest = Number.NaN] = run.stampsAfterMs;
  const stamped =
    latest <= TRANSIT_MS + stoodStillMs + run.serverStoodStillMs && Math.abs(earliest) <= TRANSIT_MS;
  const times = /** @type {const} */ (['ttft', 'ttlt', 'tpot', 'gap', 'longestGap']);
  const asRecorded = times.every(
    (time) =>
      recorded !== undefined &&
      within(
        measured[time],
        recorded[time],
        TRANSIT_MS + (time.startsWith('tt') ? 0 : stoodStillMs),
        TRANSIT_MS + stoodStillMs,
      ),
  );
  const stepMs = each.hold === undefined ? 0 : 1000 / each.rate;
  const lateMs = run.latenessMs + run.lagMs + stoodStillMs;
  if (!counted || !stamped || !asRecorded) return 'no';
  if (!within(measured.ttft, expected.ttft, TRANSIT_MS + stepMs, Infinity)) return 'no';
  return within(measured.ttft, expected.ttft, Infinity, TRANSIT_MS + stepMs + lateMs)
    ? 'yes'
    : 'by the record';
}
