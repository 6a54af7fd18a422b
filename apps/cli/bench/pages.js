/**
 * What open pages cost a run: p99 of the pacer lag with 20 listeners to the events of the live page, in another process,
 * beside that of the same run without a page. nginx on core 0 is the target, the generator has core 1, the listeners
 * core 0. Every round measures the run without a page twice, in rotating order; the second one is the A/A comparison.
 *
 *     node bench/pages.js [--rounds 20] [--seconds 4] [--rate 1000] [--pages 20]
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readArguments } from '../../../packages/engine/bench/support/arguments.js';
import { runMeasured } from '../../../packages/engine/bench/support/measured-process.js';
import { Nginx } from '../../../packages/engine/bench/support/nginx.js';
import { holds, pairedRatios } from '../../../packages/engine/bench/support/paired-ratio.js';
import { canPin } from '../../../packages/engine/bench/support/programs.js';

const HERE = fileURLToPath(import.meta.url);
/** Resolution of timers. */
const LAG_FLOOR_MS = 0.5;
const [mode, given = '{}'] = process.argv.slice(2);

if (mode === 'listen') await listen(JSON.parse(given));
else if (mode === 'generate') await generate(JSON.parse(given));
else await compare();

/** @param {{ url: string, token: string, pages: number }} where */
async function listen({ url, token, pages }) {
  await Promise.all(
    Array.from({ length: pages }, async () => {
      const response = await fetch(`${url}/api/events`, { headers: { authorization: `Bearer ${token}` } });
      void (async () => {
        for await (const part of response.body ?? []) void part;
      })().catch(() => undefined);
    }),
  );
  process.stdout.write('ready\n');
}

/** @param {{ baseUrl: string, rate: number, seconds: number, pages: number }} options */
async function generate({ baseUrl, rate, seconds, pages }) {
  const { runLoad } = await import('@jarvis-load/engine');
  const { LiveOutput, LiveStore, startLiveServer } = await import('@jarvis-load/live');
  const store = new LiveStore('view');
  const server = pages === 0 ? undefined : await startLiveServer({ store, port: 0 });
  const listeners =
    server === undefined
      ? undefined
      : spawn(
          canPin() ? 'taskset' : process.execPath,
          [
            ...(canPin() ? ['-c', '0', process.execPath] : []),
            HERE,
            'listen',
            JSON.stringify({ url: `http://127.0.0.1:${server.port}`, token: server.token, pages }),
          ],
          { stdio: ['ignore', 'pipe', 'inherit'] },
        );
  if (listeners !== undefined) await new Promise((resolve) => listeners.stdout?.once('data', resolve));
  const operations = Array.from({ length: 12 }, (_, index) => ({
    name: `get ${index}`,
    method: /** @type {const} */ ('GET'),
    route: '/',
  }));
  const result = await runLoad({
    baseUrl,
    circuitBreaker: false,
    outputs: server === undefined ? [] : [new LiveOutput(store)],
    scenarios: [
      {
        name: 'get',
        operations,
        executor: {
          kind: 'constant-arrival-rate',
          rate,
          duration: `${seconds}s`,
          preAllocatedVUs: 20,
          maxVUs: 500,
        },
        async run(user) {
          await user.request({ operation: `get ${user.iteration % 12}`, path: '/' });
        },
      },
    ],
  });
  const open = server?.pages ?? 0;
  listeners?.kill();
  await server?.close();
  process.stdout.write(JSON.stringify({ lagMs: result.health.pacerLag.percentiles['p99'], open }));
}

async function compare() {
  const options = readArguments({ rounds: '20', seconds: '4', rate: '1000', pages: '20' });
  const [rounds, seconds, rate, pages] = [options.rounds, options.seconds, options.rate, options.pages].map(
    Number,
  );
  const pins = canPin();
  const nginx = await Nginx.start(pins ? { cpu: 0 } : {});
  /** @param {number} open */
  const measure = async (open) => {
    const run = JSON.stringify({ baseUrl: nginx.origin, rate, seconds, pages: open });
    const { status, stdout, stderr } = await runMeasured([process.execPath, HERE, 'generate', run], {
      cpu: pins ? 1 : undefined,
    });
    if (status !== 0) throw new Error(`the generator ended with ${status}:\n${stderr.slice(-2000)}`);
    const { lagMs, open: listening } = JSON.parse(stdout);
    if (listening !== open) throw new Error(`${listening} of ${open} pages were open at the end`);
    process.stderr.write(`${open} pages: ${lagMs.toFixed(2)} ms\n`);
    return { lag: Math.max(LAG_FLOOR_MS, lagMs) };
  };
  try {
    const { lag } = await pairedRatios(rounds ?? 20, {
      base: () => measure(0),
      other: () => measure(pages ?? 20),
    });
    const range = (/** @type {readonly number[]} */ values) =>
      values.map((each) => each.toFixed(3)).join('-');
    console.log(
      `${rate}/s: lag p99 ${lag.base.toFixed(2)} ms without, ${lag.other.toFixed(2)} ms with ${pages} pages; ` +
        `ratio ${lag.ratio.toFixed(3)} (${range(lag.interval)}), A/A ${lag.control.toFixed(3)} ` +
        `(${range(lag.controlInterval)}): ${holds(lag, 1.1) ? 'within' : 'beyond'} 10 %`,
    );
  } finally {
    await nginx.close();
  }
}
