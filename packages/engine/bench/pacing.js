/**
 * Precision of a schedule as seen by the server: the arrivals of a whole run, including its start, against the ideal
 * line `t0 + k / rate` through the earliest of them. Both modes of this engine, vegeta and k6, in turns; each number is
 * the median of the turns. Server on core 0, generator on core 1.
 *
 *     node bench/pacing.js [--rounds 3] [--seconds 5] [--rates 1000,5000]
 */
import { ScriptedServer } from '../test/support/scripted-server.js';
import { pacingPeers } from './peers/pacing-peers.js';
import { readArguments } from './support/arguments.js';
import { generate } from './support/generate.js';
import { runMeasured } from './support/measured-process.js';
import { canPin, environmentLine } from './support/programs.js';
import { markdownTable, median, short } from './support/table.js';

const { rounds, seconds, rates } = readArguments({ rounds: '3', seconds: '5', rates: '1000,5000' });
const pins = canPin();
const server = await ScriptedServer.start({}, pins ? { cpu: 0 } : {});

// The server runs on Node too: compile its code before it is used as the reference.
const warmUp = { kind: 'constant-vus', vus: 20, duration: '4s' };
await generate({ baseUrl: server.origin, scenario: 'get', executor: warmUp }, { cpu: pins ? 1 : undefined });

console.log(`\n### Pacing\n\n${environmentLine(['vegeta', 'k6'])}`);
console.log(`${rounds} turns of ${seconds} s each; lateness in ms as the server sees it`);
for (const rate of rates.split(',').map(Number)) {
  const peers = pacingPeers(server.origin, rate, Number(seconds));
  /** @type {Map<string, ReturnType<typeof lateness>[]>} */
  const turns = new Map(peers.map(({ name }) => [name, []]));
  for (let round = 0; round < Number(rounds); round++) {
    for (const { name, command, env } of peers) {
      await server.play({ awake: true });
      const run = await runMeasured(command, { cpu: pins ? 1 : undefined, ...(env && { env }) });
      if (run.status !== 0) throw new Error(`${name} ended with ${run.status}:\n${run.stderr.slice(-2000)}`);
      const report = await server.report();
      turns.get(name)?.push(lateness(report.arrivedMs, rate, report.connections));
    }
  }
  const rows = new Map([...turns].map(([name, all]) => [name, medians(all)]));
  const vegeta = rows.get('vegeta')?.p99;
  console.log(`\n#### ${rate}/s\n`);
  console.log(
    markdownTable(
      ['generator', 'p50', 'p99', 'max', 'arrived', 'connections', 'p99 x vegeta'],
      [...rows].map(([name, { p50, p99, max, arrived, connections }]) => [
        name,
        short(p50),
        short(p99),
        short(max),
        `${arrived} of ${rate * Number(seconds)}`,
        connections,
        vegeta === undefined ? '-' : short(p99 / vegeta),
      ]),
    ),
  );
  console.log('');
  if (vegeta !== undefined) {
    target('efficient', (rows.get('jarvis-load efficient')?.p99 ?? Number.NaN) / vegeta, 1.2);
    target('precise', (rows.get('jarvis-load precise')?.p99 ?? Number.NaN) / vegeta, 0.5);
  }
  const opened = rows.get('jarvis-load efficient')?.connections ?? Number.NaN;
  console.log(
    `- connections from a cold start: ${opened}, target below 200: ${opened < 200 ? 'met' : 'MISSED'}`,
  );
}
await server.close();

/**
 * @param {Float64Array} arrivedMs ascending
 * @param {number} rate
 * @param {number} connections
 */
function lateness(arrivedMs, rate, connections) {
  const line = arrivedMs.map((ms, k) => ms - (k * 1000) / rate);
  const originMs = line.reduce((least, ms) => Math.min(least, ms), Number.POSITIVE_INFINITY);
  const late = line.map((ms) => ms - originMs).sort();
  const at = (/** @type {number} */ p) => late[Math.max(1, Math.ceil(p * late.length)) - 1] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), max: at(1), arrived: late.length, connections };
}

/** @param {readonly ReturnType<typeof lateness>[]} all */
function medians(all) {
  const of = (/** @type {keyof ReturnType<typeof lateness>} */ key) => median(all.map((turn) => turn[key]));
  return {
    p50: of('p50'),
    p99: of('p99'),
    max: of('max'),
    arrived: of('arrived'),
    connections: of('connections'),
  };
}

/**
 * @param {string} mode
 * @param {number} ratio
 * @param {number} limit
 */
function target(mode, ratio, limit) {
  const verdict = ratio <= limit ? 'met' : 'MISSED';
  console.log(`- ${mode}: p99 ${ratio.toFixed(2)} x vegeta's, target at most ${limit}: ${verdict}`);
}
