// @ts-check
/**
 * Time to compare two runs of an hour. The runs are simulated, with the samples of 12 operations at 20/s each.
 *
 *     node bench/compare.js [--minutes 60] [--operations 12] [--rounds 5]
 *
 * Limit: 2 s.
 */
import { compareRuns } from '@jarvis-load/compare';
import { readArguments } from '../../engine/bench/support/arguments.js';
import { environmentLine } from '../../engine/bench/support/programs.js';
import { median } from '../../engine/bench/support/table.js';
import { simulatedRun } from '../test/support/simulated-run.js';

const MOST_MS = 2000;

const { minutes, operations, rounds } = readArguments({ minutes: '60', operations: '12', rounds: '5' });
const run = { operations: Number(operations), seconds: 60 * Number(minutes), rate: 20, sigma: 0.3 };
const [base, candidate] = [1, 2].map((seed) => simulatedRun({ ...run, seed, errorShare: 0.01 }));
if (base === undefined || candidate === undefined) throw new Error('no runs');
const times = Array.from({ length: Number(rounds) }, () => {
  const start = performance.now();
  compareRuns([base], [candidate]);
  return performance.now() - start;
});
const most = Math.max(...times);
console.log(environmentLine([]).replace(/, $/, ''));
console.log(
  `two runs of ${minutes} minutes, ${operations} operations, ${base.totals.requests} requests each: median ${median(times).toFixed(0)} ms, at most ${most.toFixed(0)} ms (limit ${MOST_MS} ms)`,
);
if (median(times) > MOST_MS) process.exitCode = 1;
