/**
 * Memory per user, and whether requests need more memory over time; the target is nginx in a process of its own.
 *
 * - 18 000 users with a connection each (the limit here is 20 000 descriptors) and 20 000 on shared connections, each
 * with think time, as users in k6 and Locust have;
 * - requests without pause: memory after a collection, early and late in the same run.
 *
 *     node bench/memory.js [--users 18000] [--shared 20000] [--requests 1000000 (1e7 with --full)] [--full]
 */
import { readArguments } from './support/arguments.js';
import { generate } from './support/generate.js';
import { Nginx } from './support/nginx.js';
import { canPin, environmentLine } from './support/programs.js';
import { markdownTable, short } from './support/table.js';

const GIB = 2 ** 30;
const MIB = 2 ** 20;
const THINK_SECONDS = 10;
const RAMP_SECONDS = 15;
const FLAT_FROM = 100_000;

const { users, shared, requests, full } = readArguments({
  users: '18000',
  shared: '20000',
  requests: '1000000',
  full: false,
});
const pins = canPin();
const cpu = pins ? 1 : undefined;
const nginx = await Nginx.start(pins ? { cpu: 0 } : {});

console.log(`\n### Memory\n\n${environmentLine(['nginx'])}`);
console.log(
  `Users think ${THINK_SECONDS} s; they come in ${RAMP_SECONDS} s and stay ${THINK_SECONDS} s more\n`,
);
const rows = [];
for (const [count, connections] of /** @type {const} */ ([
  [Number(users), 'per-user'],
  [Number(shared), 'shared'],
])) {
  const { result } = await generate(
    {
      baseUrl: nginx.origin,
      scenario: 'chat',
      thinkSeconds: THINK_SECONDS,
      connections,
      executor: {
        kind: 'ramping-vus',
        startVUs: 0,
        stages: [
          { duration: `${RAMP_SECONDS}s`, target: count },
          { duration: `${THINK_SECONDS}s`, target: count },
        ],
        gracefulStop: 0,
      },
    },
    { cpu },
  );
  const { health, totals, scenarios } = result;
  const rss = health.maxRssBytes ?? Number.NaN;
  rows.push([
    `${scenarios[0]?.maxUsers}, connections ${connections}`,
    health.connectionsOpened,
    totals.requests,
    totals.failed,
    `${short(rss / MIB)} MiB`,
    `${short(rss / 1024 / count)} KiB`,
    connections === 'shared' ? '' : `< 1 GiB: ${rss < GIB ? 'met' : 'MISSED'}`,
  ]);
}
console.log(
  markdownTable(['users', 'connections', 'requests', 'failed', 'largest RSS', 'per user', 'target'], rows),
);

const total = full ? 10_000_000 : Number(requests);
const { memory } = await generate(
  {
    baseUrl: nginx.origin,
    scenario: 'chat',
    executor: { kind: 'shared-iterations', vus: 50, iterations: total, maxDuration: '1h' },
    memoryAt: [FLAT_FROM, total * 0.5, total],
  },
  { cpu, nodeFlags: ['--expose-gc'] },
);
console.log(`\nOne run of ${total} requests, after a collection each time\n`);
console.log(
  markdownTable(
    ['requests', 'heap', 'RSS'],
    memory.map((sample) => [
      sample.requests,
      `${short(sample.heapBytes / MIB)} MiB`,
      `${short(sample.rssBytes / MIB)} MiB`,
    ]),
  ),
);
await nginx.close();
