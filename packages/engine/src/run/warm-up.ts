import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock/clock.ts';
import { SharedConnections } from '../transport/connections.ts';
import { UndiciTransport } from '../transport/undici-transport.ts';
import { NativeUser } from '../user/native-user.ts';
import { compileRun } from './compile.ts';
import { createHost } from './host.ts';

const REQUESTS = 400;
const CONCURRENT = 4;
const BODY = JSON.stringify({
  message: { content: 'warm' },
  conversation_id: 'warm',
  results: [],
  latency_ms: 1,
});
const ANSWER = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;

/**
 * Runs the request path against an echo inside the process before the clock starts, so that the first measured
 * requests do not pay for compiling it: a cold start is an engine's worst lag. The target sees none of it.
 * @returns how many requests it made; 0 where the process may not listen on the loopback
 */
export async function warmUp(clock: Clock): Promise<number> {
  const server = await listen();
  if (server === undefined) return 0;
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const transport = new UndiciTransport(
    {
      origin,
      addresses: [],
      connectTimeoutMs: 1000,
      headersTimeoutMs: 0,
      bodyTimeoutMs: 0,
      maxBodyBytes: 65_536,
      ca: undefined,
      rejectUnauthorized: true,
      http2: false,
    },
    clock,
  );
  const connections = new SharedConnections(transport, CONCURRENT, clock);
  const { scenarios } = compileRun([
    {
      name: 'warm-up',
      operations: [
        { name: 'echo', method: 'POST', route: '/', accepts: (r) => (r.json() ? undefined : 'no') },
      ],
      run: async () => undefined,
      executor: { kind: 'constant-vus', duration: '1s' },
    },
  ]);
  const host = createHost(
    {
      clock,
      target: { origin, pathPrefix: '' },
      headers: {},
      requestTimeoutMs: 1000,
      seed: 1,
      threads: 1,
      gates: new Map(),
      onExchange: undefined,
    },
    scenarios[0]!,
    'warm-up',
    undefined,
    () => connections.view(),
  );
  try {
    await Promise.all(Array.from({ length: CONCURRENT }, (_, id) => user(new NativeUser(host, id + 1))));
    return REQUESTS;
  } catch {
    return 0;
  } finally {
    connections.close();
    server.close();
  }
}

async function user(vu: NativeUser): Promise<void> {
  for (let k = 0; k < REQUESTS / CONCURRENT; k++) {
    const response = await vu.request({ operation: 'echo', path: '/', json: { content: 'warm up' } });
    vu.check(response, { ok: ({ status }) => status === 200 });
  }
}

function listen(): Promise<Server | undefined> {
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    // A warm-up request is one small packet: no parser needed to answer it.
    socket.on('data', () => socket.write(ANSWER));
  });
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}
