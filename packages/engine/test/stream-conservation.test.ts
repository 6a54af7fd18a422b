import { createServer, type Server } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { runLoad } from '../src/coordination/load.ts';
import type { Operation } from '../src/model/scenario.ts';
import { CERTIFICATE, PRIVATE_KEY } from './support/certificate.js';
import { asking } from './fixtures/virtual-load.ts';

const PROTOCOLS = ['HTTP/1.1', 'TLS', 'HTTP/2', 'WebSocket'] as const;
/** What the server does with a stream, and the outcome of it. */
const FAULTS = {
  whole: 'ok',
  slow: 'ok',
  empty: 'empty',
  error: 'failed_in_band',
  cut: 'truncated',
  reset: 'truncated',
  stall: 'stalled',
  left: 'hung_up',
  status: 'server_error',
} as const;
type Fault = keyof typeof FAULTS;
const NAMES = Object.keys(FAULTS) as Fault[];

/** A role event first, comments, three tokens an event, and a character cut between two writes (S5). */
const CUT = Buffer.from('data: {"text":"größe","tokens":3}\n\n');
const MIDDLE = CUT.indexOf(0xc3) + 1;
const BEGINNING = [
  ': hello\n\ndata: {"text":""}\n\n',
  CUT.subarray(0, MIDDLE),
  CUT.subarray(MIDDLE),
] as const;
const END = 'data: {"text":"!","tokens":1}\n\ndata: [DONE]\n\n';
/** Events and parts of the beginning. */
const BEGINNING_EVENTS = 2;

const decode: Operation['decode'] = ({ data }) => {
  if (data === '[DONE]') return { kind: 'done' };
  const { text, tokens = 1, error } = JSON.parse(data) as { text: string; tokens?: number; error?: string };
  return error === undefined ? { kind: 'token', text, tokens } : { kind: 'error', message: error };
};

/** What the server has sent: its own record. */
interface Seen {
  readonly streams: Record<string, number>;
  events: number;
  bytes: number;
}

/** Of a WebSocket, whose messages are whole; an error ends its turn. */
const MESSAGES = {
  beginning: ['{"text":""}', '{"text":"größe","tokens":3}'],
  error: '{"error":"CRITICAL"}',
  end: ['{"text":"!","tokens":1}', '[DONE]'],
} as const;

/** HTTP/1.1 and HTTP/2 have these parts of a response in common. */
interface Reply {
  writeHead(status: number, headers: Record<string, string>): unknown;
  write(bytes: string | Uint8Array, done: () => void): unknown;
  end(): unknown;
}

const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

async function serve(protocol: (typeof PROTOCOLS)[number]): Promise<{ url: string; seen: Seen }> {
  const seen: Seen = { streams: {}, events: 0, bytes: 0 };
  const answer = ({ url = '' }: { url?: string | undefined }, reply: Reply, reset: () => void): void => {
    const fault = url.slice(1);
    seen.streams[fault] = (seen.streams[fault] ?? 0) + 1;
    if (fault === 'hang') return;
    const send = (bytes: string | Uint8Array, events: number): Promise<void> => {
      seen.bytes += Buffer.byteLength(bytes);
      seen.events += events;
      return new Promise((resolve) => reply.write(bytes, resolve));
    };
    void (async () => {
      if (fault === 'slow') await new Promise((resolve) => setTimeout(resolve, 30));
      reply.writeHead(fault === 'status' ? 503 : 200, { 'content-type': 'text/event-stream' });
      if (fault === 'status') await send('no', 0);
      else if (fault === 'empty') await send('data: [DONE]\n\n', 1);
      else {
        await send(BEGINNING[0], 1);
        await send(BEGINNING[1], 0);
        await send(BEGINNING[2], 1);
        if (fault === 'error') await send('data: {"error":"CRITICAL"}\n\n', 1);
        if (fault === 'whole' || fault === 'slow' || fault === 'error') await send(END, 2);
        if (fault === 'stall' || fault === 'left') return;
        if (fault === 'reset') return reset();
      }
      reply.end();
    })();
  };
  const key = { key: PRIVATE_KEY, cert: CERTIFICATE };
  const server =
    protocol === 'HTTP/2'
      ? createSecureServer(key, (request, reply) =>
          answer(request, reply as unknown as Reply, () => reply.stream.close(2)),
        )
      : (protocol === 'TLS' ? createTlsServer : (createServer as typeof createTlsServer))(
          protocol === 'TLS' ? key : {},
          (request, reply) => answer(request, reply as Reply, () => request.socket.destroy()),
        );
  if (protocol === 'WebSocket') serveMessages(server as Server, seen);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => (server as Server).listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `${isPlain(protocol) ? 'http://127.0.0.1' : 'https://localhost'}:${port}`, seen };
}

const isPlain = (protocol: (typeof PROTOCOLS)[number]): boolean =>
  protocol === 'HTTP/1.1' || protocol === 'WebSocket';

/** The same faults over WebSockets; `status` refuses the handshake. */
function serveMessages(server: Server, seen: Seen): void {
  const count = (fault: string): void => {
    seen.streams[fault] = (seen.streams[fault] ?? 0) + 1;
  };
  const sockets = new WebSocketServer({
    server,
    verifyClient: ({ req }: { req: { url?: string | undefined } }, decide) => {
      if (req.url !== '/status') return decide(true);
      count('status');
      seen.bytes += 'no'.length;
      decide(false, 503, 'no');
    },
  });
  sockets.on('connection', (socket, { url = '' }) => {
    const fault = url.slice(1);
    count(fault);
    socket.on('error', () => undefined);
    if (fault === 'hang') return;
    const send = (messages: readonly string[]): Promise<unknown> =>
      Promise.all(
        messages.map((message) => {
          seen.bytes += Buffer.byteLength(message);
          seen.events++;
          return new Promise((resolve) => socket.send(message, resolve));
        }),
      );
    void (async () => {
      if (fault === 'slow') await new Promise((resolve) => setTimeout(resolve, 30));
      if (fault === 'empty') return send(['[DONE]']);
      await send(MESSAGES.beginning);
      if (fault === 'error') await send([MESSAGES.error]);
      else if (fault === 'whole' || fault === 'slow') await send(MESSAGES.end);
      else if (fault === 'cut') socket.close();
      else if (fault === 'reset') socket.terminate();
      return undefined;
    })();
  });
}

describe('streams under every fault', () => {
  it.each(PROTOCOLS)(
    'are conserved, and have the events, tokens and bytes that the server sent: %s',
    async (protocol) => {
      const { url, seen } = await serve(protocol);
      const operation: Operation = {
        name: 'chat.stream',
        method: protocol === 'WebSocket' ? 'GET' : 'POST',
        route: '/chat',
        stream: protocol === 'WebSocket' ? 'websocket' : 'sse',
        decode,
        idleTimeout: 1500,
      };
      const isWhole = (fault: string): boolean =>
        fault === 'whole' || fault === 'slow' || (fault === 'error' && protocol !== 'WebSocket');
      const wrong: unknown[] = [];
      const { operations, scenarios } = await runLoad({
        baseUrl: url,
        warmUp: false,
        circuitBreaker: false,
        http2: protocol === 'HTTP/2',
        tls: { ca: CERTIFICATE },
        ...(isPlain(protocol) ? {} : { address: '127.0.0.1' }),
        scenarios: [
          asking(
            'faults',
            { kind: 'constant-arrival-rate', rate: 60, duration: '1s', maxVUs: 60 },
            {
              operations: [operation],
              run: async (user) => {
                const fault = NAMES[user.iterationInRun % NAMES.length]!;
                const answer = user.stream({ operation: 'chat.stream', path: `/${fault}`, body: '' });
                const texts: string[] = [];
                for await (const part of answer) {
                  if (part.kind === 'token') texts.push(part.text ?? '');
                  if (fault === 'left' && texts.length === 2) break;
                }
                const { outcome } = await answer.response;
                const expected =
                  fault === 'empty' || fault === 'status'
                    ? []
                    : ['', 'größe', ...(isWhole(fault) ? ['!'] : [])];
                if (outcome !== FAULTS[fault] || texts.join('|') !== expected.join('|'))
                  wrong.push([fault, outcome, texts]);
              },
            },
          ),
          asking(
            'hang',
            { kind: 'per-vu-iterations', vus: 2, iterations: 1, maxDuration: '2s', gracefulStop: 0 },
            {
              operations: [{ ...operation, name: 'hang.stream' }],
              run: async (user) => {
                await user.stream({ operation: 'hang.stream', path: '/hang', body: '' }).response;
              },
            },
          ),
        ],
      });
      expect(wrong).toEqual([]);
      const [chat, hang] = operations as [(typeof operations)[0], (typeof operations)[0]];
      const { planned, dropped } = scenarios[0]!.iterations;
      const ended = Object.values(chat.outcomes).reduce((sum, count) => sum + count, 0);
      expect(planned).toBe(60);
      expect(ended + dropped).toBe(planned);
      expect(ended).toBe(
        Object.entries(seen.streams).reduce((sum, [name, n]) => sum + (name === 'hang' ? 0 : n), 0),
      );
      for (const fault of NAMES) expect(chat.outcomes[FAULTS[fault]], fault).toBeGreaterThan(0);
      expect(chat.streams).toMatchObject({ streams: ended, events: seen.events });
      const started = ended - (seen.streams['empty'] ?? 0) - (seen.streams['status'] ?? 0);
      const whole = NAMES.filter(isWhole).reduce((sum, name) => sum + (seen.streams[name] ?? 0), 0);
      expect(chat.streams).toMatchObject({ parts: started + whole, tokens: 3 * started + whole });
      expect(seen.events).toBeGreaterThanOrEqual(started * BEGINNING_EVENTS);
      expect(chat.bytesReceived).toBe(seen.bytes);
      expect({ ended: hang.requests, interrupted: hang.interrupted, streams: hang.streams?.streams }).toEqual(
        {
          ended: 0,
          interrupted: seen.streams['hang'],
          streams: seen.streams['hang'],
        },
      );
    },
  );
});
