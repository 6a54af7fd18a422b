/**
 * Memory of a run of an hour with its live page: engine, output, server and a page in Chromium, which listens from the
 * first second on. The clock is virtual and the target has no sockets, so the hour takes some minutes. Every figure is
 * taken after collections of garbage; the memory of the page is that of its JavaScript.
 *
 *     node --expose-gc bench/memory.js [--minutes 60] [--rate 100] [--operations 12]
 */
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { runLoad } from '@jarvis-load/engine';
import { ScriptedTarget, VirtualClock } from '@jarvis-load/engine/testing';
import { LiveOutput, LiveStore, startLiveServer } from '@jarvis-load/live';
import { readArguments } from '../../engine/bench/support/arguments.js';
import { markdownTable, short } from '../../engine/bench/support/table.js';
import { requireProgram } from '../../engine/bench/support/programs.js';

const MIB = 2 ** 20;
/** Minutes of the run between two figures. */
const EVERY_MINUTES = 5;
const given = readArguments({ minutes: '60', rate: '100', operations: '12' });
const minutes = Number(given.minutes);
const collect = globalThis.gc;

if (collect === undefined) throw new Error('expected node --expose-gc');

const clock = new VirtualClock();
const target = new ScriptedTarget(
  clock,
  ({ number }) => ({
    afterMs: 20 + ((number * 7919) % 400),
    status: number % 50 === 0 ? 500 : 200,
    body: `answer ${number}`,
  }),
  { keep: false },
);
const operations = Array.from({ length: Number(given.operations) }, (_, index) => `operation-${index}`);
const store = new LiveStore('view');
const server = await startLiveServer({ store, port: 0 });
const browser = await chromium.launch({
  executablePath: requireProgram('chromium'),
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});

/** A page of the server, which shows what it has. */
async function openPage() {
  const page = await browser.newPage();
  const devtools = await page.context().newCDPSession(page);
  await page.goto(server.url);
  return {
    close: () => page.close(),
    /** Waits for the last second of the run; then the memory of JavaScript, bytes, and the nodes of the document. */
    async measure() {
      const wanted = (store.state.now?.requests ?? 0).toLocaleString('en-US');
      await page.locator('.figures').getByText(`${wanted} in all`).waitFor({ timeout: 60_000 });
      await devtools.send('HeapProfiler.collectGarbage');
      const { usedSize } = await devtools.send('Runtime.getHeapUsage');
      const { nodes } = await devtools.send('Memory.getDOMCounters');
      return { bytes: usedSize, nodes };
    },
  };
}

async function ownMemory() {
  for (let round = 0; round < 3; round++) {
    collect?.();
    await sleep(50);
  }
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { bytes: heapUsed + arrayBuffers, rss };
}

const page = await openPage();
const run = runLoad({
  baseUrl: 'http://jarvis.test',
  clock,
  transport: target,
  seed: 1,
  circuitBreaker: false,
  outputs: [new LiveOutput(store)],
  scenarios: [
    {
      name: 'chat',
      operations: operations.map((name) => ({
        name,
        method: /** @type {const} */ ('GET'),
        route: `/${name}`,
      })),
      async run(user) {
        const operation = operations[user.iteration % operations.length] ?? '';
        await user.request({ operation, path: `/${operation}` });
      },
      executor: {
        kind: 'constant-arrival-rate',
        rate: Number(given.rate),
        duration: minutes * 60_000,
        preAllocatedVUs: 50,
        maxVUs: 500,
      },
    },
  ],
  thresholds: { http_req_failed: ['rate<0.05'], http_req_duration: ['p(95)<500'] },
});

const rows = [];
for (let minute = 1; minute <= minutes; minute++) {
  for (let part = 0; part < 12; part++) {
    // The last minute ends just before the run does: the run is still on when it is measured.
    await clock.advance(minute === minutes && part === 11 ? 4000 : 5000);
    await turn();
  }
  if (minute !== 1 && minute % EVERY_MINUTES !== 0) continue;
  const [own, shown] = [await ownMemory(), await page.measure()];
  const cells = [own.bytes, own.rss, shown.bytes].map((bytes) => `${short(bytes / MIB)} MiB`);
  rows.push([minute, store.state.now?.requests ?? 0, ...cells, shown.nodes]);
  process.stderr.write(`${rows.at(-1)?.join('  ')}\n`);
}
const later = await openPage();
const opened = await later.measure();
await clock.until(run);
console.log(
  markdownTable(
    ['minute', 'requests', 'heap and buffers', 'RSS', 'JavaScript of the page', 'nodes of the page'],
    rows,
  ),
);
console.log(
  `\nA page opened after ${minutes} minutes: ${short(opened.bytes / MIB)} MiB, ${opened.nodes} nodes.`,
);
await browser.close();
await server.close();
