/**
 * What the mock serves on one core: preset `fast`, the mock's process pinned to core 0, the load (autocannon, 50
 * connections, no think time) to core 1, one operation after another. CPU is the mock's own user and system time by
 * the requests that it counted; its event loop is the limit when that is near 1 / rate.
 *
 *     node bench/throughput.js [--seconds 4] [--dialect documented] [--set key=value ...]
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { spawnMock } from '../dist/index.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    dialect: { type: 'string', default: 'documented' },
    set: { type: 'string', multiple: true, default: [] },
  },
});
const TICKS_PER_SECOND = 100;
const SPEECH = 'Bonjour, test de synthèse vocale numéro 12-34';

/** @param {number} pid @param {number} core */
function pin(pid, core) {
  if (availableParallelism() < 2) return false;
  try {
    execFileSync('taskset', ['-apc', String(core), String(pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** @param {number} pid */
function cpuSeconds(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return Number.NaN;
  }
}

const mock = await spawnMock({ preset: 'fast', settings: [`dialect=${values.dialect}`, ...values.set] });
const isPinned = pin(mock.pid, 0) && pin(process.pid, 1);
const isCore = values.dialect === 'core';

/**
 * @param {string} path
 * @param {object} body
 * @returns {Promise<Record<string, string | undefined>>}
 */
async function post(path, body, bearer = '') {
  const headers = {
    'content-type': 'application/json',
    ...(bearer && { authorization: `Bearer ${bearer}` }),
  };
  const answer = await fetch(mock.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  return /** @type {Record<string, string | undefined>} */ (await answer.json());
}

const login = await post(isCore ? '/api/auth/login' : '/auth/login', {
  username: 'admin',
  password: 'admin123',
});
const token = login['token'] ?? login['access_token'] ?? '';
const { audio_data: audio } = await post('/api/voice/synthesize', { text: SPEECH }, token);

/** @typedef {[name: string, request: { method: 'GET' | 'POST', path: string, body?: object }]} Case */

/** @type {Case[]} */
const memoryCases = isCore
  ? [
      ['memory.store', { method: 'POST', path: '/api/memory/add', body: { content: 'Le chat dort' } }],
      ['memory.search', { method: 'POST', path: '/api/memory/search', body: { query: 'test', limit: 5 } }],
    ]
  : [
      [
        'memory.store',
        {
          method: 'POST',
          path: '/api/memory/store',
          body: { conversation_id: 'c', user_message: 'Le chat dort sur le test', bot_response: 'Bien noté' },
        },
      ],
      ['memory.search', { method: 'GET', path: '/api/memory/search?q=test&limit=5' }],
    ];

/** @type {Case[]} */
const cases = [
  ['health', { method: 'GET', path: '/health' }],
  ['chat.send', { method: 'POST', path: '/api/chat', body: { content: 'Test message 12-34' } }],
  ['chat.conversations', { method: 'GET', path: '/api/chat/conversations' }],
  ...memoryCases,
  ['voice.synthesize', { method: 'POST', path: '/api/voice/synthesize', body: { text: SPEECH } }],
  [
    'voice.transcribe',
    { method: 'POST', path: '/api/voice/transcribe', body: { audio_data: isCore ? 'AAAA' : audio } },
  ],
];

console.log(`\n### What the mock serves on one core (${values.dialect})\n`);
console.log(
  `Node ${process.version}, ${cpus()[0]?.model.trim()}, ${cpus().length} cores${isPinned ? '' : ', not pinned'}; 50 connections, ${values.seconds} s each\n`,
);
console.log('| operation | requests/s | p99 ms | CPU us/request | not 2xx |\n|---|---:|---:|---:|---:|');
for (const [name, { method, path, body }] of cases) {
  await mock.reset();
  const before = cpuSeconds(mock.pid);
  const run = await autocannon({
    url: mock.url + path,
    method,
    connections: 50,
    duration: Number(values.seconds),
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'x-load-run-id': 'bench',
      'x-load-phase': 'run',
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const used = cpuSeconds(mock.pid) - before;
  const row = (await mock.counters()).rows.find(({ runId }) => runId === 'bench');
  const costUs = (used * 1e6) / (row?.arrived ?? 1);
  console.log(
    `| ${name} | ${Math.round(run.requests.average)} | ${run.latency.p99} | ${costUs.toFixed(0)} | ${run.non2xx + run.errors} |`,
  );
}
await mock.close();
