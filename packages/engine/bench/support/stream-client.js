// @ts-check
/**
 * One client of the cost of streams, in a process of its own, started with --expose-gc. Arguments: what it is (engine, bare, or
 * plain: the engine with requests whose response is not streamed), the port, the number of streams, the streams that start per
 * second, and when memory is measured, in milliseconds from the start; 0: never.
 */
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { runLoad } from '../../dist/index.js';
import { nowMs } from '../../test/support/monotonic-clock.js';

const [kind = 'engine', port = '0', ...numbers] = process.argv.slice(2);
const [streams = 1, perSecond = 1, sampleMs = 0] = numbers.map(Number);
/** Of each chunk: when it was written, and from there to its stamp; of the engine from an arbitrary moment. @type {[number, number][]} */
const stamped = [];
/** When every stream was open: from the first chunk of the last one to the last chunk of the first one. */
let [allFromMs, allToMs] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/** @param {readonly number[]} written when each chunk of one stream was written @param {readonly number[]} stamps */
function stream(written, stamps) {
  allFromMs = Math.max(allFromMs, written[0] ?? Number.NaN);
  allToMs = Math.min(allToMs, written.at(-1) ?? Number.NaN);
  written.forEach((atMs, chunk) => stamped.push([atMs, (stamps[chunk] ?? Number.NaN) - atMs]));
}

/** Processor time before the load. @type {NodeJS.CpuUsage | undefined} */
let before;

function memory() {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heapMiB: (heapUsed + external) / 2 ** 20, rssMiB: rss / 2 ** 20 };
}

async function engine() {
  const plain = kind === 'plain';
  await runLoad({
    baseUrl: `http://127.0.0.1:${port}`,
    circuitBreaker: false,
    scenarios: [
      {
        name: 'streams',
        operations: [
          plain
            ? { name: 'ask', method: 'GET', route: '/plain' }
            : { name: 'ask', method: 'GET', route: '/stream', stream: 'sse', idleTimeout: '60s' },
        ],
        executor: {
          kind: 'constant-arrival-rate',
          rate: perSecond,
          duration: (streams / perSecond) * 1000,
          maxVUs: streams,
          gracefulStop: '3m',
        },
        run: async (user) => {
          before ??= process.cpuUsage();
          if (plain) {
            await user.request({ operation: 'ask', path: '/plain' });
            return;
          }
          // Read first: iterations are numbered in the order in which they ask for it.
          const intendedMs = (user.iterationInRun / perSecond) * 1000;
          const parts = user.stream({ operation: 'ask', path: '/stream' });
          /** @type {number[]} */
          const written = [];
          for await (const part of parts) if (part.kind === 'token') written.push(Number(part.text));
          await parts.response;
          stream(
            written,
            parts.arrivalsMs.map((ms) => intendedMs + ms),
          );
        },
      },
    ],
  });
}

/** Reads the same from sockets, with as little as can find the chunks. */
async function bare() {
  const one = () => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write(`GET /stream HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    });
    socket.setEncoding('latin1');
    /** @type {number[]} */
    const written = [];
    /** @type {number[]} */
    const stamps = [];
    socket.on('data', (/** @type {string} */ text) => {
      const atMs = nowMs();
      for (const [, data = ''] of text.matchAll(/data: (\d[\d.]*)\n/g)) {
        written.push(Number(data));
        stamps.push(atMs);
      }
    });
    return new Promise((resolve) => socket.on('close', resolve)).then(() => stream(written, stamps));
  };
  /** @type {Promise<unknown>[]} */
  const all = [];
  const beganMs = nowMs();
  before = process.cpuUsage();
  while (all.length < streams) {
    if (all.length > ((nowMs() - beganMs) * perSecond) / 1000) await delay(1);
    else all.push(one());
  }
  await Promise.all(all);
}

const work = kind === 'bare' ? bare() : engine();
let sampled = { heapMiB: 0, rssMiB: 0 };
if (sampleMs > 0) {
  await delay(sampleMs);
  sampled = memory();
}
await work;
const { user, system } = process.cpuUsage(before);
const delays = stamped
  .filter(([atMs]) => atMs >= allFromMs && atMs <= allToMs)
  .map(([, delayMs]) => delayMs)
  .sort((a, b) => a - b);
const at = (/** @type {number} */ p) =>
  (delays[Math.max(0, Math.ceil(p * delays.length) - 1)] ?? Number.NaN) - (delays[0] ?? Number.NaN);
const quantiles = { p50: at(0.5), p99: at(0.99) };
process.send?.({
  chunks: stamped.length,
  atFullRate: delays.length,
  cpuUs: user + system,
  ...quantiles,
  ...sampled,
});
process.disconnect();
