import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openClient } from '../src/client.ts';
import { runLoad } from '../src/coordination/load.ts';

import type { RunOptions } from '../src/model/run-options.ts';
import type { RequestSpec, ScenarioDefinition } from '../src/model/scenario.ts';
import { serveHttp, type Loopback } from './fixtures/loopback.ts';

/** A request as received by the server: the path, the id that the user sent, and its cookies. */
interface Seen {
  readonly path: string;
  readonly user: string;
  readonly cookie: string | undefined;
}

let server: Loopback;
let seen: Seen[] = [];
let sessions = 0;
beforeAll(async () => {
  server = await serveHttp((request, response) => {
    const path = request.url ?? '';
    seen.push({ path, user: String(request.headers['x-user']), cookie: request.headers.cookie });
    if (path.endsWith('/login')) {
      sessions++;
      response.setHeader('set-cookie', [
        `sid=s${sessions}; Path=/; HttpOnly; Expires=Wed, 21 Oct 2099 07:28:00 GMT`,
        `only-login=x`,
      ]);
    }
    if (path === '/cart' && request.headers.cookie?.includes('sid=s1') !== true) response.statusCode = 401;
    response.end('{}');
  });
});
afterAll(() => server.close());
beforeEach(() => {
  seen = [];
  sessions = 0;
});

const scenario = (parts: Partial<ScenarioDefinition> = {}): ScenarioDefinition => ({
  name: 'shopper',
  operations: [{ name: 'ask', method: 'GET', route: '/' }],
  onStart: async (user) => {
    await user.request({ operation: 'ask', path: '/auth/login', headers: { 'x-user': `${user.id}` } });
  },
  run: async (user) => {
    await user.request({ operation: 'ask', path: '/chat', headers: { 'x-user': `${user.id}` } });
  },
  executor: { kind: 'per-vu-iterations', vus: 3, iterations: 4 },
  ...parts,
});

function load(options: Partial<RunOptions>, parts?: Partial<ScenarioDefinition>) {
  return runLoad({ baseUrl: server.url, scenarios: [scenario(parts)], warmUp: false, ...options });
}

describe('cookies of a run', () => {
  it.each<[string, number, Partial<RunOptions>, Partial<RequestSpec>]>([
    ['that are ignored, and missed by requests that are refused', 1, {}, {}],
    ['that are kept', 0, { cookies: true }, {}],
    ['that the scenario sends itself', 0, {}, { headers: { cookie: 'sid=s0' } }],
    ['whose refusal is expected', 0, {}, { expect: [401] }],
    ['that requests which are answered do not miss', 0, {}, { path: '/chat' }],
  ])('%s: notes %d', async (_, count, options, spec) => {
    const { notes } = await load(options, {
      run: async (user) => void (await user.request({ operation: 'ask', path: '/cart', ...spec })),
    });
    expect(notes.filter(({ code }) => code === 'cookies-not-kept')).toHaveLength(count);
  });

  it('are ignored by default', async () => {
    await load({});
    expect(seen).toHaveLength(3 + 12);
    expect(seen.filter(({ cookie }) => cookie !== undefined)).toEqual([]);
  });

  it.each(['per-user', 'shared'] as const)(
    'are kept for each user apart, over all its iterations, on %s connections',
    async (connections) => {
      const result = await load({ cookies: true, connections });
      expect(result.verdict.status).toBe('pass');
      const chats = seen.filter(({ path }) => path === '/chat');
      expect(chats).toHaveLength(12);
      const cookiesOf = new Map<string, Set<string | undefined>>();
      for (const { user, cookie } of chats) {
        cookiesOf.set(user, (cookiesOf.get(user) ?? new Set()).add(cookie));
      }
      // One session for each of the three users, the same in all four iterations, and no cookie of another path.
      const kept = [...cookiesOf.values()].flatMap((cookies) => [...cookies]);
      expect(cookiesOf.size).toBe(3);
      expect(kept).toHaveLength(3);
      expect(new Set(kept)).toEqual(new Set(['sid=s1', 'sid=s2', 'sid=s3']));
    },
  );

  it('count the path prefix of the target, and go beside a cookie of the run', async () => {
    await load({
      baseUrl: `${server.url}/v2`,
      cookies: true,
      headers: { Cookie: 'tenant=a', 'x-note': 'cookie' },
    });
    expect(seen.filter(({ path }) => path === '/v2/auth/login').map(({ cookie }) => cookie)).toEqual([
      'tenant=a',
      'tenant=a',
      'tenant=a',
    ]);
    const chats = seen.filter(({ path }) => path === '/v2/chat').map(({ cookie }) => cookie);
    expect(new Set(chats)).toEqual(new Set(['tenant=a; sid=s1', 'tenant=a; sid=s2', 'tenant=a; sid=s3']));
  });

  it('are replaced by those of the request', async () => {
    await load(
      { cookies: true },
      {
        run: async (user) => {
          await user.request({ operation: 'ask', path: '/chat', headers: { Cookie: 'mine=1' } });
        },
      },
    );
    expect(new Set(seen.filter(({ path }) => path === '/chat').map(({ cookie }) => cookie))).toEqual(
      new Set(['mine=1']),
    );
  });

  it('of setup are not those of a user', async () => {
    await load(
      { cookies: true },
      {
        setup: async (user) => {
          await user.request({ operation: 'ask', path: '/auth/login' });
          await user.request({ operation: 'ask', path: '/prepare' });
        },
        onStart: async () => undefined,
      },
    );
    expect(seen.find(({ path }) => path === '/prepare')?.cookie).toBe('sid=s1');
    expect(seen.filter(({ path, cookie }) => path === '/chat' && cookie !== undefined)).toEqual([]);
  });
});

it('a client keeps them when asked', async () => {
  for (const cookies of [false, true]) {
    const client = openClient({
      baseUrl: server.url,
      operations: [{ name: 'ask', method: 'GET', route: '/' }],
      cookies,
    });
    await client.request({ operation: 'ask', path: '/auth/login' });
    await client.request({ operation: 'ask', path: '/auth/me' });
    await client.close();
  }
  const sent = seen.filter(({ path }) => path === '/auth/me').map(({ cookie }) => cookie);
  expect(sent).toEqual([undefined, 'only-login=x; sid=s2']);
});
