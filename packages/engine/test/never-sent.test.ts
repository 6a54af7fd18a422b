import { execFile } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import type { RunOptions } from '../src/model/run-options.ts';
import type { RunResult } from '../src/document/schema.ts';
import { runLoad } from '../src/coordination/load.ts';
import { CERTIFICATE, PRIVATE_KEY } from './support/certificate.js';
import { deadAddress } from './fixtures/loopback.ts';

/* Requests that were never sent: they count no bytes, and no phases that they did not reach. */

const PROGRAM = join(import.meta.dirname, 'support', 'no-descriptors.js');
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Counts of the phases, and bytes. */
function counted({ phases, serviceTime, bytesSent, bytesReceived }: RunResult['totals']) {
  return {
    connecting: phases.connecting.count,
    tls: phases.tlsHandshaking.count,
    sent: [phases.sending.count, phases.waiting.count, phases.receiving.count, serviceTime.count],
    bytes: [bytesSent, bytesReceived],
  };
}

async function tell(target: Partial<RunOptions> & Pick<RunOptions, 'baseUrl'>, atOnce = 1) {
  const { totals, errors } = await runLoad({
    warmUp: false,
    circuitBreaker: false,
    ...target,
    scenarios: [
      {
        name: 'telling',
        operations: [{ name: 'tell', method: 'POST', route: '/tell' }],
        executor: { kind: 'per-vu-iterations', vus: 1, iterations: 3 / atOnce },
        run: async (user) => {
          await Promise.all(
            Array.from({ length: atOnce }, (_, index) =>
              // The first request has the connection, and enough time for it.
              user.request({
                operation: 'tell',
                path: '/tell',
                body: 'hello',
                timeoutMs: index === 0 ? 400 : 100,
              }),
            ),
          );
        },
      },
    ],
  });
  expect(totals).toMatchObject({ requests: 3, failed: 3, retries: 0 });
  expect(totals.phases.blocked.count).toBe(3);
  return { codes: errors.map(({ code }) => code), ...counted(totals) };
}

const NOT_SENT = { sent: [0, 0, 0, 0], bytes: [0, 0] };

it.each([false, true])('refused: connecting alone (HTTP/2 asked for: %s)', async (http2) => {
  const url = await deadAddress();
  const baseUrl = http2 ? url.replace('http:', 'https:') : url;
  expect(await tell({ baseUrl, http2 })).toEqual({
    codes: ['ECONNREFUSED'],
    connecting: 3,
    tls: 0,
    ...NOT_SENT,
  });
});

it('of an unknown host: connecting alone, which has the resolution of the name in it', async () => {
  const told = await tell({ baseUrl: 'http://nowhere.invalid', allow: [{ host: 'nowhere.invalid' }] });
  expect(told).toEqual({
    codes: [expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/)],
    connecting: 3,
    tls: 0,
    ...NOT_SENT,
  });
});

it.each([false, true])(
  'to a server whose certificate is not trusted: up to TLS (HTTP/2 asked for: %s)',
  async (http2) => {
    const server = createTlsServer({ key: PRIVATE_KEY, cert: CERTIFICATE }, (socket) => {
      socket.on('error', () => undefined);
    });
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const told = await tell({ baseUrl: `https://localhost:${port}`, address: '127.0.0.1', http2 });
    expect(told).toMatchObject({ connecting: 3, tls: 3, ...NOT_SENT });
  },
);

it('whose time was over in the handshake: up to TLS; that waited behind it: blocked alone', async () => {
  const silent = createServer((socket) => {
    socket.on('error', () => undefined);
    closers.push(() => socket.destroy());
  });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  closers.push(() => silent.close());
  const { port } = silent.address() as AddressInfo;
  const baseUrl = `https://localhost:${port}`;
  const told = await tell({ baseUrl, address: '127.0.0.1' }, 3);
  expect(told).toEqual({ codes: ['not_sent', 'not_sent'], connecting: 1, tls: 1, ...NOT_SENT });
});

it('without a file descriptor for a socket: blocked alone', async () => {
  const script = 'ulimit -n 256; exec "$0" "$@"';
  const { stdout } = await promisify(execFile)('sh', [
    '-c',
    script,
    process.execPath,
    PROGRAM,
    await deadAddress(),
  ]);
  const { totals, codes } = JSON.parse(stdout) as Pick<RunResult, 'totals'> & { codes: string[] };
  expect(codes).toEqual(['EMFILE']);
  expect(counted(totals)).toEqual({ connecting: 0, tls: 0, ...NOT_SENT });
});
