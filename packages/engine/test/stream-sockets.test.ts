import { createServer, type Server } from 'node:http';
import { createSecureServer } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { runLoad } from '../src/coordination/load.ts';
import type { Operation } from '../src/model/scenario.ts';
import { CERTIFICATE, PRIVATE_KEY } from './support/certificate.js';
import { asking } from './fixtures/virtual-load.ts';

/*
 * S1 and S6 of the accuracy cases in small, over sockets: judged by what the server recorded, never by a limit of time, which a busy
 * machine would break. `npm run prove -- streams` has them in full. Server and load share the clock of this process.
 */

const STREAMS = 20;
const FIRST_MS = 200;
const TOKENS = 50;
const GAP_MS = 20;
const EVENTS = TOKENS + 1;

/** HTTP/1.1 and HTTP/2 have these parts of a response in common. */
interface Reply {
  writeHead(status: number, headers: Record<string, string>): unknown;
  write(bytes: string): unknown;
  end(): unknown;
}

/** Of one stream. Times are those of `performance.now()`. */
interface Sent {
  readonly arrivedMs: number;
  /** Just before each token was written. */
  readonly writtenMs: number[];
  bytes: number;
}

const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

async function serve(isHttp2: boolean): Promise<{ url: string; sent: Map<string, Sent> }> {
  const sent = new Map<string, Sent>();
  const answer = (path: string, reply: Reply): void => {
    if (path === '/health') {
      // A request after it on the same connection would be held back for a moment, which its times leave out.
      reply.writeHead(200, isHttp2 ? {} : { connection: 'close' });
      reply.write('{}');
      reply.end();
      return;
    }
    const stream: Sent = { arrivedMs: performance.now(), writtenMs: [], bytes: 0 };
    sent.set(path, stream);
    const write = (text: string): void => {
      stream.bytes += text.length;
      reply.write(text);
    };
    const next = (): void => {
      stream.writtenMs.push(performance.now());
      write(`data: ${stream.writtenMs.length}\n\n`);
      if (stream.writtenMs.length < TOKENS) {
        const dueMs = stream.arrivedMs + FIRST_MS + GAP_MS * stream.writtenMs.length;
        setTimeout(next, Math.max(0, dueMs - performance.now()));
      } else {
        write('data: [DONE]\n\n');
        reply.end();
      }
    };
    reply.writeHead(200, { 'content-type': 'text/event-stream' });
    setTimeout(next, FIRST_MS);
  };
  const server = isHttp2
    ? createSecureServer({ key: PRIVATE_KEY, cert: CERTIFICATE }, ({ url }, reply) =>
        answer(url, reply as unknown as Reply),
      )
    : createServer(({ url = '' }, reply) => answer(url, reply));
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => (server as Server).listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: isHttp2 ? `https://localhost:${port}` : `http://127.0.0.1:${port}`, sent };
}

/** What the scenario saw of one stream. Times are those of `performance.now()`. */
interface Received {
  /** The intended start of the request lies between these. */
  readonly from: number;
  readonly to: number;
  /** When the loop got each token. */
  readonly takenMs: readonly number[];
  readonly arrivalsMs: readonly number[];
}

describe('streams over sockets', () => {
  it.each([
    ['HTTP/1.1', false],
    ['HTTP/2', true],
  ])(
    'have every token that the server wrote, stamped after its write and before its use: %s',
    async (_what, isHttp2) => {
      const { url, sent } = await serve(isHttp2);
      const received = new Map<string, Received>();
      const operations: Operation[] = [
        { name: 'health', method: 'GET', route: '/health' },
        { name: 'chat.stream', method: 'POST', route: '/chat/{id}', stream: 'sse' },
      ];
      const { operations: measured, totals } = await runLoad({
        baseUrl: url,
        warmUp: false,
        circuitBreaker: false,
        http2: isHttp2,
        tls: { ca: CERTIFICATE },
        ...(isHttp2 ? { address: '127.0.0.1' } : {}),
        scenarios: [
          asking(
            'chat',
            { kind: 'per-vu-iterations', vus: STREAMS, iterations: 1 },
            {
              operations,
              run: async (user) => {
                // A later request of an iteration has no intended start but its own.
                await user.get('/health');
                const path = `/chat/${user.id}`;
                const takenMs: number[] = [];
                const from = performance.now();
                const stream = user.stream({ operation: 'chat.stream', path });
                const to = performance.now();
                for await (const part of stream) if (part.kind === 'token') takenMs.push(performance.now());
                await stream.response;
                received.set(path, { from, to, takenMs, arrivalsMs: stream.arrivalsMs });
              },
            },
          ),
        ],
      });
      expect(totals).toMatchObject({ requests: 2 * STREAMS, failed: 0, interrupted: 0 });
      const chat = measured.find(({ operation }) => operation === 'chat.stream')!;
      expect(chat.bytesReceived).toBe([...sent.values()].reduce((sum, { bytes }) => sum + bytes, 0));
      expect(chat.streams).toMatchObject({
        streams: STREAMS,
        events: STREAMS * EVENTS,
        parts: STREAMS * TOKENS,
        tokens: STREAMS * TOKENS,
        ttft: { count: STREAMS },
        ttlt: { count: STREAMS },
        tpot: { count: STREAMS },
        gap: { count: STREAMS * (TOKENS - 1) },
      });
      expect([...received.keys()].toSorted()).toEqual([...sent.keys()].toSorted());
      const early: unknown[] = [];
      const late: unknown[] = [];
      for (const [path, { from, to, takenMs, arrivalsMs }] of received) {
        const { writtenMs } = sent.get(path)!;
        expect(arrivalsMs).toHaveLength(TOKENS);
        expect(arrivalsMs).toEqual(arrivalsMs.toSorted((a, b) => a - b));
        arrivalsMs.forEach((ms, token) => {
          if (to + ms < writtenMs[token]!) early.push([path, token]);
          if (from + ms > takenMs[token]!) late.push([path, token]);
        });
      }
      expect({ early, late }).toEqual({ early: [], late: [] });
      // First and last token: not before the server wrote the first, and the last, of any stream.
      const times = [...sent.values()].map(({ arrivedMs, writtenMs }) => [
        writtenMs[0]! - arrivedMs,
        writtenMs.at(-1)! - arrivedMs,
      ]);
      expect(chat.streams!.ttftSent.minMs).toBeGreaterThanOrEqual(
        Math.min(...times.map(([first]) => first!)) - 1,
      );
      expect(chat.streams!.ttlt.minMs).toBeGreaterThanOrEqual(
        Math.min(...times.map(([, last]) => last!)) - 1,
      );
    },
  );
});
