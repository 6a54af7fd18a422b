/**
 * What each live output costs the load, at 1000/s. Within a run: CPU time of the output's thread while the load is on, as a
 * share of the rest of the process (noise of the machine touches both), and how long the thread of the load hands over a
 * second. Between runs: CPU per request of the whole process, and the 99th percentile of the pacer lag. nginx is the target; each output has a receiver of its own in another process. Target
 * and receivers have core 0, the generator core 1.
 *
 *     node bench/overhead.js [--rounds 20] [--seconds 6] [--only csv,otlp]
 *
 * A round runs every output once, and twice without any: the second of these is the A/A comparison. The order turns from
 * round to round. Loading and compiling the code of an output is a column of its own, as it happens before the load.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readArguments } from '../../engine/bench/support/arguments.js';
import { runMeasured } from '../../engine/bench/support/measured-process.js';
import { Nginx } from '../../engine/bench/support/nginx.js';
import { holds, medianInterval } from '../../engine/bench/support/paired-ratio.js';
import { canPin, environmentLine } from '../../engine/bench/support/programs.js';
import { markdownTable, median, short } from '../../engine/bench/support/table.js';
import { Sink } from './support/sink.js';

const LAG_FLOOR_MS = 0.5;
const LIMITS = { cpu: 1.03, lag: 1.1 };
const MOST_SHARE = 0.03;

const { rounds, seconds, only } = readArguments({ rounds: '20', seconds: '6', only: '' });
const pins = canPin();
const [targetCpu, cpu] = pins ? [0, 1] : [undefined, undefined];
const folder = mkdtempSync(join(tmpdir(), 'jarvis-load-overhead-'));
const nginx = await Nginx.start(targetCpu === undefined ? {} : { cpu: targetCpu });
const sink = await Sink.start(targetCpu);

/** @type {Record<string, string>} */
const OUTPUTS = {
  csv: `csv=${join(folder, 'run.csv')}`,
  ndjson: `ndjson=${join(folder, 'run.ndjson')}`,
  'prometheus (scraped each second)': `prometheus=:${sink.scrapedPort}`,
  'prometheus-rw': `prometheus-rw=${sink.origin}/api/v1/write`,
  'prometheus-rw, native histograms': `prometheus-rw=${sink.origin}/api/v1/write`,
  influxdb: `influxdb=${sink.origin}/load`,
  otlp: `otlp=${sink.origin}`,
};
const names = Object.keys(OUTPUTS).filter((name) => only === '' || only.split(',').includes(name));
const NONE = ['none', 'none, again'];
const all = [...NONE, ...names];

/**
 * @typedef {Record<'cpu' | 'lag' | 'share' | 'threadMs' | 'handOverMs' | 'startMs', number>} Costs
 * @type {Record<string, Costs>[]}
 */
const measured = [];
for (let round = 0; round < Number(rounds); round++) {
  const turn = round % all.length;
  /** @type {Record<string, Costs>} */
  const costs = {};
  for (const name of [...all.slice(turn), ...all.slice(0, turn)]) costs[name] = await costsOf(name);
  measured.push(costs);
}

console.log(`\n### What an output costs at 1000/s\n\n${environmentLine(['nginx'])}`);
console.log(`${rounds} rounds of ${seconds} s a run; median ratios with their 95 % intervals\n`);
const missed = [];
const rows = [];
for (const name of all) {
  const cells = [name];
  for (const cost of /** @type {const} */ (['cpu', 'lag'])) {
    const ratios = measured.map((round) => (round[name]?.[cost] ?? 0) / (round['none']?.[cost] ?? 0));
    const [ratio, interval] = [median(ratios), medianInterval(ratios)];
    cells.push(short(median(measured.map((round) => round[name]?.[cost] ?? Number.NaN))));
    if (name === 'none') {
      cells.push('');
      continue;
    }
    const met = holds({ ratio, interval }, LIMITS[cost]);
    if (!met && !NONE.includes(name)) missed.push(`${name}: ${cost}`);
    cells.push(
      `${ratio.toFixed(3)} (${interval.map((end) => end.toFixed(3)).join(' to ')})${met ? '' : ' MISSED'}`,
    );
  }
  rows.push(cells);
}
console.log(withinRuns());
console.log('');
console.log(
  markdownTable(
    [
      'output',
      'CPU us/request',
      `ratio, at most ${LIMITS.cpu}`,
      'lag p99 ms',
      `ratio, at most ${LIMITS.lag}`,
    ],
    rows,
  ),
);
await Promise.all([nginx.close(), sink.close()]);
rmSync(folder, { recursive: true, force: true });
if (missed.length > 0) process.exitCode = 1;

/**
 * @param {string} name
 * @returns {Promise<Costs>}
 */
async function costsOf(name) {
  const options = {
    origin: nginx.origin,
    seconds: Number(seconds),
    output: OUTPUTS[name],
    nativeHistograms: name.includes('native'),
    folder,
  };
  const generator = fileURLToPath(new URL('./support/generator.js', import.meta.url));
  const command = [process.execPath, generator, JSON.stringify(options)];
  const { status, stdout, stderr } = await runMeasured(command, { cpu });
  if (status !== 0) throw new Error(`the generator ended with ${status}:\n${stderr.slice(-2000)}`);
  const costs = JSON.parse(stdout);
  return { ...costs, lag: Math.max(LAG_FLOOR_MS, costs.lag) };
}

function withinRuns() {
  const columns = names.map((name) => {
    const medianOf = (/** @type {keyof Costs} */ cost) =>
      median(measured.map((round) => round[name]?.[cost] ?? Number.NaN));
    const share = medianOf('share');
    if (share > MOST_SHARE) missed.push(`${name}: share of the CPU`);
    return [
      name,
      short(medianOf('threadMs')),
      `${(share * 100).toFixed(1)} %${share > MOST_SHARE ? ' MISSED' : ''}`,
      short(medianOf('handOverMs')),
      short(medianOf('startMs')),
    ];
  });
  const head = [
    'output',
    'CPU ms/s of its thread',
    `of the rest, at most ${MOST_SHARE * 100} %`,
    'hand-over ms/s',
    'start, CPU ms',
  ];
  return markdownTable(head, columns);
}
