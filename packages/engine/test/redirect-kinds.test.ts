import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runLoad } from '../src/coordination/load.ts';
import { file } from '../src/data/file.ts';
import type { LoadResponse } from '../src/model/load-response.ts';
import type { ScenarioDefinition } from '../src/model/scenario.ts';
import { serveHttp, type Loopback } from './fixtures/loopback.ts';

/** `<method> <path> <bytes of the body>` of each request, in order. */
const seen: string[] = [];
let shop: Loopback;
const upload = join(mkdtempSync(join(tmpdir(), 'redirects-')), 'a.bin');
writeFileSync(upload, Buffer.alloc(200_000, 1));

beforeAll(async () => {
  shop = await serveHttp((request, response) => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => void (bytes += chunk.length));
    request.on('end', () => {
      const { method = '', url = '' } = request;
      seen.push(`${method} ${url} ${bytes}`);
      const [, status, location] = /^\/old\/(\d+)(?:\?to=(\w+))?/.exec(url) ?? [];
      if (url === '/broken') response.writeHead(503).end();
      else if (status === undefined) response.end('{}');
      else response.writeHead(Number(status), { location: location ?? '/new' }).end();
    });
  });
});
afterAll(() => shop.close());

async function run(code: (user: Parameters<NonNullable<ScenarioDefinition['run']>>[0]) => Promise<void>) {
  seen.length = 0;
  const operations = ['GET', 'POST', 'PUT'].map(
    (method) => ({ name: method, method, route: '/{path}' }) as ScenarioDefinition['operations'][number],
  );
  const executor = { kind: 'per-vu-iterations' } as const;
  return runLoad({
    baseUrl: shop.url,
    warmUp: false,
    scenarios: [{ name: 'redirects', executor, operations, run: code }],
  });
}

describe('redirects that are followed', () => {
  it.each([
    ['POST', 301, 'GET /new 0'],
    ['POST', 303, 'GET /new 0'],
    ['PUT', 303, 'GET /new 0'],
    ['PUT', 301, 'PUT /new 7'],
    ['POST', 308, 'POST /new 7'],
    ['PUT', 307, 'PUT /new 7'],
  ])('%s at %i: %s', async (operation, status, second) => {
    const answers: LoadResponse[] = [];
    await run(async (user) => {
      answers.push(
        await user.request({ operation, path: `/old/${status}`, json: { a: 1 }, redirects: true }),
      );
    });
    expect(answers.map(({ outcome }) => outcome)).toEqual(['ok']);
    expect(seen).toEqual([`${operation} /old/${status} 7`, second]);
  });

  it('send a file again at 307, and resolve a location without a slash', async () => {
    await run(async (user) => {
      const body = file(upload);
      await user.request({ operation: 'POST', path: '/old/307', body, redirects: true });
      await user.request({ operation: 'GET', path: '/old/302?to=beside', redirects: true });
    });
    expect(seen).toEqual([
      'POST /old/307 200000',
      'POST /new 200000',
      'GET /old/302?to=beside 0',
      'GET /old/beside 0',
    ]);
  });
});

it('a batch has the failures of its requests in their places', async () => {
  const answers: LoadResponse[] = [];
  const result = await run(async (user) => {
    const ask = (path: string) => ({ operation: 'GET', path });
    answers.push(...(await user.batch([ask('/a'), ask('/broken'), ask('/b')])));
  });
  expect(answers.map(({ status, outcome }) => [status, outcome])).toEqual([
    [200, 'ok'],
    [503, 'server_error'],
    [200, 'ok'],
  ]);
  expect([result.totals.requests, result.totals.failed]).toEqual([3, 1]);
});
