import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { Type } from '@jarvis-load/engine/typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runLoad } from '../src/coordination/load.ts';
import { file } from '../src/data/file.ts';
import { defineScenario } from '../src/definition/define-scenario.ts';
import type { RunResult } from '../src/document/schema.ts';
import type { StandardSchema } from '../src/model/answer-schema.ts';
import type { RunOptions } from '../src/model/run-options.ts';
import type { ScenarioDefinition } from '../src/model/scenario.ts';
import type { LoadResponse } from '../src/model/load-response.ts';
import { serveHttp, type Loopback } from './fixtures/loopback.ts';

interface Seen {
  readonly server: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

const seen: Seen[] = [];
let shop: Loopback;
let auth: Loopback;
const large = Buffer.alloc(3_000_000, 'sound');
const recording = join(mkdtempSync(join(tmpdir(), 'forms-')), 'a b.wav');
writeFileSync(recording, large);

function serve(server: string): Promise<Loopback> {
  return serveHttp((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      seen.push({ server, method, url, headers, body: Buffer.concat(chunks) });
      const text = '{"items":["é"],"total":3}';
      const encoded: Readonly<Record<string, readonly [string, Buffer]>> = {
        '/gzip': ['gzip', gzipSync(text)],
        '/br': ['br', brotliCompressSync(text)],
        '/deflate': ['deflate', deflateSync(text)],
        '/raw-deflate': ['deflate', deflateRawSync(text)],
        '/twice': ['deflate, gzip', gzipSync(deflateSync(text))],
        '/broken': ['gzip', Buffer.from('not gzip')],
      };
      const redirects: Readonly<Record<string, readonly [number, string]>> = {
        '/login': [302, '/home?from=login'],
        '/keep': [307, '/kept'],
        '/round': [302, '/round'],
        '/away': [302, 'http://127.0.0.1:9/elsewhere'],
        '/to-auth': [302, `${auth.url}/v1/token`],
      };
      const [status, location] = redirects[url] ?? [/\/status\/(\d+)/.exec(url)?.[1] ?? 200, undefined];
      if (location !== undefined) response.setHeader('location', location);
      if (url === '/login') response.setHeader('set-cookie', 'session=s1; Path=/');
      const [encoding, bytes] = encoded[url] ?? [undefined, Buffer.from(text)];
      if (encoding !== undefined)
        response.setHeader(url === '/gzip' ? 'CONTENT-ENCODING' : 'content-encoding', encoding);
      response.writeHead(Number(status)).end(bytes);
    });
  });
}

beforeAll(async () => {
  auth = await serve('auth');
  shop = await serve('shop');
});
afterAll(async () => {
  await shop.close();
  await auth.close();
});

const executor = { kind: 'per-vu-iterations', vus: 1, iterations: 1 } as const;

function load(definition: ScenarioDefinition, options: Partial<RunOptions> = {}): Promise<RunResult> {
  seen.length = 0;
  return runLoad({ baseUrl: shop.url, warmUp: false, scenarios: [definition], ...options });
}

function lineOf({ method, url }: Seen): string {
  return `${method} ${url}`;
}

describe('requests in their short forms', () => {
  it('take paths, queries and bodies from typed parts', async () => {
    const form = new FormData();
    form.set('kind', 'blob');
    form.set('upload', new Blob(['content'], { type: 'text/plain' }), 'a"b.txt');
    const result = await load(
      defineScenario({
        name: 'forms',
        executor,
        operations: ['GET /cart', 'GET /orders/{id}', 'POST /orders', 'PUT /orders/{id}/{part}'],
        async run(user) {
          await user.get('/cart', { query: { page: 2, tag: ['a b', 'é&'], none: undefined } });
          await user.get('/orders/{id}', { params: { id: 'a/b?c' } });
          await user.put('/orders/{id}/{part}', { params: { id: 7, part: '..' }, json: { a: 1 } });
          await user.post('/orders', { form: { name: 'Zoë & co', ok: true } });
          await user.post('/orders', { body: new URLSearchParams({ q: 'x y' }) });
          await user.post('/orders', { body: form });
          await user.post('/orders', {
            multipart: { model: 'whisper-1', file: file(recording), note: ['a', 'b'] },
          });
          await user.post('/orders', { body: file(recording, { type: 'audio/x-own' }) });
        },
      }),
    );
    expect(result.scenarios[0]!.iterations.completed).toBe(1);
    const [cart, order, part, named, searched, formed, uploaded, whole] = seen;
    expect(lineOf(cart!)).toBe('GET /cart?page=2&tag=a+b&tag=%C3%A9%26');
    expect(lineOf(order!)).toBe('GET /orders/a%2Fb%3Fc');
    expect(lineOf(part!)).toBe('PUT /orders/7/%2E%2E');
    expect([named!.headers['content-type'], named!.body.toString()]).toEqual([
      'application/x-www-form-urlencoded',
      'name=Zo%C3%AB+%26+co&ok=true',
    ]);
    expect([searched!.headers['content-type'], searched!.body.toString()]).toEqual([
      'application/x-www-form-urlencoded;charset=UTF-8',
      'q=x+y',
    ]);
    const readBack = async ({ body, headers }: Seen) =>
      new Response(new Uint8Array(body), {
        headers: { 'content-type': String(headers['content-type']) },
      }).formData();
    const formedBack = await readBack(formed!);
    expect(formedBack.get('kind')).toBe('blob');
    expect((formedBack.get('upload') as File).name).toBe('a"b.txt');
    const uploadedBack = await readBack(uploaded!);
    const sound = uploadedBack.get('file') as File;
    expect([sound.name, sound.type, uploadedBack.getAll('note')]).toEqual([
      'a b.wav',
      'audio/wav',
      ['a', 'b'],
    ]);
    expect(Buffer.from(await sound.arrayBuffer()).equals(large)).toBe(true);
    expect(Number(uploaded!.headers['content-length'])).toBe(uploaded!.body.length);
    expect(whole!.headers['content-type']).toBe('audio/x-own');
    expect(whole!.body.equals(large)).toBe(true);
    // A row for each operation, whatever the path was.
    expect(result.operations.map(({ operation, requests }) => [operation, requests])).toEqual([
      ['GET /cart', 1],
      ['GET /orders/{id}', 1],
      ['POST /orders', 5],
      ['PUT /orders/{id}/{part}', 1],
    ]);
  });

  it('find the operation of a path by its route, and say what is wrong with a request', async () => {
    const problems: string[] = [];
    const operations: ScenarioDefinition['operations'] = [
      { name: 'order', method: 'GET', route: '/orders/{id}' },
      { name: 'new order', method: 'GET', route: '/orders/new' },
    ];
    const names: string[] = [];
    await load({
      name: 'paths',
      executor,
      operations,
      async run(user) {
        names.push((await user.get('/orders/7?full=1')).operation, (await user.get('/orders/new')).operation);
        const attempts = [
          () => user.get('/order/7'),
          () => user.get('/orders/{id}'),
          () => user.get('/orders/{id}', { params: { id: 1, nr: 2 } }),
          () => user.get('/orders/{id}', { params: { id: '' } }),
          () => user.get('/orders/new', { form: { a: '1' }, json: {} }),
          () => user.get('/orders/new', { expect: [] }),
          () => user.get('/orders/new', { base: 'auth' }),
          () => user.get('/orders/new', { multipart: { a: { content: 'x' } as never } }),
        ];
        for (const attempt of attempts) {
          await attempt().catch((error: unknown) => problems.push(String(error)));
        }
      },
    });
    expect(names).toEqual(['order', 'new order']);
    expect(seen.map(lineOf)).toEqual(['GET /orders/7?full=1', 'GET /orders/new']);
    expect(problems).toEqual([
      expect.stringContaining("requests 'GET /order/7', which it does not declare. Did you mean"),
      expect.stringContaining('has undefined for {id} of the route /orders/{id}'),
      expect.stringContaining('has params.nr, but the route /orders/{id} has no {nr}'),
      expect.stringContaining("has '' for {id}"),
      expect.stringContaining('has both json and form'),
      expect.stringContaining('has expect []; expected a list of statuses'),
      expect.stringContaining("has base 'auth'; expected one of the scenario's bases: none"),
      expect.stringContaining('has multipart.a {"content":"x"}; expected text'),
    ]);
  });
});

describe('answers', () => {
  it('are decoded, held to schemas and to expected statuses', async () => {
    const Cart = Type.Object({ items: Type.Array(Type.String()), total: Type.Number() });
    const Wrong = Type.Object({ items: Type.Array(Type.Number()) });
    const upper: StandardSchema<{ first: string }> = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value) => {
          const { items } = value as { items: string[] };
          return items[0] === 'é' ? { value: { first: items[0].toUpperCase() } } : { issues: [] };
        },
      },
    };
    const refusing: StandardSchema = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: () => ({ issues: [{ message: 'too short', path: ['items', { key: 0 }] }] }),
      },
    };
    const read: unknown[] = [];
    const answers: LoadResponse[] = [];
    const result = await load(
      defineScenario({
        name: 'answers',
        executor,
        operations: [
          'GET /{path}',
          { name: 'typed', method: 'GET', route: '/typed', answer: Cart },
          { name: 'missing', method: 'GET', route: '/status/{code}', expect: [404] },
          { name: 'late', method: 'GET', route: '/late' },
        ],
        async run(user) {
          for (const path of ['gzip', 'br', 'deflate', 'raw-deflate', 'twice']) {
            read.push((await user.get('/{path}', { params: { path } })).json(Cart)?.items);
          }
          answers.push(
            await user.get('/{path}', { params: { path: 'broken' }, answer: Cart }),
            await user.get('/typed'),
            await user.get('/typed', { answer: Wrong }),
            await user.get('/typed', { answer: refusing }),
            await user.get('/status/{code}', { params: { code: 404 } }),
            await user.get('/status/{code}', { params: { code: 200 } }),
            await user.get('/status/{code}', { params: { code: 503 }, expect: [503, 200] }),
          );
          const late = await user.get('/late');
          read.push(
            late.json(upper)?.first,
            late.outcome,
            late.json(Wrong),
            late.outcome,
            late.error?.message,
          );
        },
      }),
    );
    expect(read).toEqual([
      ['é'],
      ['é'],
      ['é'],
      ['é'],
      ['é'],
      'É',
      'ok',
      undefined,
      'invalid_body',
      '/items/0: must be number',
    ]);
    expect(answers.map(({ outcome, error }) => [outcome, error?.message])).toEqual([
      ['invalid_body', expect.stringContaining('the body cannot be decoded as gzip')],
      ['ok', undefined],
      ['invalid_body', '/items/0: must be number'],
      ['invalid_body', '/items/0: too short'],
      ['ok', undefined],
      ['invalid_body', 'HTTP 200; expected 404'],
      ['ok', undefined],
    ]);
    const failures = result.operations.map(({ operation, requests, failed }) => [
      operation,
      requests,
      failed,
    ]);
    expect(failures).toEqual([
      ['GET /{path}', 6, 1],
      ['typed', 3, 2],
      ['missing', 3, 1],
      // Found by the scenario after the request was recorded: moved to its outcome, counted once.
      ['late', 1, 1],
    ]);
    expect(result.operations[3]!.outcomes.invalid_body).toBe(1);
  });
});

describe('redirects and bases', () => {
  it('are followed on request, to the target and the bases alone', async () => {
    const answers: LoadResponse[] = [];
    const definition = defineScenario({
      name: 'redirects',
      executor,
      bases: { auth: `${auth.url}/v1` },
      operations: [
        'POST /{path}',
        { name: 'token', method: 'POST', route: '/token', base: 'auth', tags: { part: 'auth' } },
      ],
      async run(user) {
        const follow = (path: string, redirects: boolean | { most: number } = true) =>
          user.post('/{path}', {
            params: { path },
            redirects,
            json: { a: 1 },
            headers: { authorization: 'Bearer mine' },
          });
        answers.push(
          await follow('login', false),
          await follow('login'),
          await follow('keep'),
          await follow('round', { most: 2 }),
          await follow('away'),
          await follow('to-auth'),
          await user.post('/token', { headers: { 'x-own': '1' } }),
        );
      },
    });
    const result = await load(definition, { cookies: true, headers: { 'x-api-key': 'of-the-target' } });
    expect(answers.map(({ status, outcome, error }) => [status, outcome, error?.message])).toEqual([
      [302, 'ok', undefined],
      [200, 'ok', undefined],
      [200, 'ok', undefined],
      [302, 'invalid_body', 'redirects more than 2 times'],
      [302, 'invalid_body', expect.stringContaining('redirects to http://127.0.0.1:9, which is neither')],
      [200, 'ok', undefined],
      [200, 'ok', undefined],
    ]);
    expect(seen.map((each) => `${each.server} ${lineOf(each)}`)).toEqual([
      'shop POST /login',
      'shop POST /login',
      'shop GET /home?from=login',
      'shop POST /keep',
      'shop POST /kept',
      'shop POST /round',
      'shop GET /round',
      'shop GET /round',
      'shop POST /away',
      'shop POST /to-auth',
      'auth GET /v1/token',
      'auth POST /v1/token',
    ]);
    const [, , home, , kept, , , , , , redirected, token] = seen;
    expect([home!.body.length, home!.headers['cookie'], home!.headers['content-type']]).toEqual([
      0,
      'session=s1',
      undefined,
    ]);
    expect([kept!.body.toString(), kept!.headers['authorization']]).toEqual(['{"a":1}', 'Bearer mine']);
    // A header does not leave the origin it was given for; a cookie goes to its host, whichever the port.
    expect([redirected!.headers['authorization'], redirected!.headers['cookie']]).toEqual([
      undefined,
      'session=s1',
    ]);
    expect([token!.headers['x-api-key'], token!.headers['x-own']]).toEqual([undefined, '1']);
    expect(token!.headers['x-load-phase']).toBe('run');
    expect(result.operations.map(({ operation, requests }) => [operation, requests])).toEqual([
      ['POST /{path}', 11],
      ['token', 1],
    ]);
  });

  it('are followed whatever is expected: `expect` judges the last answer', async () => {
    const answers: LoadResponse[] = [];
    const login = (status: number) =>
      ({ name: `${status}`, method: 'POST', route: '/login', expect: [status] }) as const;
    await load({
      name: 'expected',
      executor,
      operations: [login(200), login(302)],
      async run(user) {
        for (const redirects of [true, false])
          for (const operation of ['200', '302']) answers.push(await user.request({ operation, redirects }));
      },
    });
    expect(answers.map(({ outcome, error }) => error?.message ?? outcome)).toEqual([
      'ok',
      'HTTP 200; expected 302',
      'HTTP 302; expected 200',
      'ok',
    ]);
  });

  it('are held to the guard', async () => {
    const definition = (bases: Record<string, string>): ScenarioDefinition => ({
      name: 'guarded',
      executor,
      bases,
      operations: [{ name: 'ask', method: 'GET', route: '/ask' }],
      run: () => Promise.resolve(),
    });
    await expect(load(definition({ api: 'http://example.org' }))).rejects.toThrow(
      'example.org:80 may not be loaded',
    );
    await expect(load(definition({ api: 'http://169.254.169.254/' }))).rejects.toThrow('never loaded');
    await expect(load(definition({ api: 'ftp://example.org' }))).rejects.toThrow(
      'bases.api of scenario "guarded" has scheme "ftp:"',
    );
    const allow = [{ host: 'example.org', maxUsers: 1, maxRate: 1 }];
    await expect(load(definition({ api: 'http://example.org' }), { allow })).rejects.toThrow('maxRate');
  });
});
