// @ts-check
import { randomInt } from 'node:crypto';
import { answerText } from '@jarvis-load/capacity';
import { QUEUE_CASES, searchQueue } from '../../packages/capacity/test/support/queue-search.js';
import { searchOverSockets, SOCKET_CASES } from './capacity-sockets.js';

/** @typedef {import('../../packages/capacity/test/support/queue-search.js').QueueCase} QueueCase */

/** Of the level that arithmetic gives. */
const MOST_OFF = 0.05;

/** @type {Readonly<Record<string, number>>} */
const EXPECTED = { 'M/M/1': 908, fixed: 50, 'rate limit': 60, streams: 8 / 0.705, 'busy machine': 50 };

const CASES = [...Object.keys(QUEUE_CASES), ...Object.keys(SOCKET_CASES)];

/**
 * One search, as the log keeps it.
 *
 * @typedef {object} CapacityRun
 * @property {string} name
 * @property {number | null} seed null: over sockets
 * @property {string} kind
 * @property {number | null} level
 * @property {number | null} expected by arithmetic; over sockets from what the server recorded
 * @property {string} text
 * @property {boolean} rateLimited named as the limit
 * @property {number} repeated steps that were busy
 * @property {number} steps
 * @property {number} requests
 */

/** @type {import('./proofs.js').Proof<CapacityRun>} */
export const capacityProof = {
  name: 'capacity',
  description:
    'searches for the capacity of targets whose capacity is known, on a virtual clock and over sockets',
  title: 'Capacity of known targets',
  document: 'docs/reference/proof-capacity.md',
  options: { case: { values: CASES, description: 'only this one' } },

  cases: ({ case: only }) => CASES.filter((key) => (only ?? key) === key).map((key) => ({ key })),
  keyOf: ({ name }) => name,
  counts: () => true,
  run: ({ key }) => (SOCKET_CASES[key] === undefined ? searchOnVirtualClock(key) : searchByProgram(key)),

  columns: ['target', 'searches', 'by arithmetic', 'found', 'furthest off', 'an answer', 'requests', 'holds'],

  row({ key }, runs) {
    const { text } = SOCKET_CASES[key] ?? queueCase(key);
    const [first] = runs;
    const name = `${key}: ${text}`;
    if (first === undefined) return { holds: undefined, cells: [name, '0', '', '', '', '', '', ''] };
    const expected = runs.flatMap((run) => run.expected ?? []);
    const off = runs.flatMap((run) => offOf(run) ?? []);
    const holds = runs.every((run) => holdsFor(run));
    return {
      holds,
      cells: [
        name,
        String(runs.length),
        expected.length === 0 ? 'none' : rangeOf(expected),
        off.length < runs.length
          ? [...new Set(runs.map(({ kind }) => kind))].join(', ')
          : rangeOf(runs.flatMap(({ level }) => level ?? [])),
        off.length === 0 ? '' : `${(Math.max(...off) * 100).toFixed(1)} %`,
        first.text,
        String(runs.reduce((sum, { requests }) => sum + requests, 0)),
        holds ? 'yes' : '**no**',
      ],
    };
  },
};

/** @param {string} key @returns {QueueCase} */
function queueCase(key) {
  return QUEUE_CASES[/** @type {keyof typeof QUEUE_CASES} */ (key)];
}

/** @param {string} key @returns {Promise<CapacityRun>} */
async function searchOnVirtualClock(key) {
  const seed = randomInt(1, 1_000_000);
  const { answer, steps, requests } = await searchQueue(queueCase(key), seed);
  return { ...runOf(key, answer, steps), seed, expected: EXPECTED[key] ?? null, requests };
}

/** @param {string} key @returns {Promise<CapacityRun>} */
async function searchByProgram(key) {
  const { report, expected, requests } = await searchOverSockets(
    /** @type {import('./capacity-sockets.js').SocketCase} */ (SOCKET_CASES[key]),
  );
  const [round] = report.rounds;
  return {
    ...runOf(key, round?.answer, round?.steps ?? []),
    seed: null,
    expected: expected ?? null,
    requests,
  };
}

/**
 * @param {string} name
 * @param {import('@jarvis-load/capacity').CapacityRound['answer'] | undefined} answer
 * @param {readonly import('@jarvis-load/capacity').CapacityStep[]} steps
 */
function runOf(name, answer, steps) {
  if (answer === undefined || answer === null) throw new Error('the search has no answer');
  return {
    name,
    kind: answer.kind,
    level: 'level' in answer ? answer.level : null,
    text: answerText(answer, 'rate'),
    rateLimited: answer.kind === 'found' && answer.rateLimit !== undefined,
    repeated: steps.filter(({ status }) => status === 'busy').length,
    steps: steps.length,
  };
}

/** By how much of it the level differs from the expected one. @param {CapacityRun} run */
function offOf({ level, expected }) {
  return level === null || expected === null ? undefined : Math.abs(level - expected) / expected;
}

/** @param {readonly number[]} levels */
function rangeOf(levels) {
  const [least, most] = [Math.min(...levels), Math.max(...levels)].map((level) =>
    Number(level.toPrecision(4)),
  );
  return least === most ? `${least}/s` : `${least} to ${most}/s`;
}

/** @param {CapacityRun} run */
function holdsFor(run) {
  if (run.name.endsWith('leaking')) return run.kind === 'not-monotonic';
  const isNear = run.kind === 'found' && (offOf(run) ?? 1) <= MOST_OFF;
  return (
    isNear &&
    (!run.name.endsWith('rate limit') || run.rateLimited) &&
    (!run.name.endsWith('busy machine') || run.repeated > 0)
  );
}
