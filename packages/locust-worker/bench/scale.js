// @ts-check
/**
 * What 100 workers cost a Locust master: 1e6 users, 1e6 requests/s, a minute of it on a virtual clock. Needs a build, and
 * Locust for the master's part: `node bench/scale.js`. Prints the table of docs/scale.md.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encode } from '@msgpack/msgpack';
import { OUTCOMES } from '@jarvis-load/engine/outcome';
import { deriveRandom } from '@jarvis-load/engine/random';
import { Histogram } from '@jarvis-load/engine/recorder';
import { Redactor, runLoad } from '@jarvis-load/engine';
import { ScriptedTarget, VirtualClock } from '@jarvis-load/engine/testing';
import { Journal } from '../../../apps/cli/dist/results/journal.js';
import { findPeer } from '../../../tools/peers/find-peer.js';
import { writeMessage } from '../dist/protocol/write-message.js';
import { WorkerProtocol } from '../dist/thread/worker-protocol.js';

const WORKERS = 100;
const USERS = 1_000_000;
const REQUESTS_PER_SECOND = 1_000_000;
const SECONDS = 60;
const OPERATIONS = 12;

/** One second of one worker: lognormal response times, one request in a hundred fails. */
function secondOf(/** @type {() => number} */ random, /** @type {number} */ startWallMs) {
  const requests = Math.round(REQUESTS_PER_SECOND / WORKERS / OPERATIONS);
  const operations = Array.from({ length: OPERATIONS }, (_, index) => {
    const times = new Histogram();
    for (let k = 0; k < requests; k++) {
      const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      times.record(Math.round(20_000 * (index + 1) * Math.exp(0.5 * normal)));
    }
    const failed = Math.round(requests / 100);
    const outcomes = /** @type {Record<(typeof OUTCOMES)[number], number>} */ (
      Object.fromEntries(OUTCOMES.map((name) => [name, 0]))
    );
    outcomes.ok = requests - failed;
    outcomes.server_error = failed;
    const entry = { name: `operation.${index}`, method: 'POST' };
    return {
      part: { ...entry, outcomes, bytesReceived: requests * 500, response: [times.snapshot()] },
      error: { ...entry, text: 'server_error http_503: busy', count: failed },
    };
  });
  return {
    startWallMs,
    endWallMs: startWallMs + 1000,
    last: false,
    operations: operations.map(({ part }) => part),
    errors: operations.map(({ error }) => ({
      ...error,
      firstWallMs: startWallMs,
      lastWallMs: startWallMs + 999,
    })),
    errorsNotKept: 0,
    exceptions: [],
  };
}

const clock = new VirtualClock();
/** @type {Buffer[]} */
const frames = [];
let bytes = 0;
const sent = { messages: 0, reports: 0 };
let writeMs = 0;
const workers = Array.from({ length: WORKERS }, (_, place) => {
  const nodeId = `host-${place}_0123456789abcdef0123456789abcdef`;
  const protocol = new WorkerProtocol({
    clock,
    link: {
      send(type, data) {
        const before = performance.now();
        const frame = writeMessage(type, data, nodeId);
        writeMs += performance.now() - before;
        bytes += frame.length;
        sent.messages++;
        if (type === 'stats') {
          sent.reports++;
          frames.push(Buffer.from(frame));
        }
      },
      open: () => undefined,
      close: () => Promise.resolve(),
    },
    tell: () => undefined,
    usage: () => ({ cpuPercent: 50, memoryBytes: 2e8 }),
    newNodeId: () => nodeId,
    hostName: `host-${place}`,
  });
  const take = (/** @type {string} */ type, /** @type {unknown} */ data) =>
    protocol.receive(encode([type, data, nodeId]));
  protocol.handle({ kind: 'join' });
  protocol.connected();
  take('ack', { index: place });
  const counts = { ChatUser: USERS / WORKERS };
  take('spawn', {
    timestamp: 1,
    user_classes_count: counts,
    host: null,
    stop_timeout: 0,
    parsed_options: {},
  });
  protocol.handle({ kind: 'users', counts });
  return { protocol, take };
});

let addMs = 0;
const random = deriveRandom(1);
for (let second = 0; second < SECONDS; second++) {
  // The workers have the same numbers of one second: making them would cost more than what is measured.
  const measured = secondOf(random, clock.wallNow());
  const before = performance.now();
  for (const { protocol, take } of workers) {
    protocol.handle({ kind: 'second', second: measured });
    take('heartbeat', null);
  }
  addMs += performance.now() - before;
  await clock.advance(1000);
}

const perWorkerSecond = WORKERS * SECONDS;
console.log(
  `messages/s to the master: ${sent.messages / SECONDS}, of them reports ${sent.reports / SECONDS}`,
);
console.log(
  `a report: ${Math.round(frames.reduce((sum, { length }) => sum + length, 0) / frames.length)} bytes`,
);
console.log(`to the master: ${Math.round(bytes / SECONDS / 1024)} KiB/s`);
console.log(
  `a worker: ${((addMs + writeMs) / perWorkerSecond).toFixed(3)} ms of processor time per second for its reports`,
);

/** Runs the master's own code over the reports, in a process of its own. */
const MASTER = `
import sys, time, resource, struct
from locust.env import Environment
from locust.stats import setup_distributed_stats_event_listeners, RequestStats
from locust.rpc.protocol import Message
env = Environment()
stats = RequestStats()
setup_distributed_stats_event_listeners(env.events, stats)
data = open(sys.argv[1], 'rb').read()
at = 0; n = 0
before = time.process_time()
while at < len(data):
    (size,) = struct.unpack_from('>I', data, at)
    msg = Message.unserialize(data[at + 4:at + 4 + size])
    env.events.worker_report.fire(client_id=msg.node_id, data=msg.data)
    at += 4 + size; n += 1
spent = time.process_time() - before
print(n, stats.total.num_requests, spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
`;
const locust = findPeer('locust');
if (locust === undefined) console.log('the master: no Locust; npm run setup:peers -- locust');
else {
  const folder = mkdtempSync(join(tmpdir(), 'jarvis-scale-'));
  try {
    const file = join(folder, 'reports');
    const heads = frames.map(({ length }) => {
      const head = Buffer.alloc(4);
      head.writeUInt32BE(length);
      return head;
    });
    writeFileSync(
      file,
      Buffer.concat(frames.flatMap((frame, index) => [/** @type {Buffer} */ (heads[index]), frame])),
    );
    const { stdout, stderr } = spawnSync(join(dirname(locust.path), 'python'), ['-c', MASTER, file], {
      encoding: 'utf8',
    });
    const [reports, requests, seconds, memory] = stdout.trim().split(' ').map(Number);
    if (reports === undefined || seconds === undefined) throw new Error(stderr);
    console.log(
      `the master: ${((100 * seconds) / SECONDS).toFixed(1)} % of a processor to read and add up ${reports} reports with ` +
        `${requests} requests (${((1000 * seconds) / reports).toFixed(2)} ms each), ${Math.round(Number(memory) / 1024)} MiB`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Records and documents of workers: 12 operations, answered in 5 to 500 ms. */
const names = Array.from({ length: OPERATIONS }, (_, index) => `operation.${index}`);
async function runOf(
  /** @type {number} */ rate,
  /** @type {string} */ duration,
  /** @type {string} */ folder,
) {
  const runClock = new VirtualClock();
  const delays = deriveRandom(2);
  return runClock.until(
    runLoad({
      baseUrl: 'http://jarvis.test',
      clock: runClock,
      runId: 'worker-0',
      tags: { locust_master: 'locust-master:5557' },
      transport: new ScriptedTarget(runClock, () => ({ afterMs: 5 * Math.exp(4.6 * delays()) })),
      outputs: [new Journal(folder, new Redactor())],
      scenarios: [
        {
          name: 'all',
          operations: names.map((name) => ({ name, method: 'GET', route: `/${name}` })),
          executor: { kind: 'constant-arrival-rate', rate, duration, maxVUs: 20_000 },
          run: async (user) => {
            const operation = names[Math.floor(user.random() * OPERATIONS)] ?? '';
            await user.request({ operation, path: `/${operation}` });
          },
        },
      ],
    }),
  );
}

const records = mkdtempSync(join(tmpdir(), 'jarvis-scale-'));
try {
  const result = await runOf(100, '10m', records);
  console.log(
    `a document of ten minutes: ${Math.round(JSON.stringify(result).length / 1024)} KiB, ${result.series.points.length} points`,
  );
  await runOf(REQUESTS_PER_SECOND / WORKERS, `${SECONDS}s`, records);
  const journal = readFileSync(join(records, 'worker-0', 'journal.ndjson'), 'utf8');
  for (let place = 1; place < WORKERS; place++) {
    mkdirSync(join(records, `worker-${place}`));
    writeFileSync(
      join(records, `worker-${place}`, 'journal.ndjson'),
      journal.replace('"runId":"worker-0"', `"runId":"worker-${place}"`),
    );
  }
  const program = fileURLToPath(new URL('../../../apps/cli/dist/main.js', import.meta.url));
  const before = performance.now();
  const { status, stderr } = spawnSync(
    '/usr/bin/time',
    ['-v', process.execPath, program, 'merge', records, '--format=json'],
    { cwd: records, encoding: 'utf8' },
  );
  console.log(
    `the record of a worker: ${Math.round(journal.length / 1024 / SECONDS)} KiB/s; merging ${SECONDS} s of ${WORKERS}: ` +
      `${((performance.now() - before) / 1000).toFixed(1)} s, exit ${status}, ${/Maximum resident.*: (\d+)/.exec(stderr)?.[1]} KiB at most`,
  );
} finally {
  rmSync(records, { recursive: true });
}
