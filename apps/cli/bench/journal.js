/**
 * What writing the journal costs a run at 5000/s with 12 operations: the same run with and without it, in turns. nginx on core 0
 * is the target, the generator has core 1; with --free the system places both, as it does for users.
 *
 *     node bench/journal.js [--rounds 20] [--seconds 10] [--rate 5000] [--free]
 *
 * - lag: p99 of the pacer lag, at least 0.5 ms, which is the resolution of timers; limit 1.1
 * - cpu: user and system time of the whole generator process per request counted by nginx
 */
import { fileURLToPath } from 'node:url';
import { readArguments } from '../../../packages/engine/bench/support/arguments.js';
import { runMeasured } from '../../../packages/engine/bench/support/measured-process.js';
import { Nginx } from '../../../packages/engine/bench/support/nginx.js';
import { holds, pairedRatios } from '../../../packages/engine/bench/support/paired-ratio.js';
import { canPin, environmentLine } from '../../../packages/engine/bench/support/programs.js';
import { markdownTable, short } from '../../../packages/engine/bench/support/table.js';

const LAG_FLOOR_MS = 0.5;
const GENERATOR = fileURLToPath(new URL('support/journal-run.js', import.meta.url));

const { rounds, seconds, rate, free } = readArguments({
  rounds: '20',
  seconds: '10',
  rate: '5000',
  free: false,
});
const pins = !free && canPin();
const nginx = await Nginx.start(pins ? { cpu: 0 } : {});
/** @type {number[]} */
const bytesAMinute = [];

/** @param {boolean} journal */
async function measure(journal) {
  const before = await nginx.requests();
  const words = [process.execPath, GENERATOR, nginx.origin, rate, `${seconds}s`, journal ? 'journal' : ''];
  const { status, stdout, stderr, cpuSeconds } = await runMeasured(words, { cpu: pins ? 1 : undefined });
  if (status !== 0) throw new Error(`the generator ended with ${status}:\n${stderr.slice(-2000)}`);
  /** @type {{ lagMs: number, bytes: number }} */
  const { lagMs, bytes } = JSON.parse(stdout);
  if (journal) bytesAMinute.push((bytes * 60) / Number(seconds));
  return {
    lag: Math.max(LAG_FLOOR_MS, lagMs),
    cpu: (cpuSeconds * 1e6) / ((await nginx.requests()) - before - 1),
  };
}

console.log(`\n### The journal at ${rate}/s\n\n${environmentLine(['nginx'])}`);
console.log(`${rounds} rounds of ${seconds} s a measurement; median ratios with their 95 % intervals\n`);
const costs = await pairedRatios(Number(rounds), {
  base: () => measure(false),
  other: () => measure(true),
});
await nginx.close();

/** @param {number} ratio @param {readonly [number, number]} interval */
const withInterval = (ratio, [low, high]) => `${ratio.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
const met = holds(costs.lag, 1.1);
const rows = Object.entries({ 'pacer lag p99, ms': costs.lag, 'CPU, us per request': costs.cpu }).map(
  ([name, cost], index) => [
    name,
    short(cost.base),
    short(cost.other),
    withInterval(cost.ratio, cost.interval),
    withInterval(cost.control, cost.controlInterval),
    index === 0 ? `1.1: ${met ? 'met' : 'MISSED'}` : '',
  ],
);
console.log(markdownTable(['cost', 'without', 'with journal', 'ratio', 'A/A ratio', 'limit'], rows));
console.log(`journal: at most ${(Math.max(...bytesAMinute) / 1e6).toFixed(2)} MB a minute`);
if (!met) process.exitCode = 1;
