// @ts-check
/**
 * What streams cost: CPU of a chunk, and lateness of stamps at 20,000 chunks/s (while all streams are open), beside a bare reader of
 * sockets, in interleaved rounds; and the memory of 5,000 open streams beside as many requests that wait. The server has core 0, the client core 1.
 *
 *     node packages/engine/bench/streams.js [--rounds 6] [--only chunks,memory]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readArguments } from './support/arguments.js';
import { pairedRatios } from './support/paired-ratio.js';
import { canPin, environmentLine } from './support/programs.js';
import { markdownTable, median, short } from './support/table.js';

/** @typedef {{ chunks: number, atFullRate: number, cpuUs: number, p50: number, p99: number, heapMiB: number, rssMiB: number }} Cost */

const MOST_CPU_US = 50;
const MOST_P99_RATIO = 1.3;
const MOST_MIB = 150;

const { rounds, only } = readArguments({ rounds: '6', only: 'chunks,memory' });
const pins = canPin();

/**
 * @param {string} file
 * @param {number} cpu
 * @param {readonly (string | number)[]} args
 */
function start(file, cpu, args) {
  return fork(
    new URL(`support/${file}`, import.meta.url),
    args.map(String),
    pins
      ? { execPath: 'taskset', execArgv: ['-c', String(cpu), process.execPath, '--expose-gc'] }
      : { execArgv: ['--expose-gc'] },
  );
}

/**
 * @param {string} kind
 * @param {{ streams: number, perSecond: number, everyMs: number, chunks: number, sampleMs?: number }} load
 * @returns {Promise<Cost>}
 */
async function measure(kind, { streams, perSecond, everyMs, chunks, sampleMs = 0 }) {
  const source = start('stream-source.js', 0, [everyMs, chunks]);
  const [port] = await once(source, 'message');
  const client = start('stream-client.js', 1, [kind, port, streams, perSecond, sampleMs]);
  const [cost] = await once(client, 'message');
  source.disconnect();
  return cost;
}

/** @type {string[][]} */
const rows = [];
/** @param {string} cost @param {string} bare @param {string} engine @param {string} ratio @param {boolean} met @param {string} limit */
const row = (cost, bare, engine, ratio, met, limit) =>
  rows.push([cost, bare, engine, ratio, `${limit}: ${met ? 'met' : 'MISSED'}`]);

if (only.includes('chunks')) {
  // 200 streams of 100 chunks/s; the first second starts them.
  const load = { streams: 200, perSecond: 200, everyMs: 10, chunks: 1000 };
  const each = (/** @type {string} */ kind) => async () => {
    const { chunks, atFullRate, cpuUs, p50, p99 } = await measure(kind, load);
    const cost = { cpu: cpuUs / chunks, p50, p99 };
    console.log(`${kind}: ${chunks} chunks, ${atFullRate} at the full rate, ${JSON.stringify(cost)}`);
    return cost;
  };
  const { cpu, p50, p99 } = await pairedRatios(Number(rounds), { base: each('bare'), other: each('engine') });
  const ratio = (/** @type {typeof cpu} */ { ratio: of, interval, control }) =>
    `${of.toFixed(2)} (${interval.map((end) => end.toFixed(2)).join(' to ')}), A/A ${control.toFixed(2)}`;
  row('CPU, us per chunk', short(cpu.base), short(cpu.other), ratio(cpu), cpu.other <= MOST_CPU_US, '50 us');
  row('stamp after its write, p50, ms', short(p50.base), short(p50.other), ratio(p50), true, 'none');
  const met = p99.ratio <= MOST_P99_RATIO;
  row('stamp after its write, p99, ms', short(p99.base), short(p99.other), ratio(p99), met, '1.3 times');
}
if (only.includes('memory')) {
  const load = { streams: 5000, perSecond: 500, everyMs: 2000, chunks: 15, sampleMs: 22_000 };
  /** @type {Record<'plain' | 'engine', Cost[]>} */
  const costs = { plain: [], engine: [] };
  for (const kind of /** @type {const} */ (['plain', 'engine', 'plain', 'engine']))
    costs[kind].push(await measure(kind, load));
  for (const [name, key] of /** @type {const} */ ([
    ['heap and buffers', 'heapMiB'],
    ['resident set', 'rssMiB'],
  ])) {
    const [without, with_] = [costs.plain, costs.engine].map((list) => median(list.map((cost) => cost[key])));
    const added = (with_ ?? Number.NaN) - (without ?? Number.NaN);
    const cells = [short(without ?? Number.NaN), short(with_ ?? Number.NaN), `${short(added)} more`];
    row(
      `${name}, MiB, 5,000 open`,
      cells[0] ?? '',
      cells[1] ?? '',
      cells[2] ?? '',
      added < MOST_MIB,
      '150 MiB',
    );
  }
}
console.log(`\n### Streams\n\n${environmentLine([])}\n`);
console.log(markdownTable(['cost', 'without streams', 'engine', 'ratio', 'limit'], rows));
