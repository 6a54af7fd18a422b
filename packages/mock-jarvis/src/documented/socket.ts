/**
 * Chat over the WebSocket `/ws`.
 *
 * Must hold:
 * - A chat message, not the handshake, is counted as arrived, and settled once: as `rate_limited` or `hang` at once, with its
 *   answer, or as `aborted` if the socket closes first. Each message that answers it is a chunk of its cell; an answer is an opened stream.
 * - A chat message above the rate limit of all operations is answered with an error alone.
 * - A chat message before a valid token, and an invalid token, are answered with an error and close the socket (1008). Other
 *   invalid messages get an error alone.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { SocketClientMessage } from '@jarvis-load/jarvis/schemas';
import { Compile } from '@jarvis-load/engine/typebox/compile';
import type { WebSocket } from 'ws';
import type { FaultKind } from '../config/schema.ts';
import type { CounterCell, CountedOutcome } from '../counters/counters.ts';
import { noStreams } from '../counters/stream-counts.ts';
import { describeExcess } from '../limits/window-limiter.ts';
import type { Runtime } from '../server/runtime.ts';
import { refuse } from '../server/serve.ts';
import { converse } from './chat.ts';
import { failure } from './errors.ts';

/** RFC 6455, section 7.4.1: policy violation. */
const CLOSE_POLICY = 1008;
const message = Compile(SocketClientMessage);

const first = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Faults that delay an answer count as `ok`; `slow` does nothing here, because an answer is one message. */
const outcomeOf = (fault: FaultKind | undefined): CountedOutcome =>
  fault === undefined || fault === 'slow' || fault === 'stall' || fault === 'slow_first_byte' ? 'ok' : fault;

/** One client on `/ws`: authenticates in the handshake or with a message, then chats. */
class SocketSession {
  readonly #runtime: Runtime;
  readonly #socket: WebSocket;
  readonly #phase: string | undefined;
  readonly #runId: string | undefined;
  readonly #ip: string;
  #owner: string | undefined;
  #token: string | undefined;
  #conversationId: string | undefined;

  constructor(runtime: Runtime, socket: WebSocket, request: FastifyRequest) {
    this.#runtime = runtime;
    this.#socket = socket;
    this.#ip = request.ip;
    this.#runId = first(request.headers['x-load-run-id']);
    this.#phase = first(request.headers['x-load-phase']);
    // The older reference demands a token without saying where: in the query, or as of any other request.
    const { token } = request.query as { token?: string };
    const bearer = token ?? request.headers.authorization?.replace(/^Bearer /, '');
    if (bearer !== undefined) this.#authenticate(bearer);
  }

  receive(text: string): void {
    const parsed = parse(text);
    if (!message.Check(parsed)) {
      this.#sendError(
        'VALIDATION_ERROR',
        'Expected {type: "auth", token}, {type: "chat", content} or {type: "message", content}',
      );
    } else if (parsed.type === 'auth') {
      this.#authenticate(parsed.token);
    } else if (this.#owner === undefined) {
      this.#sendError('AUTHENTICATION_ERROR', 'Send {type: "auth", token} first');
      this.#close();
    } else {
      const content = 'content' in parsed ? parsed.content : parsed.message;
      this.#chat(this.#owner, content, parsed.type);
    }
  }

  #authenticate(token: string): void {
    const claims = this.#runtime.tokens.verify(token);
    if (typeof claims !== 'string') {
      this.#owner = claims.username;
      this.#token = token;
      return;
    }
    this.#sendError('AUTHENTICATION_ERROR', claims === 'expired' ? 'Token expired' : 'Invalid token');
    this.#close();
  }

  #chat(owner: string, content: string, form: 'chat' | 'message'): void {
    const runtime = this.#runtime;
    const cell = runtime.counters.cell(this.#runId, this.#phase, 'ws');
    cell.arrived += 1;
    const nowMs = runtime.clock.elapsedMs();
    const verdict = runtime.limits.check('ws', { ip: this.#ip, token: this.#token, user: owner }, nowMs);
    if (verdict?.allowed === false) {
      this.#sendError('RATE_LIMIT_ERROR', describeExcess(verdict, nowMs));
      cell.settle('rate_limited');
      return;
    }
    const { serviceMs, fault } = runtime.plan('ws', this.#phase ?? 'none');
    if (fault === 'hang') cell.settle('hang');
    if (form === 'message') this.#inTime(() => this.#send(cell, '{"type":"typing_start"}'));
    const pool = runtime.pool('ws');
    const leave = (): void => {
      pool.cancel(ticket);
      if (fault !== 'hang') cell.settle('aborted');
    };
    const { stall, slow_first_byte } = runtime.config.faults;
    const addedMs =
      fault === 'stall' ? stall.pauseMs : fault === 'slow_first_byte' ? slow_first_byte.delayMs : 0;
    const ticket = pool.submit({
      serviceMs: serviceMs + addedMs,
      done: () =>
        this.#inTime(() => {
          this.#socket.off('close', leave);
          this.#answer(owner, content, form, fault, cell);
        }),
    });
    this.#socket.once('close', leave);
  }

  #answer(
    owner: string,
    content: string,
    form: 'chat' | 'message',
    fault: FaultKind | undefined,
    cell: CounterCell,
  ): void {
    const { reply, conversation } = converse(this.#runtime, owner, content, this.#conversationId);
    this.#conversationId = conversation.id;
    const { timestamp } = reply;
    const text = fault === 'empty' ? '' : reply.content;
    const [model = ''] = this.#runtime.config.llm.models;
    const answer = JSON.stringify(
      form === 'chat'
        ? { type: 'chat_response', content: text, timestamp }
        : { type: 'response', response: text, conversation_id: conversation.id, model, timestamp },
    );
    const outcome = outcomeOf(fault);
    const counts = (cell.streams ??= noStreams());
    counts.opened += 1;
    if (outcome === 'ok') counts.completed += 1;
    else counts.cut += 1;
    if (fault === 'reset') this.#socket.terminate();
    else if (fault === 'server_error' || fault === 'in_band_error')
      this.#send(cell, errorText('INTERNAL_ERROR', 'Fault injected by the mock'));
    else if (fault === 'cut') this.#socket.close();
    else if (fault === 'truncated') this.#send(cell, answer.slice(0, answer.length / 2));
    else if (fault === 'garbage') this.#send(cell, Buffer.from([0, 1, 2, 255, 254]));
    else if (fault === 'wrong_json') this.#send(cell, '{"unexpected":"shape"}');
    else {
      if (text !== '') counts.events += 1;
      this.#send(cell, answer);
    }
    if (form === 'message' && this.#socket.readyState === this.#socket.OPEN)
      this.#send(cell, '{"type":"typing_stop"}');
    cell.settle(outcome);
  }

  /** Sends a message that answers one of the client. */
  #send(cell: CounterCell, data: string | Buffer): void {
    const counts = (cell.streams ??= noStreams());
    counts.chunks += 1;
    counts.bytes += Buffer.byteLength(data);
    this.#socket.send(data);
  }

  #sendError(code: string, text: string): void {
    this.#inTime(() => this.#socket.send(errorText(code, text)));
  }

  #close(): void {
    this.#inTime(() => this.#socket.close(CLOSE_POLICY, 'not authenticated'));
  }

  /** Now, or at the end of a freeze; not if the socket is closed by then. */
  #inTime(answer: () => void): void {
    this.#runtime.gate.pass(() => {
      if (this.#socket.readyState === this.#socket.OPEN) answer();
    });
  }
}

const errorText = (code: string, text: string): string =>
  JSON.stringify({ type: 'error', code, message: text });

/** `/ws`: chat over a WebSocket. */
export function addSocketRoute(app: FastifyInstance, runtime: Runtime): void {
  app.route({
    method: 'GET',
    url: '/ws',
    schema: { hide: true },
    config: { operation: 'ws', endpoint: '/ws' },
    preValidation: (request, _reply, done) => {
      if (request.ws) runtime.gate.pass(done);
      else done();
    },
    handler: (request, reply) => {
      const headers = { upgrade: 'websocket', connection: 'Upgrade' };
      refuse(
        runtime,
        request,
        reply,
        failure(426, 'UPGRADE_REQUIRED', 'Upgrade required', 'This path speaks WebSocket', {}, headers),
      );
    },
    wsHandler: (socket, request) => {
      const session = new SocketSession(runtime, socket, request);
      socket.on('message', (data: Buffer) => session.receive(data.toString()));
      // A protocol error or a reset: terminate the socket; its `close` event settles the messages in flight.
      socket.on('error', () => socket.terminate());
    },
  });
}
