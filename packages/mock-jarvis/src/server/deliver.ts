import type { FastifyReply } from 'fastify';
import type { FaultKind } from '../config/schema.ts';
import type { Answer } from './answer.ts';
import type { Exchange } from './exchange.ts';
import type { Runtime } from './runtime.ts';
import { writeHead } from './write-head.ts';

/** Not HTTP: a parser fails at the first byte. */
const GARBAGE = Buffer.from('\u0000\u0001\u0002 this is not HTTP \u00ff\u00fe\r\n\r\n', 'latin1');
const WRONG_JSON = '{"unexpected":"shape"}';
const IN_BAND_ERROR = '{"error":"Fault injected by the mock"}';
const SLOW_PIECES = 20;

/** Sends an answer without a fault. The caller has checked that the exchange is not over, here and for `sendFaulty`. */
export function send(reply: FastifyReply, answer: Answer): void {
  reply.code(answer.status);
  if (answer.type !== undefined) reply.header('content-type', answer.type);
  if (answer.headers !== undefined) reply.headers(answer.headers);
  // Without a content type, send no body: `send('')` would add text/plain. Send application/json as bytes: to a string,
  // Fastify would add a charset.
  if (answer.type === undefined) reply.send();
  else reply.send(answer.type === 'application/json' ? Buffer.from(answer.body) : answer.body);
}

function sendTruncated(reply: FastifyReply, answer: Answer): void {
  reply.hijack();
  const body = Buffer.from(answer.body);
  // Announce at least one byte, so that an empty body is truncated too.
  const announced = Math.max(body.length, 1);
  writeHead(reply, answer.status, {
    ...answer.headers,
    'content-type': answer.type ?? 'application/octet-stream',
    'content-length': announced,
  });
  reply.raw.flushHeaders();
  reply.raw.write(body.subarray(0, Math.floor(body.length / 2)), () => reply.raw.socket?.destroySoon());
}

/** Sends the body in at most `mostPieces` equal parts, evenly over `spreadMs`. */
function sendSlowly(
  runtime: Runtime,
  exchange: Exchange,
  reply: FastifyReply,
  answer: Answer,
  spreadMs: number,
  mostPieces = SLOW_PIECES,
): void {
  reply.hijack();
  const body = Buffer.from(answer.body);
  const headers = { ...answer.headers, ...(answer.type !== undefined && { 'content-type': answer.type }) };
  writeHead(reply, answer.status, { ...headers, 'content-length': body.length });
  const pieces = Math.max(1, Math.min(mostPieces, body.length));
  const startMs = runtime.clock.elapsedMs();
  const next = (piece: number): void => {
    if (exchange.isOver) return;
    const from = Math.floor((body.length * piece) / pieces);
    const to = Math.floor((body.length * (piece + 1)) / pieces);
    if (piece + 1 === pieces) reply.raw.end(body.subarray(from, to));
    else {
      reply.raw.write(body.subarray(from, to));
      runtime.clock.at(startMs + (spreadMs * (piece + 1)) / (pieces - 1 || 1), () => next(piece + 1));
    }
  };
  next(0);
}

/**
 * Ends an exchange with its fault. Never called for a hang, which gets no answer. Headers that hooks have set on `reply` are sent
 * with every fault but `reset` and `garbage`, which send no HTTP answer.
 * @param make the answer that the fault changes; of `server_error` the error itself
 * @param inBandError the answer of `in_band_error` @default JSON of another shape
 */
export function sendFaulty(
  runtime: Runtime,
  exchange: Exchange,
  reply: FastifyReply,
  fault: FaultKind,
  make: () => Answer,
  inBandError?: () => Answer,
): void {
  const { socket } = reply.raw;
  switch (fault) {
    case 'reset':
      exchange.decide('reset');
      reply.hijack();
      socket?.resetAndDestroy();
      break;
    case 'garbage':
      exchange.decide('garbage');
      reply.hijack();
      socket?.end(GARBAGE);
      break;
    case 'truncated':
      exchange.decide('truncated');
      sendTruncated(reply, make());
      break;
    case 'wrong_json':
      exchange.decide('wrong_json');
      send(reply, { status: 200, type: 'application/json', body: WRONG_JSON });
      break;
    case 'slow':
      sendSlowly(runtime, exchange, reply, make(), runtime.config.faults.slow.spreadMs);
      break;
    case 'stall':
      sendSlowly(runtime, exchange, reply, make(), runtime.config.faults.stall.pauseMs, 2);
      break;
    case 'slow_first_byte':
      runtime.clock.at(runtime.clock.elapsedMs() + runtime.config.faults.slow_first_byte.delayMs, () => {
        if (!exchange.isOver) send(reply, make());
      });
      break;
    case 'cut':
    case 'empty': {
      exchange.decide(fault);
      const answer = make();
      const kept = fault === 'cut' ? answer.body.slice(0, answer.body.length >>> 1) : '';
      send(reply, { ...answer, status: 200, body: kept });
      break;
    }
    case 'in_band_error':
      exchange.decide('in_band_error');
      send(reply, inBandError?.() ?? { status: 200, type: 'application/json', body: IN_BAND_ERROR });
      break;
    case 'hang':
    case 'server_error':
      send(reply, make());
      break;
  }
}
