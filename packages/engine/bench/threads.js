/**
 * Cost of a second thread: CPU per request of one thread and of two, in turns, in the setting of cpu.js; each thread
 * has as many users as the single one. On a machine with more cores, n threads give n times the load as far as this
 * cost stays the same.
 *
 * Two settings, because the machine has only two cores: threads and target unpinned, so that each thread has a core for
 * most of the time, as intended; and the target on one core with all threads on the other, where they compete for the
 * core and its caches like any two processes.
 *
 *     node bench/threads.js [--rounds 3] [--seconds 15]
 */
import { readArguments } from './support/arguments.js';
import { generate } from './support/generate.js';
import { Nginx } from './support/nginx.js';
import { canPin, environmentLine } from './support/programs.js';
import { markdownTable, median, short } from './support/table.js';

const USERS_PER_THREAD = 50;
const MOST = 1.1;

const { rounds, seconds } = readArguments({ rounds: '3', seconds: '15' });
/** @type {readonly { name: string, target: { cpu?: number }, cpu: number | undefined }[]} */
const settings = [
  { name: 'two cores for all', target: {}, cpu: undefined },
  ...(canPin() ? [{ name: 'one core for the threads', target: { cpu: 0 }, cpu: 1 }] : []),
];

console.log(`\n### Threads\n\n${environmentLine(['nginx'])}`);
console.log(`${rounds} turns of ${seconds} s each, ${USERS_PER_THREAD} users a thread\n`);
/** @type {string[][]} */
const rows = [];
/** @type {string[]} */
const ratios = [];
for (const { name, target, cpu } of settings) {
  const nginx = await Nginx.start(target);
  /** @type {Map<number, { requests: number, wholeUs: number, runUs: number }[]>} */
  const turns = new Map([1, 2].map((threads) => [threads, []]));
  for (let round = 0; round < Number(rounds); round++) {
    for (const [threads, all] of turns) all.push(await turn(nginx.origin, threads, cpu));
  }
  await nginx.close();

  const costs = [...turns].map(([threads, all]) => {
    const runUs = median(all.map((one) => one.runUs));
    const wholeUs = median(all.map((one) => one.wholeUs));
    rows.push([
      name,
      `${threads}`,
      `${median(all.map(({ requests }) => requests))}`,
      short(runUs),
      short(wholeUs),
    ]);
    return runUs;
  });
  const ratio = (costs[1] ?? Number.NaN) / (costs[0] ?? Number.NaN);
  const verdict = `, target at most ${MOST.toFixed(2)}: ${ratio <= MOST ? 'met' : 'MISSED'}`;
  ratios.push(`- ${name}: two threads / one: ${ratio.toFixed(3)}${cpu === undefined ? verdict : ''}`);
}
const head = [
  'setting',
  'threads',
  'requests',
  'CPU us/request, the run',
  'the whole process, its start included',
];
console.log(`${markdownTable(head, rows)}\n\n${ratios.join('\n')}`);

/**
 * @param {string} baseUrl
 * @param {number} threads
 * @param {number | undefined} cpu
 */
async function turn(baseUrl, threads, cpu) {
  const executor = { kind: 'constant-vus', vus: USERS_PER_THREAD * threads, duration: `${seconds}s` };
  const { result, cpuSeconds } = await generate({ baseUrl, scenario: 'chat', threads, executor }, { cpu });
  const { requests } = result.totals;
  return {
    requests,
    wholeUs: (cpuSeconds * 1e6) / requests,
    runUs: result.health.cpuMicrosPerRequest ?? Number.NaN,
  };
}
