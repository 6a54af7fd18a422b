import type { IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openClient } from '../src/client.ts';
import type { RunOptions } from '../src/model/run-options.ts';
import { runLoad } from '../src/coordination/load.ts';
import type { ScenarioDefinition, VirtualUser } from '../src/model/scenario.ts';
import { ask, scenario } from './fixtures/ask-and-tell.ts';
import { serveHttp, type Loopback } from './fixtures/loopback.ts';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: string;
  readonly connection: number;
}

const seen: Seen[] = [];
let server: Loopback;
const connectionIds = new WeakMap<object, number>();

beforeAll(async () => {
  let connections = 0;
  server = await serveHttp((request, response) => {
    if (!connectionIds.has(request.socket)) connectionIds.set(request.socket, ++connections);
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { method = '', url = '', headers, rawHeaders } = request;
      seen.push({ method, url, headers, rawHeaders, body, connection: connectionIds.get(request.socket)! });
      if (url === '/moved') response.writeHead(302, { location: '/ask' });
      if (url === '/twice') response.setHeader('X-Twice', ['one', 'two']);
      if (url === '/secret') response.statusCode = 500;
      const answer =
        url === '/secret'
          ? '{"error":"no","access_token":"tok-123","nested":"Bearer abc.def"}'
          : '{"words":["héllo"]}';
      const waitMs = Number(new URL(url, 'http://x').searchParams.get('wait') ?? 0);
      setTimeout(() => response.end(answer), waitMs);
    });
  });
});
afterAll(() => server.close());
beforeEach(() => {
  seen.length = 0;
});

function run(parts: Partial<ScenarioDefinition>, options: Partial<RunOptions> = {}) {
  return runLoad({ baseUrl: server.url, warmUp: false, scenarios: [scenario(parts)], ...options });
}

describe('what a request carries', () => {
  it('names the tool, the run and the phase', async () => {
    await run(
      {
        setup: async (user) => {
          await user.request({ operation: 'ask', path: '/setup' });
        },
        run: async (user) => {
          await user.request(ask);
        },
        teardown: async (user) => {
          await user.request({ operation: 'ask', path: '/teardown' });
        },
      },
      { runId: 'run-7' },
    );
    expect(seen.map(({ url, headers }) => [url, headers['x-load-phase'], headers['x-load-run-id']])).toEqual([
      ['/setup', 'setup', 'run-7'],
      ['/ask', 'run', 'run-7'],
      ['/teardown', 'teardown', 'run-7'],
    ]);
    for (const { headers } of seen) expect(headers['user-agent']).toMatch(/^jarvis-load\/\d+\.\d+\.\d+$/);
  });

  it("has the run's headers, and a request's own in their place, once each", async () => {
    await run(
      {
        run: async (user) => {
          await user.request(ask);
          await user.request({ ...ask, headers: { Authorization: 'Bearer mine', 'X-Own': '1' } });
        },
      },
      { headers: { authorization: 'Bearer theirs', 'X-Team': 'voice' }, userAgent: 'probe/1' },
    );
    const [first, second] = seen;
    expect(first!.headers).toMatchObject({
      authorization: 'Bearer theirs',
      'x-team': 'voice',
      'user-agent': 'probe/1',
    });
    expect(second!.headers).toMatchObject({ authorization: 'Bearer mine', 'x-own': '1', 'x-team': 'voice' });
    const authorizations = second!.rawHeaders.filter((text) => text.toLowerCase() === 'authorization');
    expect(authorizations).toHaveLength(1);
  });

  it('sends json with its type, a text or bytes as they are, and nothing where there is nothing', async () => {
    await run({
      run: async (user) => {
        const tell = { operation: 'tell', path: '/tell' };
        await user.request({ ...tell, json: { text: 'où ça' } });
        await user.request({ ...tell, json: {}, headers: { 'content-type': 'application/vnd.own+json' } });
        await user.request({
          ...tell,
          body: 'a=1&b=2',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        });
        await user.request({ ...tell, body: new Uint8Array([104, 105]) });
        await user.request(ask);
      },
    });
    expect(
      seen.map(({ method, headers, body }) => [
        method,
        headers['content-type'],
        headers['content-length'],
        body,
      ]),
    ).toEqual([
      ['POST', 'application/json', '18', '{"text":"où ça"}'],
      ['POST', 'application/vnd.own+json', '2', '{}'],
      ['POST', 'application/x-www-form-urlencoded', '7', 'a=1&b=2'],
      ['POST', undefined, '2', 'hi'],
      ['GET', undefined, undefined, ''],
    ]);
  });

  it('goes below the path prefix of the base URL', async () => {
    await run(
      {
        run: async (user) => {
          await user.request(ask);
        },
      },
      { baseUrl: `${server.url}/v2/` },
    );
    expect(seen.map(({ url }) => url)).toEqual(['/v2/ask']);
  });
});

describe('the warm-up of a run', () => {
  it('comes first, makes requests, and the target sees none of them', async () => {
    const phases: string[] = [];
    const result = await run(
      {
        run: async (user) => {
          await user.request(ask);
        },
      },
      { warmUp: true, onEvent: (event) => event.type === 'phase' && phases.push(event.phase) },
    );
    expect(phases).toEqual(['warm-up', 'setup', 'run', 'teardown', 'done']);
    expect(result.health.warmUpRequests).toBeGreaterThan(0);
    expect(seen.map(({ url }) => url)).toEqual(['/ask']);
    expect(result.totals.requests).toBe(1);
  });
});

describe('what a response gives', () => {
  it('has lower-case headers, repeated ones joined, and its body as text, bytes and cached JSON', async () => {
    const client = openClient({ baseUrl: server.url, operations: scenario({}).operations });
    const response = await client.request({ operation: 'ask', path: '/twice' });
    await client.close();
    expect(response.headers['x-twice']).toBe('one, two');
    expect(response.text()).toBe('{"words":["héllo"]}');
    expect(Buffer.from(response.bytes()).toString()).toBe(response.text());
    expect(response.json()).toEqual({ words: ['héllo'] });
    expect(response.json()).toBe(response.json());
  });

  it('is the redirect itself: it is not followed', async () => {
    const client = openClient({ baseUrl: server.url, operations: scenario({}).operations });
    const response = await client.request({ operation: 'ask', path: '/moved' });
    await client.close();
    expect(response).toMatchObject({ status: 302, outcome: 'ok', headers: { location: '/ask' } });
    expect(seen.map(({ url }) => url)).toEqual(['/moved']);
  });

  it('has timings that fit what the server did', async () => {
    const client = openClient({ baseUrl: server.url, operations: scenario({}).operations });
    const first = await client.request({ operation: 'ask', path: '/ask?wait=120' });
    const second = await client.request({ operation: 'ask', path: '/ask?wait=120' });
    await client.close();
    for (const { timings } of [first, second]) {
      // The server's timer may fire a millisecond early.
      expect(timings.waitingMs).toBeGreaterThanOrEqual(118);
      expect(timings.serviceTimeMs).toBeGreaterThanOrEqual(timings.waitingMs);
      expect(timings.responseTimeMs).toBeGreaterThanOrEqual(timings.serviceTimeMs);
    }
    expect(first.timings.connectMs).toBeGreaterThan(0);
    expect(second.timings).toMatchObject({ connectMs: 0, tlsMs: 0 });
    expect(first.timings.tlsMs).toBe(0);
  });
});

describe('connections', () => {
  const busy: Partial<ScenarioDefinition> = {
    executor: { kind: 'per-vu-iterations', vus: 4, iterations: 3 },
    run: async (user: VirtualUser) => {
      await user.request({ operation: 'ask', path: `/ask?user=${user.id}` });
    },
  };
  const byUser = () => {
    const used = new Map<string, Set<number>>();
    for (const { url, connection } of seen) {
      const user = url.split('=')[1]!;
      used.set(user, (used.get(user) ?? new Set()).add(connection));
    }
    return [...used.values()].map((ids) => [...ids]);
  };

  it('are one for each user of a closed executor, kept from one request to the next', async () => {
    const result = await run(busy);
    expect(byUser().map((ids) => ids.length)).toEqual([1, 1, 1, 1]);
    expect(new Set(byUser().flat()).size).toBe(4);
    expect(result.health.connectionsOpened).toBe(4);
  });

  it('may be shared by as many users, and then the wait for one is queue wait', async () => {
    const result = await run(
      {
        ...busy,
        run: async (user) => {
          await user.request({ operation: 'ask', path: `/ask?wait=30&user=${user.id}` });
        },
      },
      { connections: 'shared', maxConnections: 1 },
    );
    expect(new Set(seen.map(({ connection }) => connection)).size).toBe(1);
    expect(result.totals.requests).toBe(12);
    expect(result.totals.serviceTime.percentiles.p50!).toBeLessThan(85);
    expect(result.totals.queueWait.maxMs!).toBeGreaterThan(85);
    expect(result.health.generatorLimited).toBe(false);
  });

  it('of an arrival-rate executor are few, and opened before the clock starts', async () => {
    const result = await run({
      executor: { kind: 'constant-arrival-rate', rate: 100, duration: '1s', maxVUs: 200 },
      run: async (user) => {
        await user.request(ask);
      },
    });
    expect(result.iterations.planned).toBe(100);
    expect(result.health.connectionsOpened).toBeLessThan(30);
    expect(result.totals.phases.connecting.percentiles.p50).toBe(0);
  });

  it('of a user who asks for two things at once carry one after the other', async () => {
    const result = await run({
      run: async (user) => {
        const both = await Promise.all([
          user.request({ operation: 'ask', path: '/ask?wait=40' }),
          user.request({ operation: 'ask', path: '/ask' }),
        ]);
        expect(both.map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
      },
    });
    expect(result.iterations).toMatchObject({ completed: 1, failed: 0 });
    expect(new Set(seen.map(({ connection }) => connection)).size).toBe(1);
  });

  it('that are cut off by a timeout are not used again, and what waited for one gets another', async () => {
    const result = await run({
      run: async (user) => {
        const all = await Promise.all([
          user.request({ operation: 'ask', path: '/ask?wait=5000', timeoutMs: 120 }),
          user.request({ operation: 'ask', path: '/ask?n=2', timeoutMs: 60 }),
          user.request({ operation: 'ask', path: '/ask?n=3' }),
        ]);
        expect(all.map(({ outcome }) => outcome)).toEqual(['timeout', 'timeout', 'ok']);
        expect(all[2].json()).toEqual({ words: ['héllo'] });
      },
    });
    expect(result.iterations).toMatchObject({ completed: 1, failed: 0 });
    expect(seen.map(({ url }) => url)).toEqual(['/ask?wait=5000', '/ask?n=3']);
    expect(seen[0]!.connection).not.toBe(seen[1]!.connection);
  });

  it('go to another address where asked, under the same name', async () => {
    const client = openClient({
      baseUrl: `http://jarvis.invalid:${server.port}`,
      address: '127.0.0.1',
      operations: scenario({}).operations,
    });
    expect(await client.request(ask)).toMatchObject({ outcome: 'ok' });
    await client.close();
    expect(seen[0]!.headers.host).toBe(`jarvis.invalid:${server.port}`);
  });
});

describe('credentials', () => {
  it('are removed from what an error keeps of an answer, a request and a reason', async () => {
    const result = await run(
      {
        operations: [
          { name: 'ask', method: 'GET', route: '/ask' },
          {
            name: 'judged',
            method: 'GET',
            route: '/',
            accepts: (r) => `odd answer ${r.headers['x-none'] ?? ''} Bearer tok-456`,
          },
        ],
        run: async (user) => {
          await user.request({
            operation: 'ask',
            path: '/secret',
            headers: { authorization: 'Bearer tok-789' },
          });
          await user.request({ operation: 'ask', path: '/404?api_key=tok-000&q=1' });
          await user.request({ operation: 'judged', path: '/ask?token=tok-111' });
          throw new Error('login failed: {"password":"tok-222"}');
        },
      },
      { headers: { cookie: 'session=tok-333' } },
    );
    const text = JSON.stringify(result);
    expect(text).not.toMatch(/tok-\d/);
    expect(result.errors.map(({ example }) => example.request).sort()).toEqual([
      'GET /ask?token=***',
      'GET /secret',
    ]);
    expect(result.errors.find(({ code }) => code === 'http_500')!.example.body).toBe(
      '{"error":"no","access_token":"***","nested":"Bearer ***"}',
    );
    expect(result.exceptions[0]!.message).toBe('Error: login failed: {"password":"***"}');
  });
});
