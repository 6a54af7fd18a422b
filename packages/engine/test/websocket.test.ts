import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { runLoad } from '../src/coordination/load.ts';
import type { RunResult } from '../src/document/schema.ts';
import type { Timings } from '../src/model/load-response.ts';
import type { RunOptions } from '../src/model/run-options.ts';
import type { Operation, VirtualUser } from '../src/model/scenario.ts';
import { CERTIFICATE, PRIVATE_KEY } from './support/certificate.js';
import { asking } from './fixtures/virtual-load.ts';

const CHAT: Operation = { name: 'chat.socket', method: 'GET', route: '/ws', stream: 'websocket' };
const OPEN = { operation: 'chat.socket', path: '/ws' };

/** What the server saw: its own record. */
interface Seen {
  sockets: number;
  readonly codes: number[];
  bytesReceived: number;
  messagesSent: number;
  bytesSent: number;
}

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** @param talk called with each message of each client; `say` sends and counts */
async function serve(
  talk: (text: string, say: (data: string | Buffer) => void, socket: WebSocket, raw: Socket) => void,
  secure = false,
): Promise<{ readonly url: string; readonly seen: Seen }> {
  const refuse: RequestListener = (_request, response) => response.writeHead(426).end('upgrade');
  const server = secure
    ? createTlsServer({ key: PRIVATE_KEY, cert: CERTIFICATE }, refuse)
    : createServer(refuse);
  const seen: Seen = { sockets: 0, codes: [], bytesReceived: 0, messagesSent: 0, bytesSent: 0 };
  const sockets = new WebSocketServer({ server, path: '/ws' });
  sockets.on('connection', (socket, request) => {
    seen.sockets++;
    const say = (data: string | Buffer): void => {
      seen.messagesSent++;
      seen.bytesSent += Buffer.byteLength(data);
      socket.send(data);
    };
    socket.on('message', (data: Buffer) => {
      seen.bytesReceived += data.length;
      talk(data.toString(), say, socket, request.socket);
    });
    socket.on('close', (code) => seen.codes.push(code));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  const { port } = server.address() as AddressInfo;
  return { url: secure ? `https://localhost:${port}` : `http://127.0.0.1:${port}`, seen };
}

const answering = (text: string, say: (data: string | Buffer) => void): void => {
  for (const token of text.match(/.{1,10000}/gsu) ?? []) say(token);
  say('[DONE]');
};

async function run(
  url: string,
  work: (user: VirtualUser) => Promise<void>,
  parts: Partial<Operation> = {},
  options: Partial<RunOptions> = {},
): Promise<RunResult['operations'][0] & Pick<RunResult, 'errors'>> {
  const { operations, errors } = await runLoad({
    baseUrl: url,
    warmUp: false,
    circuitBreaker: false,
    ...options,
    scenarios: [
      asking(
        'chat',
        { kind: 'per-vu-iterations', vus: 2, iterations: 2 },
        {
          operations: [{ ...CHAT, ...parts }],
          run: work,
        },
      ),
    ],
  });
  return { ...operations[0]!, errors };
}

describe('a WebSocket over a real socket', () => {
  it.each([
    ['plain', false, false],
    ['TLS', true, false],
    ['TLS, in a run with HTTP/2', true, true],
  ])(
    'counts turns, messages and bytes as the server does, and closes in order: %s',
    async (_what, secure, http2) => {
      const { url, seen } = await serve(answering, secure);
      const pings: number[] = [];
      const operation = await run(
        url,
        async (user) => {
          const channel = await user.open({ ...OPEN, headers: { 'x-own': 'yes' } });
          pings.push(await channel.ping());
          for (const text of ['grüße', 'x'.repeat(70_000)]) {
            channel.send(text);
            expect((await channel.receive()).text).toBe(text);
          }
          await channel.close();
        },
        {},
        { http2, tls: { ca: CERTIFICATE }, ...(secure ? { address: '127.0.0.1' } : {}) },
      );
      expect(operation).toMatchObject({ requests: 8, outcomes: { ok: 8 }, statuses: { '101': 8 } });
      expect(operation.streams).toMatchObject({ streams: 8, events: seen.messagesSent });
      expect(operation.bytesReceived).toBe(seen.bytesSent);
      expect(operation.bytesSent).toBe(seen.bytesReceived);
      await expect.poll(() => seen.codes).toEqual([1000, 1000, 1000, 1000]);
      expect(seen.sockets).toBe(4);
      expect(pings.every((ms) => ms >= 0)).toBe(true);
    },
  );

  it('streams over a socket of its own, and hangs up when the loop is left', async () => {
    const { url, seen } = await serve((text, say) => {
      say(text);
      if (text === 'whole') say('[DONE]');
    });
    const operation = await run(url, async (user) => {
      for await (const part of user.stream({ ...OPEN, body: 'whole' })) expect(part.kind).toBe('token');
      for await (const part of user.stream({ ...OPEN, body: 'left' })) if (part.kind === 'token') break;
    });
    expect(operation).toMatchObject({ requests: 8, outcomes: { ok: 4, hung_up: 4 } });
    expect(seen.sockets).toBe(8);
    expect(operation.streams).toMatchObject({ streams: 8, parts: 8, events: seen.messagesSent });
  });

  it('classifies a refused handshake, a refused connection, a bad frame, a cut and a close with a code', async () => {
    const { url } = await serve((text, say, socket, raw) => {
      say('a');
      if (text === 'cut') socket.terminate();
      if (text === 'code') socket.close(1011);
      if (text === 'frame') raw.write(Buffer.from([0xff, 0]));
    });
    const outcomes = async (target: string, path: string, body: string): Promise<unknown> => {
      const { outcomes: counts, errors } = await run(target, async (user) => {
        await user.stream({ operation: 'chat.socket', path, body }).response;
      });
      return [Object.entries(counts).filter(([, count]) => count > 0), errors.map(({ code }) => code)];
    };
    expect(await outcomes(url, '/other', 'x')).toEqual([[['client_error', 4]], ['http_400']]);
    expect(await outcomes(url, '/ws', 'cut')).toEqual([[['truncated', 4]], ['truncated']]);
    expect(await outcomes(url, '/ws', 'code')).toEqual([[['truncated', 4]], ['truncated']]);
    expect(await outcomes(url, '/ws', 'frame')).toEqual([[['connection_error', 4]], ['invalid_websocket']]);
    servers.pop()!.close();
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    expect(await outcomes(`http://127.0.0.1:${port}`, '/ws', 'x')).toEqual([
      [['connection_error', 4]],
      ['ECONNREFUSED'],
    ]);
  });

  it.each([
    ['the limit of the request', { timeoutMs: 200 }, {}, 'request_timeout'],
    ['that on the head', {}, { timeouts: { headersMs: 200 } }, 'headers_timeout'],
  ])('waits for a handshake that is never answered until %s', async (_limit, spec, options, code) => {
    const server = createServer().on('upgrade', () => undefined);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const timings: Timings[] = [];
    const operation = await run(
      `http://127.0.0.1:${port}`,
      async (user) => {
        timings.push((await user.stream({ ...OPEN, body: 'x', ...spec }).response).timings);
      },
      {},
      options,
    );
    expect(operation).toMatchObject({ requests: 4, outcomes: { timeout: 4 }, errors: [{ code }] });
    for (const { tlsMs, waitingMs, responseTimeMs } of timings) {
      expect(tlsMs).toBe(0);
      expect(waitingMs).toBeGreaterThan(0);
      expect(responseTimeMs).toBeGreaterThan(195);
    }
  });

  it('refuses a server that accepts without the key', async () => {
    const server = createServer();
    server.on('upgrade', (_request, socket) => {
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: x\r\n\r\n',
      );
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const operation = await run(`http://127.0.0.1:${port}`, async (user) => {
      expect((await user.open(OPEN)).open).toBe(false);
    });
    expect(operation).toMatchObject({ requests: 4, outcomes: { connection_error: 4 } });
  });
});
