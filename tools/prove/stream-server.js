// @ts-check
/**
 * Streams tokens as an accuracy case says, in a process of its own, and keeps its own record. Arguments: the name of the case, and
 * the protocol. Clients tell the number of a stream in its path, `/chat?k=12`; over a WebSocket, they ask with a first message.
 */
import { createServer } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { WebSocketServer } from 'ws';
import { CERTIFICATE, PRIVATE_KEY } from '../../packages/engine/test/support/certificate.js';
import { nowMs } from '../../packages/engine/test/support/monotonic-clock.js';
import {
  afterHold,
  END_OF_STREAM,
  openingOf,
  STREAM_CASES,
  tokenPieces,
  tokenTimes,
} from '../../packages/engine/test/support/stream-cases.js';

/** Below this the next wake-up is a turn of the loop: a timer of 1 ms may be a millisecond late. */
const SPIN_MS = 1.5;

/**
 * What the server knows of its streams; milliseconds of the machine's monotonic clock.
 *
 * @typedef {object} StreamRecord
 * @property {Float64Array[]} written by the number of the stream: when each event with content was written
 * @property {number} latenessMs longest delay of a token behind its due time
 * @property {number} stoodStillMs longest pause of the event loop: what is written leaves at the end of its turn, over HTTP/2 always
 *
 * Where a stream is written to.
 *
 * @typedef {object} Reply
 * @property {(piece: string | Uint8Array) => unknown} write
 * @property {() => unknown} end
 */

const each = /** @type {import('../../packages/engine/test/support/stream-cases.js').StreamCase} */ (
  STREAM_CASES[/** @type {keyof typeof STREAM_CASES} */ (process.argv[2] ?? 'S1')]
);
const protocol = process.argv[3] ?? 'HTTP/1.1';
/** @type {StreamRecord} */
const record = { written: [], latenessMs: 0, stoodStillMs: 0 };
const pauses = monitorEventLoopDelay({ resolution: 1 });
pauses.enable();
const free = new Float64Array(each.slots ?? 0);
let originMs = Number.NaN;

/**
 * Calls back at a moment, never before.
 *
 * @param {number} dueMs
 * @param {() => void} callback
 */
function at(dueMs, callback) {
  const leftMs = dueMs - nowMs();
  if (leftMs <= 0) callback();
  else if (leftMs > SPIN_MS) setTimeout(() => at(dueMs, callback), leftMs - SPIN_MS);
  else setImmediate(() => at(dueMs, callback));
}

/**
 * @param {number} atMs when the request was read
 * @param {string | undefined} url
 * @param {Reply} reply
 */
function serve(atMs, url, reply) {
  if (Number.isNaN(originMs)) originMs = atMs;
  const number = Number(new URL(url ?? '/', 'http://x').searchParams.get('k'));
  const slot = free.indexOf(Math.min(...free));
  const startMs = slot < 0 ? atMs : Math.max(atMs, free[slot] ?? 0);
  const dues = tokenTimes(each, number).map((ms) => originMs + afterHold(each, startMs + ms - originMs));
  if (slot >= 0) free[slot] = dues.at(-1) ?? startMs;
  const written = new Float64Array(dues.length);
  record.written[number] = written;
  const next = (/** @type {number} */ token) => {
    const due = dues[token];
    if (due === undefined) return void reply.end();
    at(due, () => {
      const writtenMs = nowMs();
      for (const piece of tokenPieces(each, token)) reply.write(piece);
      written[token] = writtenMs;
      record.latenessMs = Math.max(record.latenessMs, writtenMs - due);
      next(token + 1);
    });
  };
  next(0);
}

/**
 * A handler of HTTP/1.1 and of HTTP/2, which have these parts in common.
 *
 * @param {{ readonly url?: string | undefined, resume(): unknown }} request
 * @param {{ writeHead(status: number, headers: Record<string, string>): unknown, flushHeaders(): void, write(piece: string | Uint8Array): unknown, end(piece: string): unknown }} response
 */
function answer(request, response) {
  const atMs = nowMs();
  request.resume();
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  const opening = openingOf(each);
  if (opening !== '') response.write(opening);
  serve(atMs, request.url, {
    write: (piece) => response.write(piece),
    end: () => response.end(END_OF_STREAM),
  });
}

const key = { key: PRIVATE_KEY, cert: CERTIFICATE };
const server =
  protocol === 'HTTP/2'
    ? createSecureServer(key, (request, response) =>
        // Its overloads of `write` and `end` are none of HTTP/1.1.
        answer(request, /** @type {Parameters<typeof answer>[1]} */ (/** @type {unknown} */ (response))),
      )
    : protocol === 'TLS'
      ? createTlsServer({ ...key, keepAliveTimeout: 60_000 }, answer)
      : createServer({ keepAliveTimeout: 60_000 }, answer);
if (protocol === 'WebSocket') {
  const sockets = new WebSocketServer({ server: /** @type {import('node:http').Server} */ (server) });
  sockets.on('connection', (socket, request) => {
    socket.on('error', () => socket.terminate());
    socket.once('message', () => {
      serve(nowMs(), request.url, {
        write: (piece) => socket.send(messageOf(piece)),
        end: () => socket.send('[DONE]'),
      });
    });
  });
}
server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () => {
  const address = server.address();
  process.send?.(address !== null && typeof address === 'object' ? address.port : 0);
});
process.on('message', () => process.send?.({ ...record, stoodStillMs: pauses.max / 1e6 }));
process.on('disconnect', () => process.exit(0));

/** A message has what an event has in its data. @param {string | Uint8Array} piece */
function messageOf(piece) {
  return piece
    .toString()
    .replace(/^data: /, '')
    .trimEnd();
}
