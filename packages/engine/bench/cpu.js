/**
 * CPU per checked request, of this engine and of peers, in one run: the target (nginx, a constant response of 300
 * bytes) on core 0, the generator on core 1, 50 connections, POST /api/chat with a bearer token and a small JSON body,
 * no think time. Cost = user and system time of the whole generator process, including its start, per request counted
 * by nginx. The programs take turns, and each row is the median of its turns, because other processes may disturb
 * single turns.
 *
 *     node bench/cpu.js [--rounds 3] [--seconds 8] [--only ours,autocannon]
 *
 * `ENGINE=/path/to/other/dist/index.js` adds a row for another build of the engine.
 */
import { parseArgs } from 'node:util';
import { cpuPeers } from './peers/cpu-peers.js';
import { Nginx } from './support/nginx.js';
import { runMeasured } from './support/measured-process.js';
import { canPin, environmentLine } from './support/programs.js';
import { markdownTable, median, short } from './support/table.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    only: { type: 'string' },
  },
});
const pins = canPin();
const nginx = await Nginx.start(pins ? { cpu: 0 } : {});
const wanted = values.only?.split(',');
const peers = cpuPeers(nginx.origin, Number(values.seconds)).filter(
  ({ name }) => wanted === undefined || wanted.includes(name),
);
/** @type {Map<string, { requests: number, costUs: number }[]>} */
const turns = new Map(peers.map(({ name }) => [name, []]));

for (let round = 0; round < Number(values.rounds); round++) {
  for (const { name, command, env } of peers) {
    const before = await nginx.requests();
    const run = await runMeasured(command, { cpu: pins ? 1 : undefined, ...(env && { env }) });
    const requests = (await nginx.requests()) - before - 1;
    if (run.status !== 0) throw new Error(`${name} ended with ${run.status}:\n${run.stderr.slice(-2000)}`);
    turns.get(name)?.push({ requests, costUs: (run.cpuSeconds * 1e6) / requests });
  }
}
await nginx.close();

const costs = new Map([...turns].map(([name, all]) => [name, median(all.map(({ costUs }) => costUs))]));
const reference = costs.get('autocannon');
console.log(
  `\n### CPU per request\n\n${environmentLine(['nginx', 'wrk', 'autocannon', 'k6', 'locust', 'vegeta'])}`,
);
console.log(
  `${values.rounds} turns of ${values.seconds} s each${pins ? '' : '; not pinned to cores: no taskset'}\n`,
);
console.log(
  markdownTable(
    ['generator', 'requests', 'CPU us/request', 'of its turns', 'x autocannon', 'checked'],
    peers.map(({ name, checked }) => {
      const all = turns.get(name) ?? [];
      const cost = costs.get(name) ?? Number.NaN;
      return [
        name,
        median(all.map(({ requests }) => requests)),
        short(cost),
        all.map(({ costUs }) => short(costUs)).join(' '),
        reference === undefined ? '-' : short(cost / reference),
        checked,
      ];
    }),
  ),
);
const ours = costs.get('jarvis-load');
const k6 = costs.get('k6');
console.log('');
if (ours !== undefined && reference !== undefined) target('autocannon', ours / reference, 1.6);
if (ours !== undefined && k6 !== undefined) target('k6', ours / k6, 1 / 6);

/**
 * @param {string} name
 * @param {number} ratio
 * @param {number} limit
 */
function target(name, ratio, limit) {
  const verdict = ratio <= limit ? 'met' : 'MISSED';
  console.log(`- ours / ${name}: ${ratio.toFixed(3)}, target at most ${limit.toFixed(3)}: ${verdict}`);
}
