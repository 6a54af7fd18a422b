// @ts-check
import { randomInt } from 'node:crypto';
import { answerText } from '@jarvis-load/capacity';
import { QUEUE_CASES, searchQueue } from '../../packages/capacity/test/support/queue-search.js';

/** @typedef {import('../../packages/capacity/test/support/queue-search.js').QueueCase} QueueCase */

/** Of the level that arithmetic gives. */
const MOST_OFF = 0.05;

/** @type {Readonly<Record<string, number>>} */
const EXPECTED = { 'M/M/1': 908, fixed: 50, 'rate limit': 60, streams: 8 / 0.705, 'busy machine': 50 };

/**
 * One search, as the log keeps it.
 *
 * @typedef {object} CapacityRun
 * @property {string} name
 * @property {number} seed
 * @property {string} kind
 * @property {number | null} level
 * @property {string} text
 * @property {boolean} rateLimited named as the limit
 * @property {number} repeated steps that were busy
 * @property {number} steps
 * @property {number} requests
 */

/** @type {import('./proofs.js').Proof<CapacityRun>} */
export const capacityProof = {
  name: 'capacity',
  description: 'searches for the capacity of targets whose capacity is known, with runs on a virtual clock',
  title: 'Capacity of known targets',
  document: 'docs/reference/proof-capacity.md',
  options: { case: { values: Object.keys(QUEUE_CASES), description: 'only this one' } },

  cases: ({ case: only }) =>
    Object.keys(QUEUE_CASES)
      .filter((key) => (only ?? key) === key)
      .map((key) => ({ key })),
  keyOf: ({ name }) => name,
  counts: () => true,

  async run({ key }) {
    const each = /** @type {QueueCase} */ (QUEUE_CASES[/** @type {keyof typeof QUEUE_CASES} */ (key)]);
    const seed = randomInt(1, 1_000_000);
    const { answer, steps, requests } = await searchQueue(each, seed);
    if (answer === undefined) throw new Error('the search has no answer');
    return {
      name: key,
      seed,
      kind: answer.kind,
      level: 'level' in answer ? answer.level : null,
      text: answerText(answer, 'rate'),
      rateLimited: answer.kind === 'found' && answer.rateLimit !== undefined,
      repeated: steps.filter(({ status }) => status === 'busy').length,
      steps: steps.length,
      requests,
    };
  },

  columns: ['target', 'searches', 'by arithmetic', 'found', 'furthest off', 'an answer', 'requests', 'holds'],

  row({ key }, runs) {
    const { text } = /** @type {QueueCase} */ (QUEUE_CASES[/** @type {keyof typeof QUEUE_CASES} */ (key)]);
    const [first] = runs;
    const name = `${key}: ${text}`;
    if (first === undefined) return { holds: undefined, cells: [name, '0', '', '', '', '', '', ''] };
    const expected = EXPECTED[key];
    const levels = runs.map(({ level }) => level ?? Number.NaN);
    const off =
      expected === undefined
        ? undefined
        : Math.max(...levels.map((level) => Math.abs(level - expected) / expected));
    const holds = runs.every((run) => holdsFor(key, run));
    return {
      holds,
      cells: [
        name,
        String(runs.length),
        expected === undefined ? 'none' : `${Math.round(expected * 100) / 100}/s`,
        expected === undefined
          ? [...new Set(runs.map(({ kind }) => kind))].join(', ')
          : `${Math.min(...levels)} to ${Math.max(...levels)}/s`,
        off === undefined ? '' : `${(off * 100).toFixed(1)} %`,
        first.text,
        String(runs.reduce((sum, { requests }) => sum + requests, 0)),
        holds ? 'yes' : '**no**',
      ],
    };
  },
};

/** @param {string} key @param {CapacityRun} run */
function holdsFor(key, { kind, level, rateLimited, repeated }) {
  if (key === 'leaking') return kind === 'not-monotonic';
  const expected = EXPECTED[key] ?? Number.NaN;
  const isNear = kind === 'found' && level !== null && Math.abs(level - expected) / expected <= MOST_OFF;
  return isNear && (key !== 'rate limit' || rateLimited) && (key !== 'busy machine' || repeated > 0);
}
