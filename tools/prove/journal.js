// @ts-check
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseResult } from '@jarvis-load/reporter';
import { killedRun, requestsOf, sumOf } from '../../apps/cli/test/support/killed-run.js';

/** The moment of a kill, after the first answer. */
const EARLIEST_MS = 100;
const LATEST_MS = 8000;
/** A second, and what the run may take to write it down, waiting for a processor aside. */
const MOST_LOST_MS = 1500;
const MOST_BYTES_A_MINUTE = 1e6;

/** @typedef {{ text: string, flags: readonly string[], most: number }} Case `most`: requests in flight at once */

/** @type {Readonly<Record<string, Case>>} */
const CASES = {
  users: {
    text: 'all tests, 200 users',
    flags: ['--users=200', '--spawn-rate=200', '--duration=1m'],
    most: 200,
  },
  rate: {
    text: 'all tests, 400 iterations/s',
    flags: ['--rate=400', '--duration=1m', '--max-vus=200'],
    most: 200,
  },
  threads: {
    text: 'the same, in two threads',
    flags: ['--rate=400', '--duration=1m', '--max-vus=200', '--threads=2'],
    most: 200,
  },
};

/**
 * One kill, as the log keeps it.
 *
 * @typedef {object} JournalRun
 * @property {string} key
 * @property {number} afterMs
 * @property {number} seconds
 * @property {number} requests in the recovered document
 * @property {number} mock answers by the mock at the end of the last second in the document
 * @property {number} mockAtKill
 * @property {number} missing answers of the mock before that moment that the document does not have
 * @property {number} surplus requests of an operation that the mock had not answered by then
 * @property {number} lostMs
 * @property {number} waitedMs of it, how long the main thread waited for a processor
 * @property {readonly number[]} lateMs of each line, after the end of its second
 * @property {number} bytesAMinute
 * @property {readonly string[]} faults of the document
 */

const schema = new Ajv2020({ strict: false, allErrors: true }).compile(
  JSON.parse(readFileSync(new URL('../../docs/reference/result.schema.json', import.meta.url), 'utf8')),
);

/** @type {import('./proofs.js').Proof<JournalRun>} */
export const journalProof = {
  name: 'journal',
  description: 'a run under load is killed at a random moment; its document beside the record of the mock',
  title: 'Killed runs',
  document: 'docs/reference/proof-journal.md',
  options: { case: { values: Object.keys(CASES), description: 'only this one' } },

  cases: ({ case: only }) =>
    Object.keys(CASES)
      .filter((key) => (only ?? key) === key)
      .map((key) => ({ key })),
  keyOf: ({ key }) => key,
  counts: () => true,

  async run({ key }) {
    const { flags } = /** @type {Case} */ (CASES[key]);
    const afterMs = randomInt(EARLIEST_MS, LATEST_MS);
    const killed = await killedRun(flags, afterMs);
    const requests = requestsOf(killed.document);
    return {
      key,
      afterMs,
      seconds: killed.seconds,
      requests: sumOf(requests),
      mock: sumOf(killed.after),
      mockAtKill: sumOf(killed.total),
      missing: Math.max(0, sumOf(killed.before) - sumOf(requests)),
      surplus: Object.entries(requests).reduce(
        (most, [operation, count]) => Math.max(most, count - (killed.after[operation] ?? 0)),
        0,
      ),
      lostMs: Math.round(killed.lostMs),
      waitedMs: Math.round(killed.waitedMs),
      lateMs: killed.lateMs,
      bytesAMinute: killed.endMs === 0 ? 0 : Math.round((killed.secondsBytes * 60_000) / killed.endMs),
      faults: faultsOf(killed.document),
    };
  },

  columns: [
    'load',
    'kills',
    'whole seconds left',
    'valid documents',
    'requests in the documents',
    'by the mock at the same moments',
    'read by the run later than that',
    'not known to the mock',
    'time lost: median, most (ms)',
    'of the most: waiting for a processor',
    'lines written after (ms): median, p95, most',
    'journal: most in a minute',
    'holds',
  ],

  row({ key }, runs) {
    const { text, most } = /** @type {Case} */ (CASES[key]);
    if (runs.length === 0) return { holds: undefined, cells: [text, '0', ...Array(11).fill('')] };
    const sum = (/** @type {(run: JournalRun) => number} */ of) =>
      runs.reduce((total, run) => total + of(run), 0);
    const greatest = (/** @type {(run: JournalRun) => number} */ of) => Math.max(...runs.map(of));
    // A run that was killed in its first second has lost all of it.
    const lost = runs.filter(({ seconds }) => seconds > 0).toSorted((x, y) => x.lostMs - y.lostMs);
    const late = runs.flatMap(({ lateMs }) => lateMs).toSorted((x, y) => x - y);
    const lateAt = (/** @type {number} */ share) => late[Math.ceil(share * late.length) - 1] ?? '';
    const valid = runs.filter(({ faults }) => faults.length === 0).length;
    const holds =
      valid === runs.length &&
      greatest((run) => run.surplus) === 0 &&
      greatest((run) => run.missing) <= most &&
      lost.every(({ lostMs, waitedMs }) => lostMs <= MOST_LOST_MS + waitedMs) &&
      greatest((run) => run.bytesAMinute) < MOST_BYTES_A_MINUTE;
    return {
      holds,
      cells: [
        text,
        String(runs.length),
        `${Math.min(...runs.map(({ seconds }) => seconds))} to ${greatest((run) => run.seconds)}`,
        `${valid} of ${runs.length}`,
        sum((run) => run.requests).toLocaleString('en-US'),
        sum((run) => run.mock).toLocaleString('en-US'),
        `at most ${greatest((run) => run.missing)}`,
        String(greatest((run) => run.surplus)),
        `${lost[Math.floor(lost.length / 2)]?.lostMs ?? ''}, ${lost.at(-1)?.lostMs ?? ''}`,
        String(lost.at(-1)?.waitedMs ?? ''),
        `${lateAt(0.5)}, ${lateAt(0.95)}, ${lateAt(1)}`,
        `${(greatest((run) => run.bytesAMinute) / 1e6).toFixed(2)} MB`,
        holds ? 'yes' : '**no**',
      ],
    };
  },
};

/** What is wrong with the document of a killed run. @param {import('@jarvis-load/engine').RunResult} document */
function faultsOf(document) {
  const faults = schema(document)
    ? []
    : (schema.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  try {
    parseResult(JSON.stringify(document), 'the document');
  } catch (error) {
    faults.push(String(error));
  }
  if (document.run.end.kind !== 'interrupted') faults.push(`its end is ${document.run.end.kind}`);
  if (document.verdict.status !== 'not-valid') faults.push(`its verdict is ${document.verdict.status}`);
  return faults;
}
