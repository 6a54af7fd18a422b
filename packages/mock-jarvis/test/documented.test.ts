import { documented, documentedContract, DocumentedError } from '@jarvis-load/jarvis/schemas';
import type { OperationContract } from '@jarvis-load/jarvis/schemas';
import { documentedDialect } from '@jarvis-load/jarvis';
import { Check, Errors } from '@jarvis-load/engine/typebox/value';
import type { TSchema } from '@jarvis-load/engine/typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMock } from '../src/index.ts';
import type { RunningMock } from '../src/index.ts';
import { call, logIn } from './support/call.ts';
import { VirtualClock } from './support/virtual-clock.ts';

let mock: RunningMock;
let token: string;
let conversationId: string;

beforeAll(async () => {
  mock = await startMock({ preset: 'fast' });
  token = await logIn(mock.url);
  const { json } = await call(mock.url, 'POST', '/api/chat', { token, body: { content: 'Bonjour' } });
  conversationId = (json as documented.ChatAnswer).conversation_id;
});
afterAll(() => mock.close());

function expectShape(schema: TSchema, value: unknown): void {
  expect(Errors(schema, value)).toEqual([]);
  expect(Check(schema, value)).toBe(true);
}

const audio = async (text: string): Promise<documented.SynthesizeAnswer> => {
  const { json } = await call(mock.url, 'POST', '/api/voice/synthesize', {
    token,
    body: { text, language: 'fr' },
  });
  return json as documented.SynthesizeAnswer;
};

describe('documented dialect', () => {
  const bodies: Partial<Record<keyof typeof documentedContract, () => unknown>> = {
    'auth.login': () => ({ username: 'admin', password: 'admin123' }),
    'chat.send': () => ({ content: 'Bonjour', metadata: { any: 1 } }),
    'chat.create': () => ({ title: 'Un titre' }),
    'memory.store': () => ({ conversation_id: 'c', user_message: 'Le chat dort', bot_response: 'Bien' }),
    'voice.synthesize': () => ({ text: 'Bonjour', language: 'fr' }),
  };

  it.each(Object.keys(documentedContract) as (keyof typeof documentedContract)[])(
    'answers %s in the shape of the contract',
    async (name) => {
      const operation = documentedDialect.operations[name];
      const contract: OperationContract = documentedContract[name];
      const path =
        operation.route.replace('{id}', conversationId) + (name === 'memory.search' ? '?q=chat&limit=5' : '');
      const body =
        name === 'voice.transcribe' ? { audio_data: (await audio('Salut')).audio_data } : bodies[name]?.();
      const reply = await call(mock.url, operation.method, path, {
        body,
        ...(operation.protected && { token }),
      });
      expect([reply.status, reply.status === 200 ? '' : reply.text]).toEqual([200, '']);
      if (contract.answer === undefined) expect(reply.headers['content-type']).toMatch(/^text\/plain/);
      else expectShape(contract.answer, reply.json);
    },
  );

  it.each([
    ['no token', 'GET', '/api/chat/conversations', {}, 401, 'AUTHENTICATION_ERROR'],
    ['a token that is none', 'GET', '/api/chat/conversations', { token: 'x' }, 401, 'AUTHENTICATION_ERROR'],
    [
      'another scheme',
      'GET',
      '/api/chat/conversations',
      { headers: { authorization: 'Basic eA==' } },
      401,
      'AUTHENTICATION_ERROR',
    ],
    [
      'no token before a broken body',
      'POST',
      '/api/chat',
      { raw: '{"content"' },
      401,
      'AUTHENTICATION_ERROR',
    ],
    [
      'a wrong password',
      'POST',
      '/auth/login',
      { body: { username: 'admin', password: 'no' } },
      401,
      'AUTHENTICATION_ERROR',
    ],
    ['a missing field', 'POST', '/auth/login', { body: { username: 'admin' } }, 400, 'VALIDATION_ERROR'],
    ['broken JSON', 'POST', '/auth/login', { raw: '{"username"' }, 400, 'VALIDATION_ERROR'],
    ...[
      'text/csv',
      'text/plain',
      'text/plain; charset=utf-8',
      'application/x-www-form-urlencoded',
      'application/jsonp',
      'multipart/form-data; boundary=x',
      '',
    ].map(
      (type) =>
        [
          `JSON sent as ${JSON.stringify(type)}`,
          'POST',
          '/auth/login',
          {
            raw: '{"username":"admin","password":"admin123"}',
            headers: { 'content-type': type },
          },
          415,
          'UNSUPPORTED_MEDIA_TYPE',
        ] as const,
    ),
    ['an unknown path', 'GET', '/api/nothing', {}, 404, 'NOT_FOUND'],
    ['a path that cannot be decoded', 'GET', '/api/chat/history/%zz', {}, 400, 'VALIDATION_ERROR'],
    ['a wrong method', 'PUT', '/api/chat', {}, 405, 'METHOD_NOT_ALLOWED'],
    ['a WebSocket path without upgrade', 'GET', '/ws', {}, 426, 'UPGRADE_REQUIRED'],
  ] as const)('refuses %s', async (_name, method, path, options, status, code) => {
    const reply = await call(mock.url, method, path, options);
    expect(reply.status).toBe(status);
    expectShape(DocumentedError, reply.json);
    expect(reply.json).toMatchObject({ code });
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON'])(
    'takes JSON sent as %s',
    async (type) => {
      const raw = '{"username":"admin","password":"admin123"}';
      const reply = await call(mock.url, 'POST', '/auth/login', { raw, headers: { 'content-type': type } });
      expect(reply.status).toBe(200);
    },
  );

  it.each(['/api/chat', '/api/voice/transcribe', '/auth/login', '/anything'])(
    'answers a preflight of %s, without a token, for the origins it knows',
    async (path) => {
      const headers = { origin: 'http://localhost:3000', 'access-control-request-method': 'POST' };
      const known = await call(mock.url, 'OPTIONS', path, { headers });
      expect([known.status, known.text]).toEqual([200, '']);
      expect(known.headers).toMatchObject({
        'access-control-allow-origin': 'http://localhost:3000',
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'GET,POST,DELETE,OPTIONS',
        'access-control-allow-headers': 'content-type,authorization',
        'access-control-max-age': '3600',
      });
      const stranger = { ...headers, origin: 'http://evil.example' };
      const refused = await call(mock.url, 'OPTIONS', path, { headers: stranger });
      expect(refused.headers['access-control-allow-origin']).toBeUndefined();
    },
  );

  it('lets a page of a known origin read answers and errors, and adds nothing for other clients', async () => {
    const headers = { origin: 'http://localhost:5173' };
    for (const path of ['/health', '/api/chat/conversations', '/api/nothing']) {
      const reply = await call(mock.url, 'GET', path, { headers });
      expect(reply.headers['access-control-allow-origin']).toBe('http://localhost:5173');
      expect(reply.headers['vary']).toContain('origin');
      const plain = await call(mock.url, 'GET', path, {});
      expect(Object.keys(plain.headers).filter((name) => /^(access-control|vary)/.test(name))).toEqual([]);
    }
  });

  it('gives its admin routes no preflight', async () => {
    const headers = { origin: 'http://localhost:3000', 'access-control-request-method': 'PUT' };
    const reply = await call(mock.url, 'OPTIONS', '/__mock/config', { headers });
    expect(reply.status).toBe(404);
    expect(reply.headers['access-control-allow-origin']).toBeUndefined();
  });

  it.each([
    ['an empty message', 'POST', '/api/chat', { content: '' }, 400],
    ['a message that is a number', 'POST', '/api/chat', { content: 5 }, 400],
    ['a search without words', 'GET', '/api/memory/search?limit=5', undefined, 400],
    ['a limit that is no number', 'GET', '/api/memory/search?q=a&limit=x', undefined, 400],
    ['audio that is no base64', 'POST', '/api/voice/transcribe', { audio_data: '###' }, 400],
    ['audio that is no WAV', 'POST', '/api/voice/transcribe', { audio_data: 'AAAAAAAA' }, 400],
    ['an unknown conversation', 'GET', '/api/chat/conversation/nope', undefined, 404],
    ['deleting an unknown conversation', 'DELETE', '/api/chat/conversation/nope', undefined, 404],
  ] as const)('refuses %s of a known user', async (_name, method, path, body, status) => {
    const reply = await call(mock.url, method, path, { token, body });
    expect(reply.status).toBe(status);
    expectShape(DocumentedError, reply.json);
  });

  it('keeps conversations with their history, until they are deleted', async () => {
    const mine = await logIn(mock.url);
    const say = (content: string, id?: string) =>
      call(mock.url, 'POST', '/api/chat', { token: mine, body: { content, conversation_id: id } });
    const first = (await say('Première question')).json as documented.ChatAnswer;
    const id = first.conversation_id;
    await say('Deuxième question', id);
    const history = (await call(mock.url, 'GET', `/api/chat/conversation/${id}`, { token: mine }))
      .json as documented.HistoryAnswer;
    expect(history.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant']);
    expect(history.messages[2]!.content).toBe('Deuxième question');
    expect(first.message.content).toContain('Première question');
    const older = await call(mock.url, 'GET', `/api/chat/history/${id}`, { token: mine });
    expectShape(documented.OlderHistoryAnswer, older.json);
    const list = (await call(mock.url, 'GET', '/api/chat/conversations?limit=1', { token: mine }))
      .json as documented.ConversationsAnswer;
    expect(list.conversations).toMatchObject([{ id, message_count: 4, title: 'Première question' }]);
    expect(list.total).toBeGreaterThan(1);
    const deleted = await call(mock.url, 'DELETE', `/api/chat/conversation/${id}`, {
      token: mine,
      headers: { 'content-type': 'application/json' },
    });
    expect(deleted.json).toMatchObject({ success: true });
    expect((await call(mock.url, 'GET', `/api/chat/conversation/${id}`, { token: mine })).status).toBe(404);
  });

  it('finds what was stored, best first, whatever the accents, and nothing of another user', async () => {
    const other = await startMock({ preset: 'fast', settings: ['auth.anyAccount=true'] });
    const [ann, bob] = [
      await logIn(other.url, 'documented', 'ann'),
      await logIn(other.url, 'documented', 'bob'),
    ];
    const store = (text: string) =>
      call(other.url, 'POST', '/api/memory/store', {
        token: ann,
        body: { conversation_id: 'c1', user_message: text, bot_response: 'noté' },
      });
    await store('La synthèse vocale parle français');
    await store('Un chat dort sur le clavier');
    const search = async (searcher: string, q: string) =>
      (
        await call(other.url, 'GET', `/api/memory/search?q=${encodeURIComponent(q)}&limit=5`, {
          token: searcher,
        })
      ).json as documented.SearchAnswer;
    const hit = await search(ann, 'SYNTHESE français');
    expect(hit.total).toBe(1);
    expect(hit.results[0]).toMatchObject({
      user_message: 'La synthèse vocale parle français',
      conversation_id: 'c1',
    });
    expect(hit.results[0]!.score).toBeGreaterThan(0);
    expect((await search(ann, 'note')).total).toBe(2);
    expect((await search(ann, 'girafe')).results).toEqual([]);
    expect((await search(bob, 'chat')).total).toBe(0);
    await other.close();
  });

  it('reports its own times, which the latency model governs', async () => {
    const slow = await startMock({
      preset: 'fast',
      settings: ['latency.chat.send=60ms', 'latency.memory.search=40ms'],
    });
    const mine = await logIn(slow.url);
    const started = performance.now();
    const chat = (await call(slow.url, 'POST', '/api/chat', { token: mine, body: { content: 'x' } }))
      .json as documented.ChatAnswer;
    expect(performance.now() - started).toBeGreaterThanOrEqual(60);
    expect(chat.latency_ms).toBeGreaterThanOrEqual(60);
    const found = (await call(slow.url, 'GET', '/api/memory/search?q=a', { token: mine }))
      .json as documented.SearchAnswer;
    expect(found.query_time_ms).toBeGreaterThanOrEqual(40);
    await slow.close();
  });

  it('lets tokens expire on its own clock, without leeway', async () => {
    const clock = new VirtualClock();
    const timed = await startMock({ preset: 'fast', clock });
    const { json } = await call(timed.url, 'POST', '/auth/login', {
      body: { username: 'admin', password: 'admin123' },
    });
    const login = json as documented.LoginAnswer;
    expect(login.expires_in).toBe(3600);
    const list = () => call(timed.url, 'GET', '/api/chat/conversations', { token: login.token });
    clock.advance(3_599_000);
    expect((await list()).status).toBe(200);
    clock.advance(1000);
    const late = await list();
    expect(late.status).toBe(401);
    expect(late.json).toMatchObject({ message: 'Token expired' });
    await timed.close();
    const brief = await startMock({ preset: 'fast', settings: ['auth.tokenLifetime=90s'] });
    expect(
      (await call(brief.url, 'POST', '/auth/login', { body: { username: 'admin', password: 'admin123' } }))
        .json,
    ).toMatchObject({ expires_in: 90 });
    await brief.close();
  });

  it('refuses a token of another key', async () => {
    const other = await startMock({ preset: 'fast', settings: ['auth.secret=another'] });
    expect(
      (await call(mock.url, 'GET', '/api/chat/conversations', { token: await logIn(other.url) })).status,
    ).toBe(401);
    await other.close();
  });

  it('counts in Prometheus text, cumulative up to +Inf', async () => {
    const own = await startMock({ preset: 'fast' });
    const mine = await logIn(own.url);
    await call(own.url, 'GET', '/api/chat/conversation/nope', { token: mine });
    await call(own.url, 'GET', '/api/chat/conversations');
    const { text } = await call(own.url, 'GET', '/metrics');
    expect(text).toContain('http_requests_total{method="POST",endpoint="/auth/login",status="200"} 1\n');
    expect(text).toContain(
      'http_requests_total{method="GET",endpoint="/api/chat/conversation/{id}",status="404"} 1\n',
    );
    expect(text).toContain(
      'http_requests_total{method="GET",endpoint="/api/chat/conversations",status="401"} 1\n',
    );
    expect(text).toContain('# TYPE http_request_duration_seconds histogram');
    expect(text).toContain(
      'http_request_duration_seconds_bucket{method="POST",endpoint="/auth/login",le="+Inf"} 1',
    );
    expect(text).toContain('http_request_duration_seconds_count{method="POST",endpoint="/auth/login"} 1');
    await own.close();
  });

  it('describes itself in OpenAPI, every operation of the contract with the contract’s schemas', async () => {
    const { json } = await call(mock.url, 'GET', '/openapi.json');
    const document = json as {
      openapi: string;
      paths: Record<string, Record<string, { operationId: string; responses: Record<string, unknown> }>>;
    };
    expect(document.openapi).toMatch(/^3\./);
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(ids).toEqual(expect.arrayContaining(Object.keys(documentedContract)));
    expect(document.paths['/api/chat']!['post']!.responses['200']).toMatchObject({
      content: { 'application/json': { schema: { required: ['message', 'conversation_id', 'latency_ms'] } } },
    });
    expect(Object.keys(document.paths).filter((path) => path.startsWith('/__mock'))).toEqual([]);
  });

  it('keeps its stores bounded, and drops what was unused for longest', async () => {
    const small = await startMock({
      preset: 'fast',
      settings: ['stores.conversations=3', 'stores.memories=2', 'stores.messagesPerConversation=4'],
    });
    const mine = await logIn(small.url);
    const create = async (title: string) =>
      (
        (await call(small.url, 'POST', '/api/chat/conversation', { token: mine, body: { title } }))
          .json as documented.CreateAnswer
      ).id;
    const ids = [await create('a'), await create('b'), await create('c')];
    for (let turn = 0; turn < 5; turn += 1) {
      await call(small.url, 'POST', '/api/chat', {
        token: mine,
        body: { content: `m${turn}`, conversation_id: ids[0] },
      });
    }
    await create('d');
    const list = (await call(small.url, 'GET', '/api/chat/conversations', { token: mine }))
      .json as documented.ConversationsAnswer;
    expect(list.conversations.map(({ title }) => title)).toEqual(['d', 'a', 'c']);
    expect(list.conversations[1]!.message_count).toBe(10);
    const history = (await call(small.url, 'GET', `/api/chat/conversation/${ids[0]}`, { token: mine }))
      .json as documented.HistoryAnswer;
    expect(history.messages).toHaveLength(4);
    for (const text of ['un', 'deux', 'trois']) {
      await call(small.url, 'POST', '/api/memory/store', {
        token: mine,
        body: { conversation_id: 'c', user_message: text, bot_response: 'commun' },
      });
    }
    const found = (await call(small.url, 'GET', '/api/memory/search?q=commun', { token: mine }))
      .json as documented.SearchAnswer;
    expect(found.results.map(({ user_message }) => user_message).toSorted()).toEqual(['deux', 'trois']);
    await small.close();
  });
});
