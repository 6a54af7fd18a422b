import { createServer, type Server, type Socket, type AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { runLoad } from '../src/coordination/load.ts';
import type { RunOptions } from '../src/model/run-options.ts';
import type { RequestSpec } from '../src/model/scenario.ts';
import type { Timings } from '../src/model/load-response.ts';
import { CERTIFICATE, PRIVATE_KEY } from './support/certificate.js';

/* How servers end kept-alive connections, by their own record, and how requests on them are classified. */

const operations = [
  { name: 'ask', method: 'GET', route: '/' },
  { name: 'tell', method: 'POST', route: '/' },
] as const;
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';

let server: Server;
const open = new Set<Socket>();
/** The TCP socket below a TLS socket, or the socket itself. */
const tcpOf = new Map<string, Socket>();
const keyOf = (socket: Socket): string => `${socket.remotePort}`;
const reset = (socket: Socket): void => void tcpOf.get(keyOf(socket))?.resetAndDestroy();
/** Closes immediately; TLS would close one loop turn later. */
const closeNow = (socket: Socket): void => void tcpOf.get(keyOf(socket))?.destroy();
afterEach(async () => {
  for (const socket of open) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

/**
 * A server that records the requests it reads. @param answer called with each request, and its number over all
 * connections
 */
async function serve(tls: boolean, answer: (socket: Socket, number: number) => void) {
  const record = { sockets: [] as Socket[], read: [] as string[] };
  const accept = (socket: Socket): void => {
    record.sockets.push(socket);
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
    socket.on('data', (chunk) => {
      const text = chunk.toString('latin1');
      if (!/^[A-Z]+ \//.test(text)) return;
      record.read.push(text.slice(0, text.indexOf(' ')));
      answer(socket, record.read.length);
    });
  };
  server = tls
    ? createTlsServer({ key: PRIVATE_KEY, cert: CERTIFICATE, allowHalfOpen: true }, accept)
    : createServer({ allowHalfOpen: true }, accept);
  server.on('connection', (socket: Socket) => tcpOf.set(keyOf(socket), socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const target = tls
    ? { baseUrl: `https://localhost:${port}`, address: '127.0.0.1', tls: { ca: CERTIFICATE } }
    : { baseUrl: `http://127.0.0.1:${port}` };
  return { record, target };
}

type Target = Pick<RunOptions, 'baseUrl' | 'address' | 'tls'>;

/**
 * Two requests of one user over one connection. @param between called in the loop turn in which the second one is sent
 */
async function askTwice(target: Target, spec: RequestSpec, between: () => void, busyMs = 0, second = spec) {
  const result = await runLoad({
    ...target,
    warmUp: false,
    scenarios: [
      {
        name: 'kept',
        operations,
        executor: { kind: 'per-vu-iterations', vus: 1, iterations: 1 },
        async run(user) {
          await user.request(spec);
          // The connection is now idle and being read, so the next request is sent immediately.
          await user.think(0.02);
          between();
          const pending = user.request(second);
          const endMs = performance.now() + busyMs;
          while (performance.now() < endMs);
          await pending;
        },
      },
    ],
  });
  const { outcomes, retries } = result.operations[0]!;
  return {
    ok: outcomes.ok,
    failed: outcomes.connection_error,
    retries,
    codes: result.errors.map(({ code }) => code),
  };
}

const GET: RequestSpec = { operation: 'ask', path: '/' };
const POST: RequestSpec = { operation: 'tell', path: '/', json: { text: 'hello' } };

describe.each([
  ['plain', false],
  ['TLS', true],
] as const)('a kept connection (%s)', (_name, tls) => {
  it.each([
    ['GET', GET, 0],
    ['POST', POST, 0],
    ['GET of a thread that is late to look', GET, 50],
  ] as const)(
    'that was closed before the request came costs a second sending (%s)',
    async (_what, spec, busyMs) => {
      const { record, target } = await serve(tls, (socket) => void socket.write(OK));
      const told = await askTwice(target, spec, () => closeNow(record.sockets[0]!), busyMs);
      expect(told).toEqual({ ok: 2, failed: 0, retries: 1, codes: [] });
      // The server has read each request once.
      expect(record.read).toHaveLength(2);
      expect(record.sockets).toHaveLength(2);
    },
  );

  it.each([
    ['closes', (socket: Socket): void => void socket.destroy()],
    ['ends its side', (socket: Socket): void => void socket.end()],
    ['resets', (socket: Socket): void => reset(socket)],
    ['closes after 30 ms', (socket: Socket): void => void setTimeout(() => socket.destroy(), 30)],
    ['resets after 30 ms', (socket: Socket): void => void setTimeout(() => reset(socket), 30)],
    [
      'ends its side, and resets later',
      (socket: Socket) => {
        socket.end();
        setTimeout(() => reset(socket), 500);
      },
    ],
  ] as const)('whose server reads the request and then %s is a failure, sent once', async (_what, how) => {
    for (const spec of [GET, POST]) {
      const { record, target } = await serve(tls, (socket, number) => {
        if (number === 1) socket.write(OK);
        else how(socket);
      });
      const told = await askTwice(target, spec, () => undefined);
      expect(told).toMatchObject({ ok: 1, failed: 1, retries: 0 });
      expect(told.codes).not.toContain('stale_connection');
      expect(record.read).toHaveLength(2);
      server.close();
    }
  });

  it('that is reset with the request on its way is a failure: nothing tells whether it was read', async () => {
    const { record, target } = await serve(tls, (socket) => void socket.write(OK));
    const told = await askTwice(target, GET, () => reset(record.sockets[0]!));
    expect(told).toMatchObject({ ok: 1, failed: 1, retries: 0 });
  });

  it('whose server has ended its side but still reads is a failure, sent once', async () => {
    const { record, target } = await serve(tls, (socket, number) => void (number === 1 && socket.write(OK)));
    const told = await askTwice(target, GET, () => record.sockets[0]!.end());
    expect(told).toMatchObject({ ok: 1, failed: 1, retries: 0 });
    expect(record.read).toHaveLength(2);
  });

  it('that ends after the head of an answer is a truncated body', async () => {
    const { target } = await serve(tls, (socket, number) => {
      if (number === 1) socket.write(OK);
      else socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n');
    });
    expect(await askTwice(target, GET, () => undefined)).toEqual({
      ok: 1,
      failed: 1,
      retries: 0,
      codes: ['truncated_body'],
    });
  });

  it('that ends after an interim answer is a failure: the request was read', async () => {
    const { target } = await serve(tls, (socket, number) => {
      if (number === 1) socket.write(OK);
      else socket.end('HTTP/1.1 103 Early Hints\r\n\r\n');
    });
    expect(await askTwice(target, GET, () => undefined)).toMatchObject({ ok: 1, failed: 1, retries: 0 });
  });

  it('is no evidence when the request fills several segments', async () => {
    const { record, target } = await serve(tls, (socket) => void socket.write(OK));
    const body = { operation: 'tell', path: '/', body: 'x'.repeat(5000) };
    const told = await askTwice(target, body, () => record.sockets[0]!.destroy());
    expect(told).toMatchObject({ ok: 1, failed: 1, retries: 0 });
  });

  it('is no evidence when the content follows its head in further writes', async () => {
    let closed = (): void => undefined;
    const whenClosed = new Promise<void>((resolve) => (closed = resolve));
    const { record, target } = await serve(tls, (socket, number) => {
      if (number === 1) {
        socket.write(OK);
        return;
      }
      // It acts on the head; the content then meets a closed socket.
      closeNow(socket);
      closed();
    });
    const body = Object.assign(new Blob(['small']), {
      async *stream() {
        await whenClosed;
        // The client reads the end of the connection first.
        for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
        yield Buffer.from('small');
      },
    }) as Blob;
    const content = { operation: 'tell', path: '/', body };
    const told = await askTwice(target, POST, () => undefined, 0, content);
    expect(told).toMatchObject({ ok: 1, failed: 1, retries: 0 });
    expect(record.read).toEqual(['POST', 'POST']);
  });

  it('is retired after the number of requests that the server announced', async () => {
    const { record, target } = await serve(tls, (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5, max=1\r\nContent-Length: 2\r\n\r\n{}');
      // The server closes at the time that it announced, the worst moment for the client.
      setTimeout(() => socket.destroy(), 18);
    });
    expect(await askTwice(target, GET, () => undefined)).toEqual({ ok: 2, failed: 0, retries: 0, codes: [] });
    expect(record.sockets).toHaveLength(2);
  });
});

it('a new connection that is closed unread is a failure, sent once: the server refuses it', async () => {
  const { record, target } = await serve(false, () => undefined);
  server.on('connection', (socket: Socket) => socket.destroy());
  const result = await runLoad({
    ...target,
    warmUp: false,
    scenarios: [
      {
        name: 'new',
        operations,
        executor: { kind: 'per-vu-iterations', vus: 1, iterations: 5 },
        run: async (user) => void (await user.request(GET)),
      },
    ],
  });
  expect(result.totals).toMatchObject({ requests: 5, failed: 5, retries: 0 });
  expect(record.sockets).toHaveLength(5);
});

it('a request sent immediately after a response that closes the connection is no failure, and its wait is not counted', async () => {
  const { record, target } = await serve(false, (socket, number) => {
    if (number % 5 === 0) socket.end(OK);
    else socket.write(OK);
  });
  const result = await runLoad({
    ...target,
    warmUp: false,
    scenarios: [
      {
        name: 'hasty',
        operations,
        executor: { kind: 'per-vu-iterations', vus: 1, iterations: 200 },
        run: async (user) => void (await user.request(user.iteration % 2 === 0 ? GET : POST)),
      },
    ],
  });
  expect(result.totals).toMatchObject({ requests: 200, failed: 0, retries: 0 });
  expect(record.read).toHaveLength(200);
  expect(record.sockets).toHaveLength(40);
});

it.each([
  ['apart from the answer', 80, false],
  ['in one piece with its beginning', 80, true],
] as const)(
  'an interim answer is not the first byte of the answer (%s)',
  async (_where, delayMs, inOnePiece) => {
    const { record, target } = await serve(false, (socket) => {
      const hints = 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n';
      socket.write(inOnePiece ? hints + OK.slice(0, 9) : hints);
      setTimeout(() => socket.write(inOnePiece ? OK.slice(9) : OK), delayMs);
    });
    const timings: Timings[] = [];
    const result = await runLoad({
      ...target,
      warmUp: false,
      scenarios: [
        {
          name: 'hinted',
          operations,
          executor: { kind: 'per-vu-iterations', vus: 1, iterations: 2 },
          run: async (user) => void timings.push((await user.request(GET)).timings),
        },
      ],
    });
    expect(result.totals).toMatchObject({ requests: 2, failed: 0 });
    expect(record.sockets).toHaveLength(1);
    // Node's timers may fire a millisecond early.
    const before = inOnePiece ? 'receivingMs' : 'waitingMs';
    for (const timing of timings) expect(timing[before]).toBeGreaterThanOrEqual(delayMs - 2);
  },
);
