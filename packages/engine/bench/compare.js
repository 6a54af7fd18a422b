/**
 * Compares the costs of this build of the engine with those of another commit, in one run. nginx on core 0 is the
 * target, the generator has core 1. Every round measures the other commit twice and this build once, in rotating order;
 * the second measurement of the other commit is the A/A comparison.
 *
 *     node bench/compare.js --base <commit> [--rounds 20] [--seconds 4] [--only cpu,lag,memory]
 *
 * - cpu: user and system time of the whole generator process per request counted by nginx; 50 users without think time
 * - lag: p99 of the pacer lag at 1000/s, at least 0.5 ms, which is the resolution of timers
 * - memory: largest resident set of 5000 users with a connection each
 */
import { buildOfCommit } from './support/build-of-commit.js';
import { readArguments } from './support/arguments.js';
import { generate } from './support/generate.js';
import { Nginx } from './support/nginx.js';
import { holds, pairedRatios } from './support/paired-ratio.js';
import { canPin, environmentLine } from './support/programs.js';
import { markdownTable, short } from './support/table.js';

const LAG_FLOOR_MS = 0.5;

const { base, rounds, seconds, only } = readArguments({
  base: '',
  rounds: '20',
  seconds: '4',
  only: 'cpu,lag,memory',
});
if (base === '') {
  console.error('compare: --base is missing; expected a commit to compare with, such as --base=HEAD~5.');
  process.exit(2);
}
const { commit, engine } = buildOfCommit(base);
const pins = canPin();
const cpu = pins ? 1 : undefined;
const nginx = await Nginx.start(pins ? { cpu: 0 } : {});
const duration = `${seconds}s`;

/** @type {Record<string, { limit: number, unit: string, measure: (env: Record<string, string>) => Promise<number> }>} */
const COSTS = {
  cpu: {
    limit: 1.03,
    unit: 'us CPU/request',
    async measure(env) {
      const before = await nginx.requests();
      const executor = { kind: 'constant-vus', vus: 50, duration };
      const { cpuSeconds } = await generate({ baseUrl: nginx.origin, executor }, { cpu, env });
      return (cpuSeconds * 1e6) / ((await nginx.requests()) - before - 1);
    },
  },
  lag: {
    limit: 1.1,
    unit: 'ms pacer lag p99',
    async measure(env) {
      const executor = {
        kind: 'constant-arrival-rate',
        rate: 1000,
        duration,
        preAllocatedVUs: 20,
        maxVUs: 500,
      };
      const { result } = await generate({ baseUrl: nginx.origin, executor }, { cpu, env });
      return Math.max(LAG_FLOOR_MS, result.health.pacerLag.percentiles['p99'] ?? Number.NaN);
    },
  },
  memory: {
    limit: 1.05,
    unit: 'MiB RSS',
    async measure(env) {
      const stages = [
        { duration: '3s', target: 5000 },
        { duration, target: 5000 },
      ];
      const executor = { kind: 'ramping-vus', startVUs: 0, stages, gracefulStop: 0 };
      const { result } = await generate(
        { baseUrl: nginx.origin, thinkSeconds: 10, connections: 'per-user', executor },
        { cpu, env },
      );
      return (result.health.maxRssBytes ?? Number.NaN) / 2 ** 20;
    },
  },
};

console.log(`\n### This build against ${commit}\n\n${environmentLine(['nginx'])}`);
console.log(`${rounds} rounds of ${seconds} s a measurement; median ratios with their 95 % intervals\n`);
const rows = [];
let missed = false;
for (const name of only.split(',')) {
  const cost = COSTS[name];
  if (cost === undefined) {
    console.error(`compare: --only=${name} is unknown; expected some of ${Object.keys(COSTS).join(', ')}.`);
    process.exit(2);
  }
  const { [name]: result } = await pairedRatios(Number(rounds), {
    base: async () => ({ [name]: await cost.measure({ ENGINE: engine }) }),
    other: async () => ({ [name]: await cost.measure({}) }),
  });
  if (result === undefined) continue;
  const met = holds(result, cost.limit);
  missed ||= !met;
  rows.push([
    `${name}, ${cost.unit}`,
    short(result.base),
    short(result.other),
    withInterval(result.ratio, result.interval),
    withInterval(result.control, result.controlInterval),
    `${cost.limit}: ${met ? 'met' : 'MISSED'}`,
  ]);
}
await nginx.close();
console.log(markdownTable(['cost', commit, 'this build', 'ratio', 'A/A ratio', 'limit'], rows));
if (missed) process.exitCode = 1;

/**
 * @param {number} ratio
 * @param {readonly [number, number]} interval
 */
function withInterval(ratio, [low, high]) {
  return `${ratio.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}
