import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { autocannonProgram, optionalProgram } from '../support/programs.js';

/**
 * @typedef {object} CpuPeer
 * @property {string} name
 * @property {string} checked what it looks at of an answer
 * @property {readonly string[]} command
 * @property {Record<string, string>} [env]
 */

const CONNECTIONS = 50;
const BODY = '{"content":"Test message 17-12345"}';
const TOKEN = `Bearer ${'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJsb2FkIn0.'.padEnd(120, 'x')}`;

/**
 * Every generator that is there, doing the same: POST /api/chat over 50 connections as fast as it can.
 *
 * @param {string} origin
 * @param {number} seconds
 * @returns {CpuPeer[]}
 */
export function cpuPeers(origin, seconds) {
  const folder = mkdtempSync(join(tmpdir(), 'jarvis-load-bench-'));
  const url = `${origin}/api/chat`;
  /** @type {CpuPeer[]} */
  const peers = [ours('jarvis-load', origin, seconds)];
  const other = process.env['ENGINE'];
  // Only for that row: the other programs run in this process's environment.
  delete process.env['ENGINE'];
  if (other !== undefined) peers.push({ ...ours('other build', origin, seconds), env: { ENGINE: other } });

  peers.push({
    name: 'autocannon',
    checked: 'no',
    command: [
      process.execPath,
      autocannonProgram(),
      ...words(
        `-c ${CONNECTIONS} -d ${seconds} -m POST --no-progress --json -H content-type=application/json`,
      ),
      '-b',
      BODY,
      '-H',
      `authorization=${TOKEN}`,
      url,
    ],
  });
  peers.push({
    name: 'bare undici',
    checked: 'no',
    command: [process.execPath, peerFile('bare-undici.js'), url, `${CONNECTIONS}`, `${seconds}`, TOKEN, BODY],
  });
  const wrk = optionalProgram('wrk');
  if (wrk !== undefined) {
    const script = join(folder, 'chat.lua');
    const lines = [
      'wrk.method = "POST"',
      `wrk.body = '${BODY}'`,
      `wrk.headers["Authorization"] = "${TOKEN}"`,
      'wrk.headers["Content-Type"] = "application/json"',
    ];
    writeFileSync(script, lines.join('\n'));
    const command = [wrk, '-t', '1', '-c', `${CONNECTIONS}`, '-d', `${seconds}s`, '-s', script, url];
    peers.push({ name: 'wrk', checked: 'no', command });
  }
  const vegeta = optionalProgram('vegeta');
  if (vegeta !== undefined) {
    const target = { method: 'POST', url, body: Buffer.from(BODY).toString('base64'), header: headers() };
    const targets = join(folder, 'targets.json');
    writeFileSync(targets, `${JSON.stringify(target)}\n`);
    const options = words(
      `-format json -targets ${targets} -rate 0 -workers ${CONNECTIONS} -max-workers ${CONNECTIONS} ` +
        `-connections ${CONNECTIONS} -duration ${seconds}s -output ${join(folder, 'vegeta.bin')}`,
    );
    peers.push({ name: 'vegeta', checked: 'no', command: [vegeta, 'attack', ...options] });
  }
  const environment = { TARGET: url, TOKEN, BODY, VUS: `${CONNECTIONS}`, DURATION: `${seconds}s` };
  const k6 = optionalProgram('k6');
  if (k6 !== undefined) {
    const command = [k6, 'run', '--quiet', '--no-usage-report', peerFile('chat.k6.js')];
    peers.push({ name: 'k6', checked: 'yes', command, env: environment });
  }
  const locust = optionalProgram('locust');
  if (locust !== undefined) {
    const options = [
      '-f',
      peerFile('chat_locustfile.py'),
      '--headless',
      '--only-summary',
      '--loglevel',
      'ERROR',
    ];
    const load = ['-u', `${CONNECTIONS}`, '-r', `${CONNECTIONS}`, '-t', `${seconds}s`, '--host', origin];
    const command = [locust, ...options, ...load];
    peers.push({ name: 'Locust FastHttpUser', checked: 'yes', command, env: environment });
  }
  return peers;
}

/**
 * @param {string} name
 * @param {string} baseUrl
 * @param {number} seconds
 * @returns {CpuPeer}
 */
function ours(name, baseUrl, seconds) {
  const generator = fileURLToPath(new URL('../support/native-generator.js', import.meta.url));
  const executor = { kind: 'constant-vus', vus: CONNECTIONS, duration: `${seconds}s` };
  return {
    name,
    checked: 'yes',
    command: [process.execPath, generator, JSON.stringify({ baseUrl, scenario: 'chat', executor })],
  };
}

function headers() {
  return { Authorization: [TOKEN], 'Content-Type': ['application/json'] };
}

/** @param {string} text */
function words(text) {
  return text.split(' ');
}

/** @param {string} name */
function peerFile(name) {
  return fileURLToPath(new URL(name, import.meta.url));
}
