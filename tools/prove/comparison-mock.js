// @ts-check
import { randomInt } from 'node:crypto';
import { compareRuns, obstaclesBetween } from '@jarvis-load/compare';
import { runMainJob } from './main-job.js';
import { startSpinners } from './spinners.js';

/** @typedef {import('@jarvis-load/engine/result').RunResult} RunResult */

/** Logarithmic standard deviation of the mock's service times: its 95th percentile is this multiple of its median. */
const P95_OF_P50 = Math.exp(1.645 * 0.3);
const MEDIANS = { 'memory.search': 80, 'memory.store': 60 };
/** The operation that is slower on the new side. */
const SLOWER = 'memory.search';
const LEAST_FOUND = 0.9;

/** One iteration stores and searches: 20/s of each operation. */
const LOAD = ['--scenario=memory', '--rate=20', '--objectives=none'];

/**
 * @typedef {object} Case
 * @property {string} text
 * @property {number} seconds of each run
 * @property {number} [rounds] runs of each side, in turns; one of each unless given
 * @property {number} [factor] of the times of the slower operation on the new side
 * @property {number} [spinners] processes beside the new run
 */

/** @type {Readonly<Record<string, Case>>} */
const CASES = {
  same: { text: 'the same, one run a side, 30 s', seconds: 30 },
  slower: { text: `${SLOWER} 20 % slower, one run a side, 30 s`, seconds: 30, factor: 1.2 },
  'pairs-same': { text: 'the same, 5 rounds of 15 s in turns', seconds: 15, rounds: 5 },
  'pairs-slower': {
    text: `${SLOWER} 20 % slower, 5 rounds of 15 s in turns`,
    seconds: 15,
    rounds: 5,
    factor: 1.2,
  },
  busy: { text: 'the same, the new run beside 2 spinning processes, 30 s', seconds: 30, spinners: 2 },
};

/**
 * @typedef {{ case: string, obstacle: string | null, busy: boolean, wrong: string[], found: boolean, change: number | null }} MockRun
 */

/** @type {import('./proofs.js').Proof<MockRun>} */
export const comparisonMockProof = {
  name: 'comparison-mock',
  description: 'comparisons of real runs against the mock: the same, one operation slower, a busy machine',
  title: 'Proof: comparison of runs of the real mock',
  document: 'docs/reference/proof-comparison.md',
  options: { case: { values: Object.keys(CASES), description: 'only this one' } },

  cases({ case: only }) {
    return Object.keys(CASES)
      .filter((key) => (only ?? key) === key)
      .map((key) => ({ key }));
  },

  keyOf: (run) => run.case,
  counts: () => true,

  async run({ key }) {
    const { seconds, rounds = 1, factor = 1, spinners = 0 } = /** @type {Case} */ (CASES[key]);
    /** @type {RunResult[]} */
    const base = [];
    /** @type {RunResult[]} */
    const candidate = [];
    for (let round = 0; round < rounds; round++) {
      base.push(await runOnce(seconds, 1));
      const stopSpinners = await startSpinners(spinners);
      try {
        candidate.push(await runOnce(seconds, factor));
      } finally {
        await stopSpinners();
      }
    }
    // As in `repeat`: a round counts as a whole, or not at all.
    const obstacles = base.map((run, round) => obstaclesBetween([run], candidate.slice(round, round + 1)));
    const valid = (/** @type {readonly RunResult[]} */ runs) =>
      runs.filter((_run, round) => obstacles[round]?.length === 0);
    const [sideA, sideB] = [valid(base), valid(candidate)];
    const obstacle = sideA.length < Math.min(2, rounds) ? obstacles.flat()[0] : undefined;
    const none = { case: key, busy: false, wrong: [], found: false, change: null };
    if (obstacle !== undefined) return { ...none, obstacle: obstacle.text };
    const { total, operations } = compareRuns(sideA, sideB, { paired: rounds > 1 });
    const rows = [total, ...operations].flatMap(({ operation, metrics }) =>
      metrics.map((row) => ({ operation, ...row })),
    );
    const isSlower = (/** @type {(typeof rows)[number]} */ { operation, finding, metric }) =>
      factor > 1 && finding === 'worse' && metric.startsWith('p') && [SLOWER, '*'].includes(operation);
    const changed = rows.filter(({ finding }) => finding === 'worse' || finding === 'better');
    const p50 = rows.find(({ operation, metric }) => operation === SLOWER && metric === 'p50');
    return {
      ...none,
      obstacle: null,
      busy: p50?.reason?.includes('short of processor time') === true,
      wrong: changed
        .filter((row) => !isSlower(row))
        .map(({ operation, metric, finding }) => `${operation} ${metric} ${finding}`),
      found: changed.some((row) => isSlower(row) && row.operation === SLOWER),
      change: p50?.change ?? null,
    };
  },

  columns: [
    'new side',
    'comparisons',
    'refused',
    'cannot tell, as the machine was busy',
    'wrongly called worse or better',
    'found',
    'change of its p50, median',
    'target',
    'holds',
  ],

  row({ key }, runs) {
    const { text, factor } = /** @type {Case} */ (CASES[key]);
    const compared = runs.filter(({ obstacle }) => obstacle === null);
    const told = compared.filter(({ busy }) => !busy);
    const wrong = compared.filter((run) => run.wrong.length > 0).length;
    const found = told.filter((run) => run.found).length;
    const changes = told.flatMap(({ change }) => change ?? []).toSorted((a, b) => a - b);
    const middle = changes[Math.floor(changes.length / 2)];
    // Of 20 comparisons one is wrong by chance: the whole report is wrong in at most 5 %. Of fewer none may be.
    const mostWrong = Math.floor(compared.length / 20);
    const holds = wrong <= mostWrong && (factor === undefined || found >= LEAST_FOUND * told.length);
    // Where the response times of none could be told, that none was called worse shows nothing.
    const isEmpty = told.length === 0;
    return {
      holds: isEmpty ? undefined : holds,
      cells: [
        text,
        String(runs.length),
        String(runs.length - compared.length),
        String(compared.length - told.length),
        String(wrong),
        factor === undefined ? '' : `${found} of ${told.length}`,
        middle === undefined ? '' : `${(100 * middle).toFixed(1)} %`,
        `wrong in at most 1 of 20${factor === undefined ? '' : ', found in 9 of 10 that can be told'}`,
        isEmpty ? '' : holds ? 'yes' : '**no**',
      ],
    };
  },
};

/**
 * @param {number} seconds
 * @param {number} factor of the service times of the slower operation
 * @returns {Promise<RunResult>}
 */
async function runOnce(seconds, factor) {
  const latencies = Object.entries(MEDIANS).flatMap(([name, ms]) => {
    const median = name === SLOWER ? ms * factor : ms;
    const settings = ['kind=lognormal', `p50=${median}`, `p95=${(median * P95_OF_P50).toFixed(2)}`];
    return settings.flatMap((setting) => ['--set', `mock.latency.${name}.${setting}`]);
  });
  // Runs draw response times of their own, as those of a real target would.
  const seed = ['--set', `mock.seed=${randomInt(2 ** 31)}`];
  const { exit, result, output } = await runMainJob([
    ...LOAD,
    `--duration=${seconds}s`,
    ...seed,
    ...latencies,
  ]);
  if (result === undefined) throw new Error(`the run left no document (exit ${exit}):\n${output}`);
  return result;
}
