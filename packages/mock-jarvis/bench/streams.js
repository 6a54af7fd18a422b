/**
 * How many streams the mock serves on one core: its process pinned to core 0, bare sockets that only read pinned to
 * core 1. Each row keeps `streams` answers open, one event each `gap` ms. CPU is the mock's own user and system time by
 * the chunks that it counted; it keeps up where the measured rate is the planned one.
 *
 *     node bench/streams.js [--seconds 5]
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { spawnMock } from '../dist/index.js';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '5' } } });
const TICKS_PER_SECOND = 100;
const BODY = JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'Bonjour' }] });
const REQUEST = `POST /v1/chat/completions HTTP/1.1\r\nHost: mock\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;

/** @param {number} pid @param {number} core */
const pin = (pid, core) => execFileSync('taskset', ['-apc', String(core), String(pid)], { stdio: 'ignore' });

/** @param {number} pid */
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** @param {number} pid */
const residentMiB = (pid) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** @param {number} streams @param {number} gapMs */
async function measure(streams, gapMs) {
  const mock = await spawnMock({
    preset: 'fast',
    settings: [`llm.gap=${gapMs}ms`, 'llm.answerTokens=1000000', 'latency.openai.chat=200ms'],
  });
  try {
    pin(mock.pid, 0);
    const emptyMiB = residentMiB(mock.pid);
    const sockets = [];
    for (let index = 0; index < streams; index += 1) {
      const socket = connect(mock.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.on('data', () => undefined);
      socket.write(REQUEST);
      sockets.push(socket);
      if (index % 100 === 99) await sleep(20);
    }
    await sleep(streams > 1000 ? 6000 : 1500);
    const chunks = async () => (await mock.counters()).rows[0]?.streams?.chunks ?? 0;
    const before = { chunks: await chunks(), cpu: cpuSeconds(mock.pid), at: performance.now() };
    await sleep(Number(values.seconds) * 1000);
    const after = { chunks: await chunks(), cpu: cpuSeconds(mock.pid), at: performance.now() };
    const sent = after.chunks - before.chunks;
    const seconds = (after.at - before.at) / 1000;
    const cpu = after.cpu - before.cpu;
    const memory = residentMiB(mock.pid) - emptyMiB;
    const cells = [
      streams,
      Math.round((streams * 1000) / gapMs),
      Math.round(sent / seconds),
      ((cpu / sent) * 1e6).toFixed(1),
      `${Math.round((cpu / seconds) * 100)}%`,
      Math.round(memory),
    ];
    console.log(`| ${cells.join(' | ')} |`);
    for (const socket of sockets) socket.destroy();
  } finally {
    await mock.close();
  }
}

pin(process.pid, 1);
console.log(
  `\nNode ${process.version}, ${cpus()[0]?.model.trim()}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)} before\n`,
);
console.log('| streams open | chunks/s planned | chunks/s sent | CPU us/chunk | of a core | MiB added |');
console.log('|---:|---:|---:|---:|---:|---:|');
for (const [streams, gapMs] of /** @type {const} */ ([
  [100, 20],
  [200, 20],
  [400, 20],
  [800, 20],
  [5000, 1000],
  [5000, 250],
])) {
  await measure(streams, gapMs);
}
