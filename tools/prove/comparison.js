// @ts-check
import { randomInt } from 'node:crypto';
import { compareRuns } from '@jarvis-load/compare';
import { deriveRandom } from '@jarvis-load/engine/random';
import { simulatedRun } from '../../packages/compare/test/support/simulated-run.js';

/** Trials of one run of the proof: with the usual 20 runs, 200 of each case. */
const TRIALS = 10;
/** The operation that is slower on the new side, and its name. */
const SLOWER = 3;
const SLOWER_NAME = `operation-${SLOWER + 1}`;
const MOST_WRONG = 0.05;
const LEAST_FOUND = 0.9;

/** @typedef {import('../../packages/compare/test/support/simulated-run.js').Simulation} Simulation */

/** @type {Omit<Simulation, 'seed'>} */
const RUN = { operations: 12, seconds: 30, rate: 20, sigma: 0.3, errorShare: 0.01 };

/**
 * What both sides do, and what the new one does besides.
 *
 * @typedef {object} Case
 * @property {string} text
 * @property {Partial<Simulation>} both
 * @property {Partial<Simulation>} [onNew]
 * @property {boolean} [shifted] one operation is 20 % slower, which should be found
 * @property {number} [least] in at least this share of the trials
 * @property {number} [runs] of each side; they differ from each other by 3 %
 * @property {number} [newRuns] of the new side, where it has fewer
 * @property {boolean} [busy] the machine of the new side is short of processor time, which makes its answers slower
 */

/** @type {(sigma: number, least?: number) => Case} */
const shift = (sigma, least) => ({
  text: `one of 12 operations 20 % slower, sigma ${sigma}`,
  both: { sigma },
  onNew: { factors: { [SLOWER]: 1.2 } },
  shifted: true,
  ...(least === undefined ? {} : { least }),
});

/** @type {Readonly<Record<string, Case>>} */
const CASES = {
  same: { text: 'the same, sigma 0.3', both: {} },
  'same-1': { text: 'the same, sigma 1', both: { sigma: 1 } },
  'same-120': { text: 'the same, 120 s', both: { seconds: 120 } },
  ramp: {
    text: 'the same, with a ramp to twice the rate and twice the response times',
    both: { rateFactor: (second) => 0.5 + second / 30, timeFactor: (second) => 1 + second / 30 },
  },
  'drift-0.5': { text: 'the same, each drifting, 0.5', both: { drift: { phi: 0.5, sigma: 0.2 } } },
  'drift-0.9': { text: 'the same, each drifting, 0.9', both: { drift: { phi: 0.9, sigma: 0.2 } } },
  outlier: {
    text: 'one second ten times as slow',
    both: {},
    onNew: { outlier: { second: 12, factor: 10 } },
  },
  'outlier-errors': {
    text: 'one second of errors alone',
    both: { errorShare: 0 },
    onNew: { outlier: { second: 12, factor: 1, errors: true } },
  },
  busy: {
    text: 'the same on a busy machine, all 30 % slower',
    both: {},
    onNew: { timeFactor: () => 1.3 },
    busy: true,
  },
  'busy-run': {
    text: 'the same on a busy machine, all 30 % slower: one run after 5 quiet ones',
    both: { operations: 4 },
    onNew: { timeFactor: () => 1.3 },
    runs: 5,
    newRuns: 1,
    busy: true,
  },
  runs: { text: 'the same, 5 runs a side, runs that differ by 3 %', both: { operations: 4 }, runs: 5 },
  'shift-0.2': shift(0.2, LEAST_FOUND),
  'shift-0.3': shift(0.3, LEAST_FOUND),
  'shift-0.5': shift(0.5),
  'shift-0.7': shift(0.7),
  'shift-1': shift(1),
};

/** @typedef {{ case: string, seed: number, trials: number, flagged: number, found: number, halfWidths: number[] }} ComparisonRun */

/** @type {import('./proofs.js').Proof<ComparisonRun>} */
export const comparisonProof = {
  name: 'comparison',
  description: `how often a comparison of simulated runs is right; a run is ${TRIALS} trials`,
  title: 'Comparison of runs',
  document: 'docs/reference/comparison.md',
  options: { case: { values: Object.keys(CASES), description: 'only this one' } },

  cases({ case: only }) {
    return Object.keys(CASES)
      .filter((key) => (only ?? key) === key)
      .map((key) => ({ key }));
  },

  keyOf: (run) => run.case,
  counts: () => true,

  run({ key }) {
    const each = /** @type {Case} */ (CASES[key]);
    const seed = randomInt(2 ** 40);
    let flagged = 0;
    let found = 0;
    /** @type {number[]} */
    const halfWidths = [];
    for (let trial = 0; trial < TRIALS; trial++) {
      const { total, operations } = compareRuns(
        sideOf(each, seed + 1000 * trial, {}),
        sideOf(
          { ...each, runs: each.newRuns ?? each.runs ?? 1 },
          seed + 1000 * trial + 500,
          each.onNew ?? {},
        ).map((run) => (each.busy === true ? onBusyMachine(run) : run)),
      );
      const rows = [total, ...operations].flatMap(({ operation, metrics }) =>
        metrics.map((row) => ({ operation, ...row })),
      );
      const changed = rows.filter(({ finding }) => finding === 'worse' || finding === 'better');
      const isRight = (/** @type {(typeof rows)[number]} */ row) =>
        each.shifted === true && row.operation === SLOWER_NAME && row.finding === 'worse';
      // The shift is in the totals, too; throughput and errors are the same.
      const isTotal = (/** @type {(typeof rows)[number]} */ row) =>
        each.shifted === true &&
        row.operation === '*' &&
        row.finding === 'worse' &&
        row.metric.startsWith('p');
      if (changed.some(isRight)) found++;
      if (changed.some((row) => !isRight(row) && !isTotal(row))) flagged++;
      halfWidths.push(
        ...rows.flatMap(({ metric, operation, interval }) =>
          metric === 'p50' && operation !== '*' && interval !== null ? (interval[1] - interval[0]) / 2 : [],
        ),
      );
    }
    halfWidths.sort((a, b) => a - b);
    const median = halfWidths[Math.floor(halfWidths.length / 2)] ?? 0;
    return Promise.resolve({ case: key, seed, trials: TRIALS, flagged, found, halfWidths: [median] });
  },

  columns: [
    'new side',
    'trials',
    'wrongly called worse or better',
    'found',
    'interval of p50, median',
    'target',
    'holds',
  ],

  row({ key }, runs) {
    const { text, shifted, least } = /** @type {Case} */ (CASES[key]);
    const sum = (/** @type {(run: ComparisonRun) => number} */ of) =>
      runs.reduce((total, run) => total + of(run), 0);
    const trials = sum((run) => run.trials);
    const wrong = sum((run) => run.flagged) / trials;
    const found = sum((run) => run.found) / trials;
    const widths = runs.flatMap(({ halfWidths }) => halfWidths).toSorted((a, b) => a - b);
    const target = [
      `wrong in at most ${percent(MOST_WRONG)}`,
      ...(least === undefined ? [] : [`found in at least ${percent(least)}`]),
    ];
    const holds = wrong <= MOST_WRONG && (least === undefined || found >= least);
    return {
      holds: trials === 0 ? undefined : holds,
      cells: [
        text,
        String(trials),
        trials === 0 ? '' : percent(wrong),
        trials === 0 || shifted !== true ? '' : percent(found),
        widths.length === 0 ? '' : `± ${percent(widths[Math.floor(widths.length / 2)] ?? 0)}`,
        target.join('; '),
        trials === 0 ? '' : holds ? 'yes' : '**no**',
      ],
    };
  },
};

/**
 * @param {Case} each
 * @param {number} seed
 * @param {Partial<Simulation>} changes
 */
function sideOf({ both, runs = 1, newRuns }, seed, changes) {
  return Array.from({ length: runs }, (_, k) => {
    const random = deriveRandom(seed + k, 7);
    // The sum of twelve uniform numbers, less 6, is close to a normal one.
    const normal = Array.from({ length: 12 }, random).reduce((sum, value) => sum + value, -6);
    const factor = runs === 1 && newRuns === undefined ? 1 : Math.exp(0.03 * normal);
    const all = { ...RUN, ...both, ...changes };
    return simulatedRun({ ...all, seed: seed + k, timeFactor: timeFactorOf(all, factor) });
  });
}

/**
 * A run of which half of the seconds lacked processor time.
 *
 * @param {import('@jarvis-load/engine/result').RunResult} run
 */
function onBusyMachine(run) {
  const seconds = Math.round(run.run.durationMs / 1000);
  const machine = {
    seconds,
    loudSeconds: seconds,
    processes: [],
    pressureShare: null,
    stealShare: null,
    throttledMs: null,
    lostShare: 0.6,
  };
  return { ...run, health: { ...run.health, machine } };
}

/**
 * @param {Partial<Simulation>} both
 * @param {number} factor
 */
function timeFactorOf({ timeFactor = () => 1 }, factor) {
  return (/** @type {number} */ second) => factor * timeFactor(second);
}

/** @param {number} share */
function percent(share) {
  return `${Number((100 * share).toFixed(1))} %`;
}
