/**
 * What a second thread costs: CPU per request of one thread and of two, in turns, in the setting of cpu.js, all threads on
 * the one core that is free, so that neither gets more of the machine. Where there are more cores, they give as many
 * times the load as the cost per request stays the same: so each thread has the users that one has alone.
 *
 *     node bench/threads.js [--rounds 3] [--seconds 20]
 */
import { readArguments } from './support/arguments.js';
import { generate } from './support/generate.js';
import { Nginx } from './support/nginx.js';
import { canPin, environmentLine } from './support/programs.js';
import { markdownTable, median, short } from './support/table.js';

const USERS_PER_THREAD = 50;

const { rounds, seconds } = readArguments({ rounds: '3', seconds: '20' });
const pins = canPin();
const nginx = await Nginx.start(pins ? { cpu: 0 } : {});
/** @type {Map<number, { requests: number, wholeUs: number, runUs: number }[]>} */
const turns = new Map([1, 2].map((threads) => [threads, []]));
for (let round = 0; round < Number(rounds); round++) {
  for (const [threads, all] of turns) {
    const { result, cpuSeconds } = await generate(
      {
        baseUrl: nginx.origin,
        scenario: 'chat',
        threads,
        executor: { kind: 'constant-vus', vus: USERS_PER_THREAD * threads, duration: `${seconds}s` },
      },
      { cpu: pins ? 1 : undefined },
    );
    const { requests } = result.totals;
    const runUs = result.health.cpuMicrosPerRequest ?? Number.NaN;
    all.push({ requests, wholeUs: (cpuSeconds * 1e6) / requests, runUs });
  }
}
await nginx.close();

console.log(`\n### Threads\n\n${environmentLine(['nginx'])}`);
console.log(
  `${rounds} turns of ${seconds} s each, ${USERS_PER_THREAD} users a thread, all threads on one core\n`,
);
const medians = [...turns].map(([threads, all]) => ({
  threads,
  requests: median(all.map((turn) => turn.requests)),
  runUs: median(all.map((turn) => turn.runUs)),
  wholeUs: median(all.map((turn) => turn.wholeUs)),
}));
console.log(
  markdownTable(
    ['threads', 'requests', 'CPU us/request, the run', 'the whole process, its start included'],
    medians.map(({ threads, requests, runUs, wholeUs }) => [threads, requests, short(runUs), short(wholeUs)]),
  ),
);
const [one, two] = medians;
const ratio = (two?.runUs ?? Number.NaN) / (one?.runUs ?? Number.NaN);
console.log(
  `\n- two threads / one: ${ratio.toFixed(2)}, target at most 1.10: ${ratio <= 1.1 ? 'met' : 'MISSED'}`,
);
