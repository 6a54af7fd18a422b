/**
 * The process of a scripted server: HTTP over `node:net`, with known behaviour and a record of its own of what
 * happened when. Plain JavaScript, so that Node runs it as it is, pinned to a core where a benchmark wants that.
 *
 * Its clock is CLOCK_MONOTONIC, the one of `process.hrtime`: times compare with those of any process of the machine.
 */
import { createServer } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { AnswerQueue } from './answer-queue.js';
import { ArrivalLog } from './arrival-log.js';
import { nowMs } from './monotonic-clock.js';
import { RequestReader } from './request-reader.js';
import { spinUntil } from './spin.js';

/**
 * @typedef {import('./scripted-server.js').Script} Script
 * @typedef {import('./scripted-server.js').ServerReport} ServerReport
 */

const TEXT = JSON.stringify({
  message: { role: 'assistant', content: 'x'.repeat(180) },
  conversation_id: '0a6f1e52-9a5e-4a33-8a0c-5f4b7f3a2f11',
  latency_ms: 5,
});
const HEAD = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${TEXT.length}\r\n\r\n`;
const ANSWER = Buffer.from(HEAD + TEXT);
const HALF_ANSWER = ANSWER.subarray(0, HEAD.length + 100);

/** @type {Script} */
let script = JSON.parse(process.argv[2] ?? '{}');
let log = new ArrivalLog();
let queue = new AnswerQueue(script, answer);
/** @type {ServerReport['counters']} */
let counters = {};
let connections = 0;
let open = 0;
let mostOpen = 0;
const LOOP_RESOLUTION_MS = 5;
const loopDelay = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
loopDelay.enable();

const LOOK_MS = 0.02;
/** A processor that sleeps takes its time to wake up, most of all a virtual one. */
function stayAwake() {
  if (script.awake !== true) return;
  spinUntil(nowMs() + LOOK_MS);
  setImmediate(stayAwake);
}
stayAwake();

/** @param {import('./request-reader.js').ScriptedRequest} request */
function arrived(request) {
  const { socket, path, phase } = request;
  const { pathname, number } = splitPath(path);
  const key = `${phase} ${pathname}`;
  counters[key] = (counters[key] ?? 0) + 1;
  switch (pathname) {
    case '/hang':
      return;
    case '/reset':
      socket.resetAndDestroy();
      return;
    case '/truncate':
      socket.end(HALF_ANSWER);
      return;
    case '/garbage':
      socket.end('SSH-2.0-OpenSSH_9.2\r\n');
      return;
    case '/status/503':
      socket.write('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n');
      return;
    case '/close':
      // The connection looks alive to the client until the next request meets the end of it.
      socket.write(ANSWER);
      setImmediate(() => socket.end());
      return;
    default:
      queue.add(socket, log.add(number));
  }
}

/**
 * @param {import('node:net').Socket} socket
 * @param {number} entry of the log
 * @param {number} dueMs
 */
function answer(socket, entry, dueMs) {
  // Record before answering: the client may have its response before this process runs again.
  log.answered(entry, dueMs);
  if (!socket.destroyed) socket.write(ANSWER);
}

/**
 * `/any/path?k=17`: the number a test gave the request; -1 without one.
 * @param {string} path
 */
function splitPath(path) {
  const mark = path.indexOf('?');
  if (mark < 0) return { pathname: path, number: -1 };
  const number = path.startsWith('?k=', mark) ? Number.parseInt(path.slice(mark + 3), 10) : -1;
  return { pathname: path.slice(0, mark), number };
}

const server = createServer({ noDelay: true }, (socket) => {
  connections++;
  open++;
  if (open > mostOpen) mostOpen = open;
  const reader = new RequestReader(socket, arrived);
  socket.on('data', (chunk) => reader.read(chunk));
  socket.on('error', () => undefined);
  socket.on('close', () => {
    open--;
  });
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  process.send?.({ port: address.port });
});

/** What clients have sent, though this process had no turn to read it: accepted in one turn of the loop, read in the next. */
async function readAll() {
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
}

process.on('message', (/** @type {{ ask: 'report' } | { script: Script }} */ message) => {
  void readAll().then(() => obey(message));
});

/** @param {{ ask: 'report' } | { script: Script }} message */
function obey(message) {
  if ('script' in message) {
    const asleep = script.awake !== true;
    script = message.script;
    if (asleep) stayAwake();
    log = new ArrivalLog();
    queue.stop();
    queue = new AnswerQueue(script, answer);
    counters = {};
    connections = 0;
    mostOpen = open;
    loopDelay.reset();
    process.send?.({ ready: true });
    return;
  }
  const latestMs = Math.max(0, loopDelay.max / 1e6 - LOOP_RESOLUTION_MS);
  const report = { ...log.report(), counters, connections, mostOpen, latestMs };
  process.send?.({ report });
}
process.on('disconnect', () => process.exit(0));
