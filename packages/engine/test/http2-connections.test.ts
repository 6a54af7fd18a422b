import {
  constants,
  createSecureServer,
  type Http2SecureServer,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { runLoad } from '../src/coordination/load.ts';
import type { ScenarioDefinition } from '../src/model/scenario.ts';
import { CERTIFICATE, PRIVATE_KEY } from './support/certificate.js';

/* How HTTP/2 connections and streams end, by the server's own record, and how the requests are classified. */

let server: Http2SecureServer;
let sessions: ServerHttp2Session[];
let tcp: Socket[];
/** Streams by session, in order. */
let streams: number[];
afterEach(async () => {
  for (const session of sessions) session.destroy();
  await new Promise((resolve) => server.close(resolve));
});

/** @param answer called with each stream, and its number in its session */
async function serve(answer: (stream: ServerHttp2Stream, number: number) => void, settings = {}) {
  sessions = [];
  tcp = [];
  streams = [];
  server = createSecureServer({ key: PRIVATE_KEY, cert: CERTIFICATE, settings });
  server.on('connection', (socket: Socket) => tcp.push(socket));
  server.on('session', (session) => {
    sessions.push(session);
    session.on('error', () => undefined);
  });
  server.on('stream', (stream) => {
    stream.on('error', () => undefined);
    const at = sessions.indexOf(stream.session as ServerHttp2Session);
    streams[at] = (streams[at] ?? 0) + 1;
    answer(stream, streams[at]);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}

const good = (stream: ServerHttp2Stream): void => {
  stream.respond({ ':status': 200 });
  stream.end('{}');
};

function ask(iterations: number, run: ScenarioDefinition['run']) {
  return runLoad({
    baseUrl: `https://localhost:${(server.address() as AddressInfo).port}`,
    address: '127.0.0.1',
    tls: { ca: CERTIFICATE },
    http2: true,
    warmUp: false,
    scenarios: [
      {
        name: 'asking',
        operations: [
          { name: 'ask', method: 'GET', route: '/' },
          { name: 'tell', method: 'POST', route: '/' },
        ],
        ...(run === undefined ? {} : { run }),
        executor: { kind: 'per-vu-iterations', vus: 1, iterations },
      },
    ],
  });
}

const askOnce: ScenarioDefinition['run'] = async (user) => {
  await user.request(
    user.iteration % 2 === 0 ? { operation: 'ask', path: '/' } : { operation: 'tell', path: '/', body: 'x' },
  );
};

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

it.each([
  ['before its answer', (stream: ServerHttp2Stream) => stream.session!.goaway(0)],
  [
    'after its answer',
    (stream: ServerHttp2Stream) => {
      const { session } = stream;
      stream.once('close', () => session!.goaway(0));
    },
  ],
  ['and closes', (stream: ServerHttp2Stream) => stream.session!.close()],
] as const)('a graceful GOAWAY %s costs no request', async (_when, retire) => {
  await serve((stream, number) => {
    if (number === 4) retire(stream);
    good(stream);
  });
  const { totals, errors } = await ask(20, askOnce);
  expect(errors).toEqual([]);
  expect(totals).toMatchObject({ requests: 20, failed: 0 });
  expect(sum(streams)).toBe(20);
  expect(streams.length).toBeGreaterThanOrEqual(5);
});

it.each([
  ['NO_ERROR', 0],
  ['INTERNAL_ERROR', constants.NGHTTP2_INTERNAL_ERROR],
])(
  'a request above the last stream of a GOAWAY (%s) is sent again, once, over another connection',
  async (_name, code) => {
    await serve((stream, number) => {
      if (number === 3 && sessions.length === 1) stream.session!.goaway(code, stream.id! - 2);
      else good(stream);
    });
    const { totals, errors } = await ask(6, askOnce);
    expect(errors).toEqual([]);
    expect(totals).toMatchObject({ requests: 6, failed: 0, retries: 1 });
    expect(streams).toEqual([3, 4]);
  },
);

it('a request under way at a GOAWAY with an error fails, sent once', async () => {
  await serve((stream, number) => {
    if (number === 3 && sessions.length === 1)
      stream.session!.goaway(constants.NGHTTP2_INTERNAL_ERROR, stream.id);
    else good(stream);
  });
  const { totals, errors } = await ask(6, askOnce);
  expect(totals).toMatchObject({ requests: 6, failed: 1, retries: 0 });
  expect(errors.map(({ code }) => code)).toEqual(['connection_closed']);
  expect(sum(streams)).toBe(6);
});

it.each([
  ['CANCEL', constants.NGHTTP2_CANCEL],
  ['REFUSED_STREAM', constants.NGHTTP2_REFUSED_STREAM],
])(
  'a reset stream (%s) is a failure, and costs neither connection nor a second sending',
  async (name, code) => {
    await serve((stream, number) => (number === 3 ? stream.close(code) : good(stream)));
    const { totals, errors } = await ask(6, askOnce);
    expect(totals).toMatchObject({ requests: 6, failed: 1, retries: 0 });
    expect(errors).toMatchObject([
      { code: 'stream_reset', message: `the server reset the stream (${name})` },
    ]);
    expect(streams).toEqual([6]);
  },
);

it('a time limit costs the stream and not the connection', async () => {
  await serve((stream, number) => void (number === 2 || good(stream)));
  const { totals, errors } = await ask(4, async (user) => {
    const first = user.iteration === 1;
    await user.request({ operation: 'ask', path: '/', ...(first ? { timeoutMs: 100 } : {}) });
  });
  expect(totals).toMatchObject({ requests: 4, failed: 1 });
  expect(errors.map(({ code }) => code)).toEqual(['request_timeout']);
  expect(streams).toEqual([4]);
});

it('a server that allows one stream at a time is asked one at a time', async () => {
  await serve(good, { maxConcurrentStreams: 1 });
  const { totals } = await ask(8, askOnce);
  expect(totals).toMatchObject({ requests: 8, failed: 0 });
  expect(streams).toEqual([8]);
});

it('an interim answer is not the first byte of the answer', async () => {
  await serve((stream) => {
    stream.additionalHeaders({ ':status': 103, link: '</x>' });
    setTimeout(() => good(stream), 80);
  });
  const waits: number[] = [];
  const { totals } = await ask(1, async (user) => {
    const { status, timings } = await user.request({ operation: 'ask', path: '/' });
    expect(status).toBe(200);
    waits.push(timings.waitingMs);
  });
  expect(totals).toMatchObject({ requests: 1, failed: 0 });
  expect(waits[0]).toBeGreaterThan(75);
});

it('a session that the server destroys under a request is a closed connection', async () => {
  await serve((stream, number) => {
    if (number === 2 && sessions.length === 1) tcp[0]!.destroy();
    else good(stream);
  });
  const { totals, errors } = await ask(4, askOnce);
  expect(totals).toMatchObject({ requests: 4, failed: 1, retries: 0 });
  expect(errors.map(({ code }) => code)).toEqual([expect.stringMatching(/^(connection_closed|ECONNRESET)$/)]);
});

/** More than the server's window: once Node's server has the whole request, it resets with NO_ERROR whatever it was asked for. */
const UNREAD = 'x'.repeat(200_000);

it.each([
  ['NO_ERROR', constants.NGHTTP2_NO_ERROR, 'ask'],
  ['INTERNAL_ERROR', constants.NGHTTP2_INTERNAL_ERROR, 'ask'],
  ['CANCEL', constants.NGHTTP2_CANCEL, 'ask'],
  ['INTERNAL_ERROR', constants.NGHTTP2_INTERNAL_ERROR, 'tell'],
  ['CANCEL', constants.NGHTTP2_CANCEL, 'tell'],
])(
  'a stream that is reset (%s) in the midst of an answer without a length is a truncated body',
  async (_name, code, operation) => {
    await serve((stream, number) => {
      if (number !== 2) {
        good(stream);
        return;
      }
      stream.respond({ ':status': 200 });
      stream.write('{"part": 1, ');
      setTimeout(() => stream.close(code), 20);
    });
    const { totals, errors } = await ask(
      4,
      async (user) =>
        void (await user.request({
          operation,
          path: '/',
          ...(operation === 'tell' ? { body: user.iteration === 1 ? UNREAD : 'x', timeoutMs: 3000 } : {}),
        })),
    );
    expect(totals).toMatchObject({ requests: 4, failed: 1, retries: 0 });
    expect(errors.map((error) => error.code)).toEqual(['truncated_body']);
    expect(streams).toEqual([4]);
  },
);

it.each([
  ['without a reset', {}, false, 'ask'],
  ['of a stated length, reset after it', { 'content-length': 4 }, true, 'ask'],
  // The server need not read the rest of the request body (RFC 9113, 8.1).
  ['to a request with a body, reset after it', {}, true, 'tell'],
] as const)('an answer that an empty frame ends is whole (%s)', async (_what, fields, reset, operation) => {
  await serve((stream) => {
    stream.respond({ ':status': 200, ...fields });
    stream.write('{  }');
    setTimeout(() => {
      if (reset) stream.close(0);
      else stream.end();
    }, 20);
  });
  const { totals, errors } = await ask(3, async (user) => {
    const answer = await user.request({
      operation,
      path: '/',
      ...(operation === 'tell' ? { body: 'x' } : {}),
    });
    expect(answer.text()).toBe('{  }');
  });
  expect(errors).toEqual([]);
  expect(totals).toMatchObject({ requests: 3, failed: 0, retries: 0 });
  expect(streams).toEqual([3]);
});

it('the wait for a reset after the end of an answer is no part of its time', async () => {
  await serve((stream) => {
    stream.respond({ ':status': 200 });
    stream.write('{}');
    setTimeout(() => stream.end(), 20);
  });
  const afterwardsMs: number[] = [];
  const { totals } = await ask(10, async (user) => {
    const startMs = performance.now();
    const { timings } = await user.request({ operation: 'ask', path: '/' });
    afterwardsMs.push(performance.now() - startMs - timings.responseTimeMs);
  });
  expect(totals).toMatchObject({ requests: 10, failed: 0 });
  // On a busy machine the answer and the end of the wait may be seen in one turn of the loop.
  expect(Math.max(...afterwardsMs)).toBeGreaterThan(2);
});

it('a connection that was retired is closed, and what it still says reaches no other', async () => {
  await serve((stream) => {
    const session = stream.session!;
    // Further frames on a connection that the client has retired.
    stream.once('close', () => session.ping(() => undefined));
    good(stream);
  });
  const { totals, errors } = await ask(4, async (user) => {
    await user.request({ operation: 'ask', path: '/', headers: { connection: 'close' } });
  });
  expect(errors).toEqual([]);
  expect(totals).toMatchObject({ requests: 4, failed: 0, retries: 0 });
  expect(streams).toEqual([1, 1, 1, 1]);
  await expect.poll(() => tcp.filter((socket) => !socket.destroyed)).toEqual([]);
});
