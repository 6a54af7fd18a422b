import { expect, it } from 'vitest';
import { readHar } from '../src/read-har.ts';
import { writeTest } from '../src/write-test.ts';

interface Sent {
  readonly method?: string;
  readonly url: string;
  readonly at: number;
  readonly took?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly answer?: unknown;
  readonly status?: number;
  readonly setCookie?: string;
  readonly location?: string;
}

const pairs = (headers: Readonly<Record<string, string>>) =>
  Object.entries(headers).map(([name, value]) => ({ name, value }));

function har(...requests: readonly Sent[]): string {
  const entries = requests.map(
    ({
      method = 'GET',
      url,
      at,
      took = 50,
      headers = {},
      body,
      answer,
      status = 200,
      setCookie,
      location,
    }) => ({
      startedDateTime: new Date(1_700_000_000_000 + at).toISOString(),
      time: took,
      request: {
        method,
        url,
        headers: pairs({ ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers }),
        ...(body === undefined
          ? {}
          : { postData: { mimeType: 'application/json', text: JSON.stringify(body) } }),
      },
      response: {
        status,
        headers: pairs({
          ...(setCookie === undefined ? {} : { 'Set-Cookie': setCookie }),
          ...(location === undefined ? {} : { Location: location }),
        }),
        content: answer === undefined ? {} : { mimeType: 'application/json', text: JSON.stringify(answer) },
      },
    }),
  );
  return JSON.stringify({ log: { entries } });
}

function sourceOf(...requests: readonly Sent[]): string {
  return writeTest(readHar(har(...requests), 'shop.har', {}), { from: 'shop.har', locate: (path) => path })
    .source;
}

const SHOP = 'https://shop.example.org';

it('a recording becomes a scenario with variables, think times and secrets of the environment', () => {
  const source = sourceOf(
    {
      method: 'POST',
      url: `${SHOP}/login`,
      at: 0,
      body: { user: 'ada', password: 'lovelace' },
      answer: { token: 'abcdefgh-12345' },
    },
    {
      url: `${SHOP}/items?q=tea`,
      at: 1560,
      headers: { Authorization: 'Bearer abcdefgh-12345' },
      answer: { items: [{ id: 7 }, { id: 8 }] },
    },
    {
      method: 'POST',
      url: `${SHOP}/orders`,
      at: 1700,
      headers: { Authorization: 'Bearer abcdefgh-12345' },
      body: { itemId: 8, quantity: 7, user: 'ada' },
      answer: { order: { id: 'o-1' } },
      status: 201,
    },
    { url: `${SHOP}/orders/o-1/lines/1`, at: 1800, headers: { Authorization: 'Bearer abcdefgh-12345' } },
  );
  expect(source).toMatchInlineSnapshot(`
    "import { defineScenario, type BeforeRun } from '@jarvis-load/engine';
    import { Type } from 'typebox';

    // Made by jarvis-load import from shop.har.

    /** From the environment, so that they are not in this file. */
    const secrets = {
      // field password
      LOAD_PASSWORD: process.env['LOAD_PASSWORD'] || 'not-set',
    };

    export const beforeRun: BeforeRun = () => {
      for (const [name, value] of Object.entries(secrets)) {
        if (value === 'not-set') console.warn(\`warning: the environment variable \${name} is not set\`);
      }
    };

    const Login = Type.Object({ token: Type.String() });
    const Items = Type.Object({ items: Type.Array(Type.Object({ id: Type.Number() })) });
    const Orders = Type.Object({ order: Type.Object({ id: Type.String() }) });

    export default defineScenario({
      name: 'shop',
      operations: ['POST /login', 'GET /items', 'POST /orders', 'GET /orders/{orderId}/lines/{lineId}'],
      async run(user) {
        const loginAnswer = (await user.post('/login', {
          json: { user: 'ada', password: secrets.LOAD_PASSWORD },
        })).json(Login);
        const token = loginAnswer?.token;
        if (token === undefined) return;
        await user.think(1.5);
        const itemsAnswer = (await user.get('/items', {
          query: { q: 'tea' },
          headers: { authorization: \`Bearer \${token}\` },
        })).json(Items);
        const itemId = itemsAnswer?.items[1]?.id;
        if (itemId === undefined) return;
        const ordersAnswer = (await user.post('/orders', {
          headers: { authorization: \`Bearer \${token}\` },
          json: { itemId, quantity: 7, user: 'ada' },
        })).json(Orders);
        const orderId = ordersAnswer?.order.id;
        if (orderId === undefined) return;
        await user.get('/orders/{orderId}/lines/{lineId}', {
          params: { orderId, lineId: '1' },
          headers: { authorization: \`Bearer \${token}\` },
        });
      },
      // What one iteration does: it bounds the load where a host is allowed up to a rate.
      demand: {
        iterationSeconds: 1.5,
        requests: {
          'POST /login': 1,
          'GET /items': 1,
          'POST /orders': 1,
          'GET /orders/{orderId}/lines/{lineId}': 1,
        },
      },
      thresholds: { http_req_failed: ['rate<0.01'] },
    });
    "
  `);
});

it('what overlapped goes at once, and its answers are read afterwards', () => {
  const source = sourceOf(
    { url: `${SHOP}/a`, at: 0, took: 200, answer: { id: 'first-id-1' } },
    { url: `${SHOP}/b/first-id-1`, at: 100, took: 200, answer: { id: 'second-id-2' } },
    { url: `${SHOP}/c/first-id-1/d/second-id-2`, at: 400 },
  );
  expect(source).toContain(
    "await user.batch(['GET /a', { operation: 'GET /b/{id}', params: { id: 'first-id-1' } }]);",
  );
  expect(source).toContain('const id = aAnswer?.id;');
  expect(source).toContain('params: { cId: id, dId: id2 }');
});

it('values that a request had first are inputs and stay as they are', () => {
  const source = sourceOf(
    {
      method: 'POST',
      url: `${SHOP}/carts`,
      at: 0,
      body: { cartId: 'cart-123456789' },
      answer: { id: 'cart-123456789' },
    },
    { url: `${SHOP}/carts/cart-123456789`, at: 100 },
  );
  expect(source).toContain("params: { id: 'cart-123456789' }");
});

it('cookies that an answer set are left to --cookies; others are a secret', () => {
  const imported = readHar(
    har(
      { url: `${SHOP}/`, at: 0, headers: { Cookie: 'known=1' }, setCookie: 'sid=abc; Path=/' },
      { url: `${SHOP}/b`, at: 100, headers: { Cookie: 'known=1; sid=abc' } },
    ),
    'shop.har',
    {},
  );
  expect(imported.notes.join()).toContain('--cookies');
  expect(imported.usesCookies).toBe(true);
  const { source } = writeTest(imported, { from: 'shop.har', locate: (path) => path });
  expect(source).toContain('const headers = { cookie: secrets.LOAD_COOKIE };');
  expect(source).not.toContain('known=1');
});

it('a host that is asked for becomes a base; preflights, sockets and aborted requests are listed', () => {
  const recorded = har(
    { url: `${SHOP}/`, at: 0 },
    { url: 'https://api.example.org/me', at: 100 },
    { url: 'https://ads.example.net/x', at: 200 },
    {
      method: 'OPTIONS',
      url: 'https://api.example.org/me',
      at: 90,
      headers: { 'Access-Control-Request-Method': 'GET' },
    },
    { url: 'wss://shop.example.org/live', at: 300 },
    { url: `${SHOP}/gone`, at: 300, status: 0 },
  );
  const imported = readHar(recorded, 'shop.har', { hosts: ['api.example.org'] });
  expect(imported.leftOut.map(({ reason, what }) => [reason.split(',')[0], what])).toEqual([
    ['WebSocket', ['shop.example.org/live']],
    ['preflight of a browser', ['OPTIONS /me']],
    ['request without an answer', ['GET /gone']],
    ['request to another host', ['GET /x']],
  ]);
  const { source } = writeTest(imported, { from: 'shop.har', locate: (path) => path });
  expect(source).toContain("bases: { 'api.example.org': 'https://api.example.org' },");
  expect(source).toContain("await user.request({ operation: 'GET api.example.org/me' });");
});

it('one host over HTTP and HTTPS becomes two bases', () => {
  const recorded = har(
    { url: `${SHOP}/`, at: 0 },
    { url: 'http://api.example.org/me', at: 100 },
    { url: 'https://api.example.org/me', at: 200 },
  );
  const imported = readHar(recorded, 'shop.har', { hosts: ['api.example.org'] });
  const { source, operations } = writeTest(imported, { from: 'shop.har', locate: (path) => path });
  expect(operations).toBe(3);
  expect(source).toContain("'http-api.example.org': 'http://api.example.org'");
  expect(source).toContain("'https-api.example.org': 'https://api.example.org'");
  expect(source).toContain("operation: 'GET https-api.example.org/me'");
});

it.each([
  ['no JSON', '<html>', 'it is not JSON'],
  ['other JSON', '{"openapi":"3.0.0"}', 'it has no log.entries'],
  ['an empty recording', '{"log":{"entries":[]}}', 'no request that a test could send'],
  [
    'entries that are none',
    '{"log":{"entries":[1,null,{"request":{"url":"%"}}]}}',
    'no request that a test could send',
  ],
])('%s is refused by name', (_, text, problem) => {
  expect(() => readHar(text, 'a.har', {})).toThrow(problem);
});

it.each([
  ['http://shop.example.org/', 301, `${SHOP}/`],
  ['https://www.shop.example.org/', 308, `${SHOP}/`],
  ['http://shop.example.org:8080/start', 307, `${SHOP}/start`],
])(
  'a recording that begins with %s, redirected by %i, is one of the site behind',
  (url, status, location) => {
    const imported = readHar(
      har(
        { url, at: 0, status, location },
        { url: location, at: 100, answer: { ok: true } },
        { url: `${SHOP}/items`, at: 200, answer: [] },
      ),
      'shop.har',
      {},
    );
    expect(imported.origin).toBe(SHOP);
    expect(imported.journeys[0]!.requests.map(({ origin, route }) => origin + route)).toEqual([
      location,
      `${SHOP}/items`,
    ]);
    expect(imported.leftOut).toEqual([
      expect.objectContaining({ reason: `redirect to ${SHOP}, the address of this test` }),
    ]);
  },
);

it('a redirect to another site stays the first request', () => {
  const imported = readHar(
    har(
      { url: `${SHOP}/pay`, at: 0, status: 302, location: 'https://pay.example.net/start' },
      { url: 'https://pay.example.net/start', at: 100, answer: {} },
    ),
    'shop.har',
    {},
  );
  expect(imported.origin).toBe(SHOP);
  expect(imported.journeys[0]!.requests.map(({ route }) => route)).toEqual(['/pay']);
});

it('the fields of a form that has no text are its body, and a file without content is said', () => {
  const params = [
    { name: 'title', value: 'tea' },
    { name: 'note', fileName: 'a.txt', contentType: 'text/plain', value: 'in it' },
    { name: 'photo', fileName: 'cup.jpg', contentType: 'image/jpeg' },
  ];
  const recorded = har(
    {
      method: 'POST',
      url: `${SHOP}/photos`,
      at: 0,
      body: {},
      headers: { 'Content-Type': 'multipart/form-data; boundary=x' },
    },
    { method: 'POST', url: `${SHOP}/other`, at: 100, body: {}, headers: { 'Content-Type': 'text/x-own' } },
  );
  const document = JSON.parse(recorded) as { log: { entries: { request: object }[] } };
  for (const { request } of document.log.entries)
    Object.assign(request, {
      headers: pairs({
        'content-type':
          request === document.log.entries[0]!.request ? 'multipart/form-data; boundary=x' : 'text/x-own',
      }),
      postData: { mimeType: '', params },
    });
  const { journeys, notes } = readHar(JSON.stringify(document), 'shop.har', {});
  const [photos, other] = journeys[0]!.requests;
  expect(photos!.body).toEqual({
    kind: 'multipart',
    parts: [
      ['title', { kind: 'value', value: 'tea' }],
      ['note', { kind: 'content', content: 'in it', name: 'a.txt', type: 'text/plain' }],
      ['photo', { kind: 'content', content: '', name: 'cup.jpg', type: 'image/jpeg' }],
    ],
  });
  expect(other!.body).toBeUndefined();
  expect([photos!.headers, other!.headers]).toEqual([[], []]);
  expect(notes.slice(0, 2)).toEqual([
    'The recording lacks the body of POST /other: add it to the file.',
    'The recording lacks the content of cup.jpg, which POST /photos sends: add it to the file.',
  ]);
});
