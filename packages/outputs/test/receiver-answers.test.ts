import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { CERTIFICATE, PRIVATE_KEY } from '../../engine/test/support/certificate.js';
import { freePort } from '../../../tools/free-port.ts';
import { createExporter } from '../src/create-exporter.ts';
import { Receiver } from '../src/delivery/receiver.ts';
import { credentialsOf } from '../src/spec/credentials.ts';
import { parseOutput } from '../src/spec/parse-output.ts';
import { madeResult, madeRun, madeSecond } from './support/made-run.ts';
import { outputInProcess } from './support/output-in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'receiver-'));
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function portOf(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe('a receiver behind TLS', () => {
  it('gets points and headers if its authority is trusted, and nothing before', async () => {
    const seen: IncomingHttpHeaders[] = [];
    const listener: RequestListener = (request, response) => {
      seen.push(request.headers);
      request.resume().on('end', () => response.writeHead(204).end());
    };
    const port = await portOf(createServer({ cert: CERTIFICATE, key: PRIVATE_KEY }, listener));
    const ca = join(folder, 'ca.pem');
    writeFileSync(ca, CERTIFICATE);
    const environment = {
      JARVIS_LOAD_OUT_OTLP_TOKEN: 'secret-of-the-test',
      JARVIS_LOAD_OUT_OTLP_HEADERS: 'X-Scope-OrgID: team\nx-more: a: b',
    };
    const send = async (more: Readonly<Record<string, string>>) => {
      const credentials = credentialsOf('otlp', { ...environment, ...more });
      const receiver = new Receiver(new URL(`https://localhost:${port}/v1/metrics`), credentials);
      const answer = await receiver.post({ body: Buffer.from('points') });
      receiver.close();
      return answer;
    };
    expect(await send({})).toEqual({
      kind: 'busy',
      reason: 'DEPTH_ZERO_SELF_SIGNED_CERT, JARVIS_LOAD_OUT_OTLP_CA names no file of its authority',
    });
    expect(seen).toEqual([]);
    expect(await send({ JARVIS_LOAD_OUT_OTLP_CA: ca })).toEqual({ kind: 'taken' });
    expect(seen).toEqual([
      expect.objectContaining({
        authorization: 'Bearer secret-of-the-test',
        'x-scope-orgid': 'team',
        'x-more': 'a: b',
      }),
    ]);
  });
});

describe('credentials in the answer of a receiver', () => {
  const TOKEN = `opaque-${'a1'.repeat(122)}`;
  it.each([
    [{ TOKEN }, `invalid token ${TOKEN}`, 'invalid token ***'],
    [{ TOKEN }, `${'x'.repeat(100)} ${TOKEN}`, `${'x'.repeat(100)} ***`],
    [{ TOKEN: 'me:hunter2-password' }, 'wrong: hunter2-password', 'wrong: ***'],
    [{ HEADERS: 'Authorization: Bearer hunter2-token' }, 'no such: hunter2-token', 'no such: ***'],
    [{ HEADERS: 'Authorization: Api-Token hunter2-token' }, 'no such: hunter2-token', 'no such: ***'],
    [{ HEADERS: 'Cookie: a=hunter2-cookie; b=c' }, 'no such: hunter2-cookie', 'no such: ***'],
  ])('are removed before it is cut: %#', async (values, answer, shown) => {
    const port = await portOf(
      createHttpServer((request, response) => {
        request.resume().on('end', () => response.writeHead(401).end(answer));
      }),
    );
    const environment = Object.fromEntries(
      Object.entries(values).map(([part, value]) => [`JARVIS_LOAD_OUT_OTLP_${part}`, value]),
    );
    const receiver = new Receiver(new URL(`http://127.0.0.1:${port}`), credentialsOf('otlp', environment));
    expect(await receiver.post({ body: Buffer.from('points') })).toEqual({
      kind: 'refused',
      reason: `receiver answered 401 (${shown})`,
    });
    receiver.close();
  });
});

/** `ExportMetricsServiceResponse` with a `partial_success`, see `metrics_service.proto`. */
function partialSuccess(rejected: number, why: string): Uint8Array {
  const inner = new BinaryWriter().tag(1, WireType.Varint).int64(rejected);
  inner.tag(2, WireType.LengthDelimited).string(why);
  return new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(inner.finish()).finish();
}

describe('an OTLP receiver', () => {
  it('gets zeros again as the load starts', async () => {
    const bodies: number[] = [];
    const port = await portOf(
      createHttpServer((request, response) => {
        request
          .on('data', () => undefined)
          .on('end', () => {
            bodies.push(Number(request.headers['content-length']));
            response.writeHead(200).end();
          });
      }),
    );
    const output = await outputInProcess(`otlp=http://127.0.0.1:${port}`, () => undefined);
    await output.start(madeRun());
    output.event?.({ type: 'phase', phase: 'setup' });
    output.event?.({ type: 'phase', phase: 'run' });
    await output.stop(undefined);
    expect(bodies).toHaveLength(2);
  });

  it.each([
    ['rejects some points with 200', partialSuccess(7, 'too old\nsecond line'), 'too old'],
    ['only warns', partialSuccess(0, 'use another unit'), undefined],
    ['answers with something else', Buffer.from('{"ok":true}'), undefined],
  ])('that %s: the loss is counted', async (_, answer, why) => {
    let requests = 0;
    const port = await portOf(
      createHttpServer((request, response) => {
        requests++;
        request.resume().on('end', () => response.writeHead(200).end(answer));
      }),
    );
    const told: string[] = [];
    const output = await outputInProcess(`otlp=http://127.0.0.1:${port}`, (text) => void told.push(text));
    await output.start(madeRun());
    const startWallMs = Date.now();
    for (let second = 0; second < 3; second++) output.second(madeSecond(second, startWallMs, second === 2));
    const problem = await output.stop(madeResult()).then(() => undefined, String);
    // Zeros, two seconds, the last one with the judgement.
    expect(requests).toBe(4);
    if (why === undefined) {
      expect([problem, told]).toEqual([undefined, []]);
      return;
    }
    expect(problem).toMatch(/: 28 of [\d,]+ points lost, rejected by the receiver \(too old\)$/);
    expect(told).toEqual(['otlp: rejected by the receiver (too old); the run goes on']);
  });
});

describe('an InfluxDB', () => {
  const context = {
    name: 'influxdb',
    cwd: '.',
    environment: {},
    required: false,
    intervalMs: 1000,
    nativeHistograms: false,
    locustNames: false,
    tell: () => undefined,
  };

  it('that does not answer delays no start of a run; its database is created before the first points', async () => {
    const paths: string[] = [];
    let isCut = false;
    let release: (() => void) | undefined;
    const port = await portOf(
      createHttpServer((request, response) => {
        paths.push(request.url!.split('?', 1)[0]!);
        const answer = (): void => void response.writeHead(204).end();
        request.resume().on('end', () => {
          if (paths.length > 1) return answer();
          release = answer;
          response.once('close', () => (isCut = !response.writableFinished));
        });
      }),
    );
    const output = await createExporter(parseOutput(`influxdb=http://127.0.0.1:${port}/k6`), context);
    await output.start(madeRun());
    expect(isCut).toBe(false);
    output.second(madeSecond(0, Date.now(), true));
    await vi.waitUntil(() => release !== undefined, { timeout: 5000, interval: 5 });
    release!();
    await output.stop(madeResult());
    expect(paths[0]).toBe('/query');
    expect(new Set(paths.slice(1))).toEqual(new Set(['/write']));
  });

  it('has the mark of the start where the load starts, however long the preparation took', async () => {
    const written: string[] = [];
    const port = await portOf(
      createHttpServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => void chunks.push(chunk));
        request.on('end', () => {
          written.push(...String(Buffer.concat(chunks)).split('\n'));
          response.writeHead(204).end();
        });
      }),
    );
    const output = await createExporter(parseOutput(`influxdb=http://127.0.0.1:${port}/k6`), context);
    await output.start(madeRun());
    const startWallMs = Date.now() + 60_000;
    for (const second of [0, 1]) output.second(madeSecond(second, startWallMs, second === 1));
    await output.stop(madeResult());
    const marks = written.filter((line) => line.startsWith('jarvis_load_event,'));
    expect(marks.map((line) => /title="start/.test(line) && line.endsWith(` ${startWallMs}`))).toEqual([
      true,
      false,
    ]);
  });

  it('that comes up between the request for its database and the first points loses none', async () => {
    const asked: string[] = [];
    const port = await portOf(
      createHttpServer((request, response) => {
        request.resume().on('end', () => {
          const { pathname } = new URL(request.url!, 'http://influx');
          asked.push(pathname);
          // The first request is not answered, as by a server that is not there yet.
          if (asked.length === 1) request.socket.destroy();
          else response.writeHead(asked.length === 2 ? 404 : 204).end();
        });
      }),
    );
    const output = await createExporter(parseOutput(`influxdb=http://127.0.0.1:${port}/k6`), context);
    await output.start(madeRun());
    await output.stop(madeResult());
    expect(asked.slice(0, 4)).toEqual(['/query', '/write', '/query', '/write']);
  });

  it('that comes up during the run gets its database then', async () => {
    const port = await freePort();
    const told: string[] = [];
    const output = await createExporter(parseOutput(`influxdb=http://127.0.0.1:${port}/k6`), {
      ...context,
      tell: (_, text) => void told.push(text),
    });
    await output.start(madeRun());
    await vi.waitUntil(() => told.length > 0, { timeout: 5000, interval: 5 });
    const databases = new Set<string>();
    const server = createHttpServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => void chunks.push(chunk));
      request.on('end', () => {
        const { pathname } = new URL(request.url!, 'http://influx');
        if (pathname === '/query') databases.add(String(Buffer.concat(chunks)));
        response.writeHead(pathname === '/write' && databases.size === 0 ? 404 : 204).end();
      });
    }).listen(port, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    await output.stop(madeResult());
    expect([...databases]).toEqual(['q=CREATE+DATABASE+%22k6%22']);
  });
});
