// @ts-check
/**
 * Child process: an HTTP server that answers one request after another, and keeps its own record of it. Argument: the name of the
 * service. Sends its port to its parent, and its record on request.
 */
import { createServer } from 'node:http';

/**
 * @typedef {object} QueueRecord
 * @property {number} served
 * @property {number} workMs service times of those, as drawn: what a late timer adds at the end of a busy period is made up for in it,
 *   since the next service begins when the one before was due
 * @property {number} refused with 429
 */

/** Answers per second of the rate limit, and how many it lets through at once. */
const LIMIT = 60;
const BURST = 6;
/** By so much each answer of the leaking server is slower than the one before. */
const LEAK_MS = 0.05;

/** @type {QueueRecord} */
const record = { served: 0, workMs: 0, refused: 0 };
const kind = process.argv[2] ?? 'exponential';

/** The next service time. */
function serviceMs() {
  if (kind === 'exponential') return -20 * Math.log1p(-Math.random());
  if (kind === 'leaking') return 2 + LEAK_MS * record.served;
  return kind === 'limited' ? 0 : 20;
}

let tokens = BURST;
let lastMs = performance.now();
function isRefused() {
  if (kind !== 'limited') return false;
  const nowMs = performance.now();
  tokens = Math.min(BURST, tokens + ((nowMs - lastMs) * LIMIT) / 1000);
  lastMs = nowMs;
  if (tokens < 1) return true;
  tokens--;
  return false;
}

/** @type {{ response: import('node:http').ServerResponse, atMs: number }[]} */
const waiting = [];
let isServing = false;
/** When the last one was to end: the next one begins there, so that late timers do not add up. */
let dueMs = 0;

function serveNext() {
  const next = waiting.shift();
  if (next === undefined) return;
  const { response, atMs } = next;
  // Its client has given up.
  if (response.destroyed) return serveNext();
  isServing = true;
  const workMs = serviceMs();
  dueMs = Math.max(atMs, dueMs) + workMs;
  setTimeout(
    () => {
      record.served++;
      record.workMs += workMs;
      response.end('ok');
      isServing = false;
      serveNext();
    },
    Math.max(0, dueMs - performance.now()),
  );
}

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume();
  if (isRefused()) {
    record.refused++;
    response.writeHead(429).end();
    return;
  }
  if (kind === 'leaking') {
    setTimeout(() => response.end('ok'), serviceMs());
    record.served++;
    return;
  }
  waiting.push({ response, atMs: performance.now() });
  if (!isServing) serveNext();
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(address !== null && typeof address === 'object' ? address.port : 0);
});
process.on('message', () => process.send?.(record));
process.on('disconnect', () => process.exit(0));
