// @ts-check
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startSpinners } from './spinners.js';

/**
 * A search by the program, as a user types it, for a server in a process of its own.
 *
 * @typedef {object} SocketCase
 * @property {string} text
 * @property {string} service of `queue-server.js`
 * @property {readonly string[]} flags
 * @property {(record: import('./queue-server.js').QueueRecord) => number | undefined} expected what the server's own record gives, requests/s;
 *   undefined: no level
 * @property {number} [busyStep] processes that keep every processor busy run beside this step
 */

const PROGRAM = fileURLToPath(new URL('../../apps/cli/dist/main.js', import.meta.url));
/** Beside a busy step, for each processor. */
const SPINNERS = 16;
const LIMIT_MS = 1000;

/** @param {import('./queue-server.js').QueueRecord} record */
const muOf = ({ served, workMs }) => served / (workMs / 1000);

/** @type {Readonly<Record<string, SocketCase>>} */
export const SOCKET_CASES = {
  'sockets: M/M/1': {
    text: 'one server, exponential service with a mean of 20 ms, Poisson arrivals, p99 <= 1 s: mu - ln(100) / 1 s, mu by its record',
    service: 'exponential',
    flags: [
      '--arrivals=poisson',
      '--from=30',
      '--precision=2%',
      '--step=4m',
      '--confirm=8m',
      `--threshold=p(99)<${LIMIT_MS}`,
    ],
    expected: (record) => muOf(record) - Math.log(100) / (LIMIT_MS / 1000),
  },
  'sockets: fixed': {
    text: 'one server, 20 ms for each request, even arrivals, p99 <= 300 ms: mu by its record',
    service: 'fixed',
    flags: ['--from=30', '--precision=2%', '--step=30s', '--confirm=1m', '--threshold=p(99)<300'],
    expected: muOf,
  },
  'sockets: rate limit': {
    text: '429 beyond 60/s: the limit, named',
    service: 'limited',
    flags: ['--from=30', '--precision=2%', '--step=15s', '--confirm=30s', '--threshold=p(99)<500'],
    expected: () => 60,
  },
  'sockets: leaking': {
    text: 'slower by 0.05 ms with each request that it ever answered, p99 <= 50 ms: not monotonic',
    service: 'leaking',
    flags: ['--from=16', '--step=10s', '--confirm=20s', '--threshold=p(99)<50'],
    expected: () => undefined,
  },
  'sockets: busy machine': {
    text: `the fixed server, p99 <= 100 ms; beside step 1 each processor has ${SPINNERS} other processes: no failure believed`,
    service: 'fixed',
    flags: ['--from=30', '--precision=2%', '--step=30s', '--confirm=1m', '--threshold=p(99)<100'],
    expected: muOf,
    busyStep: 1,
  },
};

const TEST = `
import { defineScenario } from '@jarvis-load/engine';
export default defineScenario({
  name: 'work',
  operations: ['GET /work'],
  run: async (user) => void (await user.get('/work')),
});
`;

/**
 * @param {SocketCase} each
 * @returns {Promise<{ report: import('@jarvis-load/capacity').CapacityReport, expected: number | undefined, requests: number }>}
 */
export async function searchOverSockets({ service, flags, expected, busyStep }) {
  const server = fork(new URL('queue-server.js', import.meta.url), [service]);
  const folder = mkdtempSync(join(tmpdir(), 'jarvis-capacity-'));
  /** @type {ReturnType<typeof startSpinners> | undefined} */
  let spinners;
  const stopSpinners = async () => (await spinners)?.();
  try {
    const [port] = await once(server, 'message');
    writeFileSync(join(folder, 'work.mjs'), TEST);
    const words = ['capacity', './work.mjs', `--target=http://127.0.0.1:${port}`, ...flags];
    const search = spawn(process.execPath, [PROGRAM, ...words], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    search.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      said += text;
      if (busyStep === undefined || !text.includes(`step ${busyStep}: `)) return;
      if (text.includes('...')) spinners ??= startSpinners(SPINNERS * cpus().length);
      else void stopSpinners();
    });
    const [code] = await once(search, 'close');
    server.send('record');
    const [record] = await once(server, 'message');
    const results = join(folder, 'results');
    const [name] = readdirSync(results).filter((each) => each.startsWith('capacity-'));
    if (name === undefined) throw new Error(`the search ended with ${code}:\n${said.slice(-1000)}`);
    return {
      report: JSON.parse(readFileSync(join(results, name, 'capacity.json'), 'utf8')),
      expected: expected(record),
      requests: record.served + record.refused,
    };
  } finally {
    await stopSpinners();
    server.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
}
