// @ts-check
/** Streams tokens as an accuracy case says, in a process of its own, and keeps its own record. Argument: the name of the case. */
import { createServer } from 'node:http';
import { afterHold, STREAM_CASES, tokenTimes } from '../../packages/engine/test/support/stream-cases.js';

/** Below this the next wake-up is a turn of the loop: a timer of 1 ms may be a millisecond late. */
const SPIN_MS = 1.5;

/**
 * What the server knows of its streams, in milliseconds on its own clock.
 *
 * @typedef {object} StreamRecord
 * @property {number} streams
 * @property {number} tokens
 * @property {number[]} ttft request read to first token written
 * @property {number[]} gaps between two tokens written
 * @property {number} latenessMs longest delay of a token behind its due time
 */

const each = /** @type {import('../../packages/engine/test/support/stream-cases.js').StreamCase} */ (
  STREAM_CASES[/** @type {keyof typeof STREAM_CASES} */ (process.argv[2] ?? 'S1')]
);
/** @type {StreamRecord} */
const record = { streams: 0, tokens: 0, ttft: [], gaps: [], latenessMs: 0 };
const free = new Float64Array(each.slots ?? 0);
let originMs = Number.NaN;

/**
 * Calls back at a moment, never before.
 *
 * @param {number} dueMs
 * @param {() => void} callback
 */
function at(dueMs, callback) {
  const leftMs = dueMs - performance.now();
  if (leftMs <= 0) callback();
  else if (leftMs > SPIN_MS) setTimeout(() => at(dueMs, callback), leftMs - SPIN_MS);
  else setImmediate(() => at(dueMs, callback));
}

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const atMs = performance.now();
  request.resume();
  if (Number.isNaN(originMs)) originMs = atMs;
  const number = record.streams++;
  const slot = free.indexOf(Math.min(...free));
  const startMs = slot < 0 ? atMs : Math.max(atMs, free[slot] ?? 0);
  const dues = tokenTimes(each, number).map((ms) => originMs + afterHold(each, startMs + ms - originMs));
  if (slot >= 0) free[slot] = dues.at(-1) ?? startMs;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  let beforeMs = Number.NaN;
  const next = (/** @type {number} */ token) => {
    const due = dues[token];
    if (due === undefined) return void response.end('data: [DONE]\n\n');
    at(due, () => {
      response.write(`data: ${token}\n\n`);
      const nowMs = performance.now();
      record.tokens++;
      record.latenessMs = Math.max(record.latenessMs, nowMs - due);
      if (token === 0) record.ttft.push(nowMs - atMs);
      else record.gaps.push(nowMs - beforeMs);
      beforeMs = nowMs;
      next(token + 1);
    });
  };
  next(0);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(address !== null && typeof address === 'object' ? address.port : 0);
});
process.on('message', () => process.send?.(record));
process.on('disconnect', () => process.exit(0));
