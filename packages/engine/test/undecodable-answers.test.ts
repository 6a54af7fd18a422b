import { gzipSync } from 'node:zlib';
import { Type } from '@jarvis-load/engine/typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runLoad } from '../src/coordination/load.ts';
import { serveHttp, type Loopback } from './fixtures/loopback.ts';

const Cart = Type.Object({ items: Type.Array(Type.String()) });
const cut = gzipSync('{"items":["a"]}').subarray(0, -10);
let shop: Loopback;

beforeAll(async () => {
  shop = await serveHttp((request, response) => {
    response.writeHead(request.url === '/missing' ? 404 : 200, { 'content-encoding': 'gzip' }).end(cut);
  });
});
afterAll(() => shop.close());

describe('an answer whose gzip is cut off', () => {
  it('is a failure of the target, and no exception of the scenario', async () => {
    const read: unknown[] = [];
    const result = await runLoad({
      baseUrl: shop.url,
      warmUp: false,
      scenarios: [
        {
          name: 'shop',
          executor: { kind: 'per-vu-iterations', vus: 1, iterations: 1 },
          operations: [
            { name: 'cart', method: 'GET', route: '/cart' },
            { name: 'missing', method: 'GET', route: '/missing' },
            {
              name: 'accepted',
              method: 'GET',
              route: '/accepted',
              accepts: (answer) => `no ${answer.text()}`,
            },
          ],
          async run(user) {
            const accepted = await user.get('/accepted');
            read.push([accepted.outcome, accepted.error?.message]);
            for (const how of ['schema', 'json', 'text', 'bytes'] as const) {
              const answer = await user.get('/cart');
              const value = how === 'schema' ? answer.json(Cart) : answer[how]();
              read.push([value, answer.outcome, answer.error?.message]);
            }
            const missing = await user.get('/missing');
            read.push([missing.text(), missing.outcome]);
          },
        },
      ],
    });
    const reason = expect.stringContaining('the body cannot be decoded as gzip') as unknown;
    expect(read).toEqual([
      ['invalid_body', reason],
      [undefined, 'invalid_body', reason],
      [undefined, 'invalid_body', reason],
      ['', 'invalid_body', reason],
      [new Uint8Array(0), 'invalid_body', reason],
      ['', 'client_error'],
    ]);
    expect(result.exceptions).toEqual([]);
    const counts = result.operations.map(({ operation, requests, failed, outcomes }) => [
      operation,
      requests,
      failed,
      outcomes.invalid_body,
    ]);
    expect(counts).toEqual([
      ['cart', 4, 4, 4],
      ['missing', 1, 1, 0],
      ['accepted', 1, 1, 1],
    ]);
  });
});
