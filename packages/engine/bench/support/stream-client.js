// @ts-check
/**
 * One client of the cost of streams, in a process of its own, started with --expose-gc. Arguments: what it is (engine, bare, or
 * plain: the engine with requests whose response is not streamed), the port, and the number of streams.
 */
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { runLoad } from '../../dist/index.js';

const [kind = 'engine', port = '0', count = '1', sampleMs = '0'] = process.argv.slice(2);
const streams = Number(count);
const now = () => performance.timeOrigin + performance.now();
/** @type {number[]} */
const delays = [];
let chunks = 0;
let mostMiB = 0;

function sample() {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  mostMiB = Math.max(mostMiB, (heapUsed + external) / 2 ** 20);
  return rss / 2 ** 20;
}

/** @param {string} data */
function note(data) {
  chunks++;
  delays.push(now() - Number(data));
}

async function engine() {
  const plain = kind === 'plain';
  await runLoad({
    baseUrl: `http://127.0.0.1:${port}`,
    warmUp: false,
    circuitBreaker: false,
    scenarios: [
      {
        name: 'streams',
        operations: [
          plain
            ? { name: 'ask', method: 'GET', route: '/plain' }
            : {
                name: 'ask',
                method: 'GET',
                route: '/stream',
                stream: 'sse',
                idleTimeout: '60s',
                decode: ({ data }) => {
                  if (data === '[DONE]') return { kind: 'done' };
                  note(data);
                  return { kind: 'token', text: data };
                },
              },
        ],
        executor: { kind: 'per-vu-iterations', vus: streams, iterations: 1, maxDuration: '3m' },
        run: async (user) => {
          if (plain) await user.request({ operation: 'ask', path: '/plain' });
          else for await (const part of user.stream({ operation: 'ask', path: '/stream' })) void part;
        },
      },
    ],
  });
}

/** Reads the same from sockets, with as little as can find the chunks. */
async function bare() {
  await Promise.all(
    Array.from({ length: streams }, () => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(`GET /stream HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
      });
      socket.setEncoding('latin1');
      socket.on('data', (/** @type {string} */ text) => {
        for (const [, data = ''] of text.matchAll(/data: (\d[\d.]*)\n/g)) note(data);
      });
      return new Promise((resolve) => socket.on('close', resolve));
    }),
  );
}

const before = process.cpuUsage();
const work = kind === 'bare' ? bare() : engine();
let rssMiB = 0;
if (Number(sampleMs) > 0) {
  await delay(Number(sampleMs));
  rssMiB = sample();
}
await work;
const { user, system } = process.cpuUsage(before);
delays.sort((a, b) => a - b);
const at = (/** @type {number} */ p) => delays[Math.max(0, Math.ceil(p * delays.length) - 1)] ?? Number.NaN;
process.send?.({ kind, streams, chunks, cpuUs: user + system, p50: at(0.5), p99: at(0.99), mostMiB, rssMiB });
process.disconnect();
