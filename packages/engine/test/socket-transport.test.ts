import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { openClient, type Client } from '../src/client.ts';
import type { ClientOptions } from '../src/model/client-options.ts';
import type { Operation } from '../src/model/scenario.ts';
import { CERTIFICATE, PRIVATE_KEY } from './support/certificate.js';
import { serveBytes, serveHttp, type Loopback } from './fixtures/loopback.ts';

const operations: readonly Operation[] = [
  { name: 'ask', method: 'GET', route: '/' },
  { name: 'look', method: 'HEAD', route: '/' },
  { name: 'tell', method: 'POST', route: '/' },
];
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n';

const opened: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

function keep<T extends { close(): Promise<unknown> }>(one: T): T {
  opened.push(one);
  return one;
}

function client(server: Loopback, options: Partial<ClientOptions> = {}): Client {
  return keep(openClient({ baseUrl: server.url, operations, ...options }));
}

const bytes = async (answer: (socket: Socket, path: string) => void): Promise<Loopback> =>
  keep(await serveBytes(answer));

const ask = { operation: 'ask', path: '/' };
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('a connection is kept', () => {
  it('until the server says that it is not', async () => {
    const server = await bytes((socket) => {
      socket.end(`${OK}Connection: close\r\n\r\n{}`);
    });
    const user = client(server);
    for (let k = 0; k < 3; k++) expect(await user.request(ask)).toMatchObject({ outcome: 'ok', status: 200 });
    expect(server.connections).toBe(3);
  });

  it('until the request says so', async () => {
    const seen: (string | undefined)[] = [];
    const server = keep(
      await serveHttp((request, response) => {
        seen.push(request.headers.connection);
        response.end('{}');
      }),
    );
    const user = client(server);
    await user.request({ ...ask, headers: { Connection: 'close' } });
    await user.request(ask);
    await user.request(ask);
    expect(seen).toEqual(['close', 'keep-alive', 'keep-alive']);
    expect(server.connections).toBe(2);
  });

  it('not with a server of HTTP/1.0 that does not offer it', async () => {
    const server = await bytes((socket, path) => {
      const offer = path === '/kept' ? 'Connection: keep-alive\r\n' : '';
      socket.write(`HTTP/1.0 200 OK\r\n${offer}Content-Length: 2\r\n\r\n{}`);
    });
    const user = client(server);
    await user.request(ask);
    await user.request({ operation: 'ask', path: '/kept' });
    await user.request(ask);
    expect(server.connections).toBe(2);
  });

  it('for less than the time that the server says', async () => {
    const server = await bytes((socket) => {
      socket.write(`${OK}Keep-Alive: timeout=1\r\n\r\n{}`);
    });
    const user = client(server);
    await user.request(ask);
    await user.request(ask);
    expect(server.connections).toBe(1);
    // 500 ms before the server would close it.
    await pause(700);
    expect(await user.request(ask)).toMatchObject({ outcome: 'ok' });
    expect(server.connections).toBe(2);
  });

  it('not after bytes that nobody asked for, wherever they come', async () => {
    const server = await bytes((socket, path) => {
      socket.write(`${OK}\r\n{}${path === '/more' ? OK : ''}`);
      if (path === '/later') setTimeout(() => socket.write(`${OK}\r\n{}`), 20);
    });
    const user = client(server);
    expect(await user.request({ operation: 'ask', path: '/more' })).toMatchObject({ outcome: 'ok' });
    expect(await user.request({ operation: 'ask', path: '/later' })).toMatchObject({ outcome: 'ok' });
    await pause(60);
    const last = await user.request(ask);
    expect(last).toMatchObject({ outcome: 'ok' });
    expect(last.text()).toBe('{}');
    expect(server.connections).toBe(3);
  });

  it.each([
    ['to HEAD', 'look', `${OK}\r\n`, '{}'],
    ['204', 'ask', 'HTTP/1.1 204 No Content\r\n\r\n', '{}'],
    ['304', 'ask', 'HTTP/1.1 304 Not Modified\r\n\r\n', '{}'],
    ['of a length that is too small', 'ask', `${OK}\r\n{}`, '{}'],
  ])('not after a body that comes behind an answer %s', async (_what, operation, head, body) => {
    const read: string[] = [];
    let first: Socket | undefined;
    const server = await bytes((socket, path) => {
      read.push(`${server.connections} ${path}`);
      socket.write(path === '/a' ? head : `${OK}\r\n{}`);
      first ??= socket;
    });
    const user = client(server);
    expect(await user.request({ operation, path: '/a' })).toMatchObject({
      status: Number(head.slice(9, 12)),
    });
    // It arrives while the next request waits to be written.
    first!.write(body);
    for (const path of ['/b', '/c']) {
      const answer = await user.request({ operation: 'ask', path });
      expect(answer).toMatchObject({ outcome: 'ok', status: 200 });
      expect(answer.text()).toBe('{}');
    }
    expect(read).toEqual(['1 /a', '2 /b', '2 /c']);
  });

  it('not where the server closed it meanwhile', async () => {
    const sockets: Socket[] = [];
    const server = await bytes((socket) => {
      sockets.push(socket);
      socket.write(`${OK}\r\n{}`);
    });
    const user = client(server);
    for (let k = 0; k < 3; k++) {
      expect(await user.request({ operation: 'tell', path: '/', json: {} })).toMatchObject({ outcome: 'ok' });
      if (k % 2 === 0) sockets.at(-1)!.end();
      else sockets.at(-1)!.resetAndDestroy();
      await pause(30);
    }
    expect(server.connections).toBe(3);
  });
});

describe('an answer', () => {
  it('to HEAD has no body, whatever its length says', async () => {
    const server = await bytes((socket) => socket.write(`${OK}\r\n`));
    const user = client(server);
    for (let k = 0; k < 2; k++) {
      const answer = await user.request({ operation: 'look', path: '/' });
      expect(answer).toMatchObject({ outcome: 'ok', headers: { 'content-length': '2' } });
      expect(answer.text()).toBe('');
    }
    expect(server.connections).toBe(1);
  });

  it('is the one after those that come before it', async () => {
    const server = await bytes((socket) => {
      socket.write('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\n');
      setTimeout(() => socket.write(`${OK}x-last: yes\r\n\r\n{}`), 20);
    });
    const answer = await client(server).request(ask);
    expect(answer).toMatchObject({ status: 200, outcome: 'ok', headers: { 'x-last': 'yes' } });
    expect(answer.headers['link']).toBeUndefined();
  });

  it('is read from its beginning after one that broke off in its head', async () => {
    let asked = 0;
    const server = await bytes((socket) => {
      if (asked++ === 0)
        socket.write('HTTP/1.1 200 OK\r\nx-half', () => setTimeout(() => socket.destroy(), 20));
      else socket.write(`${OK}\r\n{}`);
    });
    const user = client(server);
    expect(await user.request(ask)).toMatchObject({ outcome: 'connection_error', status: 0 });
    expect(await user.request(ask)).toMatchObject({ outcome: 'ok', status: 200 });
    expect(server.connections).toBe(2);
  });

  it('is whole however large it is and however it comes', async () => {
    const body = Buffer.alloc(3_000_000, 'abcdefghij');
    const server = keep(
      await serveHttp((request, response) => {
        if (request.url === '/length') response.setHeader('content-length', body.length);
        if (request.url === '/close') response.setHeader('connection', 'close');
        response.end(body);
      }),
    );
    const user = client(server);
    for (const path of ['/length', '/chunks', '/close']) {
      const answer = await user.request({ operation: 'ask', path });
      expect(answer.outcome).toBe('ok');
      expect(Buffer.compare(answer.bytes(), body)).toBe(0);
      expect(answer.timings.receivingMs).toBeGreaterThan(0);
    }
  });

  it('before the request was all there ends the connection', async () => {
    const server = await bytes((socket) => {
      socket.pause();
      socket.write(`HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\n{}`);
    });
    const user = client(server);
    const tell = { operation: 'tell', path: '/', body: Buffer.alloc(30_000_000) };
    expect(await user.request(tell)).toMatchObject({ status: 413, outcome: 'client_error' });
    // The released socket still calls back for its unsent bytes, which must not affect the next request.
    for (let k = 0; k < 10; k++) {
      const { sendingMs, waitingMs, receivingMs, serviceTimeMs } = (await user.request(tell)).timings;
      expect(sendingMs + waitingMs + receivingMs).toBeCloseTo(serviceTimeMs, 3);
    }
    expect(await user.request(ask)).toMatchObject({ status: 413 });
    expect(server.connections).toBe(12);
  });

  it('before content that is read while it is sent was all there ends the connection', async () => {
    const read: string[] = [];
    const server = await bytes((socket, path) => {
      read.push(`${server.connections} ${path}`);
      socket.write(`HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\n{}`);
    });
    const user = client(server);
    let go = (): void => undefined;
    const answered = new Promise<void>((resolve) => (go = resolve));
    const body = Object.assign(new Blob(['small']), {
      async *stream() {
        yield Buffer.from('sm');
        await answered;
        yield Buffer.from('all');
      },
    }) as Blob;
    expect(await user.request({ operation: 'tell', path: '/a', body })).toMatchObject({ status: 413 });
    go();
    // Over the first connection it would be content of the first request.
    expect(await user.request({ operation: 'ask', path: '/b' })).toMatchObject({ status: 413 });
    expect(read).toEqual(['1 /a', '2 /b']);
  });

  it('in thousands of small pieces is kept in few', async () => {
    const server = await bytes((socket) => {
      const pieces = Array.from({ length: 5000 }, (_, k) => `1\r\n${k % 10}\r\n`).join('');
      socket.write(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${pieces}0\r\n\r\n`);
    });
    const user = client(server);
    for (let k = 0; k < 2; k++) expect((await user.request(ask)).text()).toBe('0123456789'.repeat(500));
    expect(server.connections).toBe(1);
  });
});

describe('a request', () => {
  it('is sent whole, texts beyond ASCII and large bodies too', async () => {
    const server = keep(
      await serveHttp((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => response.end(Buffer.concat(chunks)));
      }),
    );
    const user = client(server);
    for (const text of ['plain', 'où ça', '日本語 🙂', 'x'.repeat(2_000_000), 'é'.repeat(500_000)]) {
      const answer = await user.request({ operation: 'tell', path: '/', body: text });
      expect(answer.text() === text).toBe(true);
      const { sendingMs, waitingMs, receivingMs, serviceTimeMs } = answer.timings;
      expect(sendingMs + waitingMs + receivingMs).toBeCloseTo(serviceTimeMs, 3);
    }
    const binary = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    expect((await user.request({ operation: 'tell', path: '/', body: binary })).bytes()).toEqual(binary);
    expect(server.connections).toBe(1);
  });

  it('names the host that it is for, or another where asked', async () => {
    const hosts: (string | undefined)[] = [];
    const server = keep(
      await serveHttp((request, response) => {
        hosts.push(request.headers.host);
        response.end('{}');
      }),
    );
    const user = client(server);
    await user.request(ask);
    await user.request({ ...ask, headers: { Host: 'jarvis.example' } });
    expect(hosts).toEqual([`127.0.0.1:${server.port}`, 'jarvis.example']);
  });

  it.each([
    [{ headers: { 'a\r\nb': '1' } }, /header name "a\\r\\nb"; expected letters/],
    [{ headers: { a: '1\r\nb: 2' } }, /value of header "a" that cannot be sent.*line breaks/],
    [{ headers: { a: 'snow ☃' } }, /value of header "a".*Latin-1/],
    [{ headers: { 'Content-Length': '5' } }, /"Content-Length", which the engine sets itself/],
    [{ headers: { 'transfer-encoding': 'chunked' } }, /"transfer-encoding"/],
    [{ headers: { connection: 'upgrade' } }, /"connection: upgrade"; expected close or keep-alive/],
    [{ headers: { connection: 5 as unknown as string } }, /value of header "connection" that cannot be sent/],
    [{ body: 5 as unknown as string }, /body of type number; expected a string/],
    [{ path: '/a b' }, /path '\/a b'; expected a path without spaces/],
    [{ path: 'a' }, /path 'a'; expected/],
    [{ path: '/a\r\nhost: b' }, /without spaces and control characters/],
  ])('%j is refused before it is sent', async (parts, message) => {
    const server = keep(await serveHttp((_request, response) => response.end('{}')));
    const user = client(server);
    await expect(user.request({ ...ask, ...parts })).rejects.toThrow(message);
    expect(server.connections).toBe(0);
    expect(await user.request(ask)).toMatchObject({ outcome: 'ok' });
  });

  it('with headers of the run that cannot be sent is refused before the run', () => {
    const baseUrl = 'http://127.0.0.1:1';
    expect(() => openClient({ baseUrl, operations, headers: { team: 'a\nb' } })).toThrow(
      /^headers: the run has a value of header "team" that cannot be sent/,
    );
  });
});

it('a client comes back to a server of TLS with the session it had', async () => {
  const resumed: boolean[] = [];
  const server = createTlsServer({ key: PRIVATE_KEY, cert: CERTIFICATE }, (request, response) => {
    resumed.push((request.socket as TLSSocket).isSessionReused());
    response.setHeader('connection', 'close');
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  keep({ close: () => new Promise((resolve) => server.close(resolve)) });
  const baseUrl = `https://localhost:${(server.address() as AddressInfo).port}`;
  const options = { baseUrl, operations, address: '127.0.0.1', tls: { ca: CERTIFICATE } };
  const user = keep(openClient(options));
  for (let k = 0; k < 3; k++) expect(await user.request(ask)).toMatchObject({ outcome: 'ok' });
  const other = keep(openClient(options));
  expect(await other.request(ask)).toMatchObject({ outcome: 'ok' });
  expect(resumed).toEqual([false, true, true, false]);
});
