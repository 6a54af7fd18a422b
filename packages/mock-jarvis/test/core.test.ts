import { core, coreContract, CoreUnauthorizedError } from '@jarvis-load/jarvis/schemas';
import type { OperationContract } from '@jarvis-load/jarvis/schemas';
import { coreDialect } from '@jarvis-load/jarvis';
import { createSigner } from 'fast-jwt';
import { Check, Errors } from '@jarvis-load/engine/typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMock } from '../src/index.ts';
import type { RunningMock } from '../src/index.ts';
import { call, logIn } from './support/call.ts';
import type { Reply } from './support/call.ts';
import { VirtualClock } from './support/virtual-clock.ts';

const TEXT = 'text/plain; charset=utf-8';
const clock = new VirtualClock();
let mock: RunningMock;
let token: string;

beforeAll(async () => {
  mock = await startMock({ preset: 'fast', settings: ['dialect=core'], clock });
  token = await logIn(mock.url, 'core');
});
afterAll(() => mock.close());

/** Advances the clock by the limiter's window of one second. */
const nextWindow = (): void => clock.advance(1000);
const login = (body: unknown): Promise<Reply> => call(mock.url, 'POST', '/api/auth/login', { body });
/** Status, content type and text of a plain-text refusal. */
const textOf = (reply: Reply): unknown[] => [reply.status, reply.headers['content-type'], reply.text];

describe('core dialect', () => {
  const bodies: Partial<Record<keyof typeof coreContract, unknown>> = {
    'auth.login': { username: 'someone', password: 'anything' },
    'chat.send': { content: 'Bonjour' },
    'memory.store': { content: 'Le chat dort' },
    'memory.search': { query: 'chat', limit: 5 },
    'voice.synthesize': { text: 'Bonjour', language: 'fr' },
    'voice.transcribe': { audio_data: 'AAAA' },
  };

  it.each(Object.keys(coreContract) as (keyof typeof coreContract)[])(
    'answers %s as the core does',
    async (name) => {
      nextWindow();
      const operation = coreDialect.operations[name];
      const contract: OperationContract = coreContract[name];
      const reply = await call(mock.url, operation.method, operation.route.replace('{id}', 'any'), {
        body: bodies[name],
        ...(operation.protected && { token }),
      });
      expect([reply.status, reply.status === 200 ? '' : reply.text]).toEqual([200, '']);
      if (contract.answer === undefined) {
        expect([reply.text, reply.headers['content-type']]).toEqual(['', undefined]);
      } else {
        expect(reply.headers['content-type']).toBe('application/json');
        expect(Errors(contract.answer, reply.json)).toEqual([]);
        expect(Check(contract.answer, reply.json)).toBe(true);
      }
    },
  );

  it('accepts any credentials, with a new user id each time', async () => {
    nextWindow();
    const [a, b] = [
      await login({ username: 'x', password: 'y' }),
      await login({ username: 'x', password: 'z' }),
    ];
    expect(a.json).toMatchObject({ token_type: 'Bearer', expires_in: 86_400, username: 'x' });
    expect((a.json as core.LoginAnswer).user_id).toMatch(/^user-[0-9a-f-]{36}$/);
    expect((a.json as core.LoginAnswer).user_id).not.toBe((b.json as core.LoginAnswer).user_id);
  });

  it('echoes a message with its prefix, its scripts taken out', async () => {
    const body = { content: '  <script>Été</script> <Script> ', conversation_id: 'not-a-uuid' };
    const { json } = await call(mock.url, 'POST', '/api/chat', { token, body });
    const answer = json as core.ChatAnswer;
    expect(answer).toMatchObject({
      content: 'Réponse mock: Été <Script>',
      conversation_id: 'not-a-uuid',
      role: 'assistant',
      tokens: 50,
    });
    expect(Object.keys(answer)).toEqual(['id', 'conversation_id', 'role', 'content', 'timestamp', 'tokens']);
    expect(answer.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}\+00:00$/);
  });

  it('gives constants, byte for byte', async () => {
    expect((await call(mock.url, 'GET', '/ready')).text).toBe('{"status":"ready","version":"1.9.0"}');
    expect((await call(mock.url, 'GET', '/metrics')).text).toBe(
      '{"requests_total":0,"chat_requests":0,"stt_requests":0,"tts_requests":0,"memory_searches":0,"avg_latency_ms":0.0}',
    );
    const speech = await call(mock.url, 'POST', '/api/voice/synthesize', { token, body: { text: 'a' } });
    expect(speech.text).toBe(
      '{"audio_data":"base64_encoded_audio_data","sample_rate":22050,"duration_ms":3000,"voice":"fr_FR-upmc-medium"}',
    );
    const heard = await call(mock.url, 'POST', '/api/voice/transcribe', {
      token,
      body: { audio_data: 'abc', language: 'de' },
    });
    expect(heard.json).toMatchObject({ confidence: 0.95, language: 'de', duration_ms: 2500 });
    const added = await call(mock.url, 'POST', '/api/memory/add', {
      token,
      body: { content: 'a', importance: 1 },
    });
    expect(added.text).toContain('"embedding":null,"importance":1.0,"created_at"');
    const history = await call(mock.url, 'GET', '/api/chat/history/whatever', { token });
    expect(
      (history.json as core.HistoryAnswer).map((said) => [said.conversation_id, said.role, said.tokens]),
    ).toEqual([
      ['conv_1', 'user', 10],
      ['conv_1', 'assistant', 20],
    ]);
    const ws = await call(mock.url, 'GET', '/ws');
    expect([ws.status, ws.headers['content-type']]).toEqual([200, TEXT]);
  });

  it('counts its uptime from the first look at /health', async () => {
    const late = new VirtualClock();
    const fresh = await startMock({ preset: 'fast', settings: ['dialect=core'], clock: late });
    late.advance(60_000);
    expect((await call(fresh.url, 'GET', '/health')).json).toMatchObject({ uptime_secs: 0 });
    late.advance(5000);
    expect((await call(fresh.url, 'GET', '/health')).json).toMatchObject({ uptime_secs: 5 });
    await fresh.close();
  });

  it.each([
    ['/auth/login', 'POST', 404, undefined],
    ['/api/auth/refresh', 'POST', 404, undefined],
    ['/health/', 'GET', 404, undefined],
    ['/openapi.json', 'GET', 404, undefined],
    ['/api/memory/store', 'POST', 404, undefined],
    ['/api/chat/conversation', 'POST', 404, undefined],
    ['/api/chat/history/', 'GET', 404, undefined],
    ['/api/chat/conversation/x', 'GET', 405, 'DELETE'],
    ['/api/memory/search?q=test', 'GET', 405, 'POST'],
    ['/health', 'POST', 405, 'GET,HEAD'],
    ['/api/chat', 'PUT', 405, 'POST'],
  ])('answers %s by %s with %i and an empty body', async (path, method, status, allow) => {
    const reply = await call(mock.url, method, path, { token });
    expect([reply.status, reply.text, reply.headers['content-type'], reply.headers['allow']]).toEqual([
      status,
      '',
      undefined,
      allow,
    ]);
  });

  it.each([
    [{}, 'Missing authorization token'],
    [{ authorization: 'bearer x' }, 'Invalid token'],
    [{ authorization: 'Bearer  x' }, 'Failed to decode token'],
    [{ authorization: 'Bearer x' }, 'Failed to decode token'],
  ])('refuses the authorization %j before it looks at the body', async (headers, error) => {
    const reply = await call(mock.url, 'POST', '/api/chat', { raw: 'garbage', headers });
    expect([reply.status, reply.text]).toEqual([401, JSON.stringify({ error, code: 'UNAUTHORIZED' })]);
    expect(reply.headers['content-type']).toBe('application/json');
    expect(Check(CoreUnauthorizedError, reply.json)).toBe(true);
    expect(reply.headers['www-authenticate']).toBeUndefined();
  });

  it('takes tokens minted with the secret, forgives a minute, and wants all six claims', async () => {
    const sign = createSigner({ key: mock.config.auth.secret, algorithm: 'HS256' });
    const now = Math.floor(clock.nowMs() / 1000);
    const claims = {
      sub: 'u',
      user_id: 'u',
      username: 'minted',
      iat: now - 100,
      exp: now - 30,
      permissions: ['chat'],
    };
    const whoami = (minted: string) => call(mock.url, 'GET', '/api/auth/whoami', { token: minted });
    expect((await whoami(sign(claims))).json).toEqual({
      user_id: 'u',
      username: 'minted',
      permissions: ['chat'],
    });
    expect((await whoami(sign({ ...claims, exp: now - 61 }))).text).toContain('Token expired');
    const { permissions: _left, ...fewer } = claims;
    expect((await whoami(sign(fewer))).text).toContain('Failed to decode token');
    const other = createSigner({ key: mock.config.auth.secret, algorithm: 'HS512' });
    expect((await whoami(other(claims))).text).toContain('Failed to decode token');
  });

  const SYNTAX = 'Failed to parse the request body as JSON: ';
  const DATA = 'Failed to deserialize the JSON body into the target type: ';
  it.each([
    ['', 400, `${SYNTAX}EOF while parsing a value at line 1 column 0`],
    ['{"username":"a"', 400, `${SYNTAX}EOF while parsing an object at line 1 column 15`],
    ['{"username":"a",}', 400, `${SYNTAX}trailing comma at line 1 column 17`],
    ['{\n  username: 1}', 400, `${SYNTAX}key must be a string at line 2 column 3`],
    ['{"username" "a"}', 400, `${SYNTAX}expected \`:\` at line 1 column 13`],
    ['{"username":"a" "b"}', 400, `${SYNTAX}expected \`,\` or \`}\` at line 1 column 17`],
    ['{"username":"a', 400, `${SYNTAX}username: EOF while parsing a string at line 1 column 14`],
    ['{"username":"\\x"}', 400, `${SYNTAX}username: invalid escape at line 1 column 15`],
    ['{"username":nope}', 400, `${SYNTAX}username: expected ident at line 1 column 14`],
    ['{"username":01}', 400, `${SYNTAX}username: invalid number at line 1 column 14`],
    ['{"username":1.}', 400, `${SYNTAX}username: invalid number at line 1 column 15`],
    ['{"username":1e', 400, `${SYNTAX}username: EOF while parsing a value at line 1 column 14`],
    ['{"username":1e999}', 400, `${SYNTAX}username: number out of range at line 1 column 17`],
    ['{"username":"\\ud800"}', 400, `${SYNTAX}username: unexpected end of hex escape at line 1 column 20`],
    [`{"x":${'['.repeat(20_000)}`, 400, `${SYNTAX}x: EOF while parsing a list at line 1 column 20005`],
    [
      `{"x":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
      422,
      `${DATA}missing field \`username\` at line 1 column 40006`,
    ],
    ['{"x":{"a":[1,]}}', 400, `${SYNTAX}x: expected value at line 1 column 14`],
    [
      '["a"]',
      422,
      `${DATA}invalid length 1, expected struct LoginRequest with 2 elements at line 1 column 5`,
    ],
    ['["a","b",1]', 400, `${SYNTAX}trailing characters at line 1 column 10`],
    ['[1]', 422, `${DATA}[0]: invalid type: integer \`1\`, expected a string at line 1 column 2`],
    ['{"username":"a","password":"b"} x', 400, `${SYNTAX}trailing characters at line 1 column 33`],
    ['hello', 400, `${SYNTAX}expected value at line 1 column 1`],
    ['{}', 422, `${DATA}missing field \`username\` at line 1 column 2`],
    ['{"username":"é"}', 422, `${DATA}missing field \`password\` at line 1 column 17`],
    [
      '{"username":1,"password":"b"}',
      422,
      `${DATA}username: invalid type: integer \`1\`, expected a string at line 1 column 13`,
    ],
    ['{"username":null}', 422, `${DATA}username: invalid type: null, expected a string at line 1 column 16`],
    [
      '{"username":true}',
      422,
      `${DATA}username: invalid type: boolean \`true\`, expected a string at line 1 column 16`,
    ],
    [
      '{"username":[]}',
      422,
      `${DATA}username: invalid type: sequence, expected a string at line 1 column 12`,
    ],
    ['{"username":"a","username":"b"}', 422, `${DATA}duplicate field \`username\` at line 1 column 26`],
    [
      '{"username":"a","password":"b","username":"c"}',
      422,
      `${DATA}duplicate field \`username\` at line 1 column 41`,
    ],
    ['"x"', 422, `${DATA}invalid type: string "x", expected struct LoginRequest at line 1 column 3`],
  ])(
    'words the refusal of the body %j as serde does, without counting it as a login',
    async (raw, status, text) => {
      const reply = await call(mock.url, 'POST', '/api/auth/login', {
        raw,
        headers: { 'content-type': 'application/json; charset=utf-8' },
      });
      expect(textOf(reply)).toEqual([status, TEXT, text]);
    },
  );

  it('takes the fields of a body as a list, in their order, as serde does', async () => {
    const reply = await call(mock.url, 'POST', '/api/memory/search', { raw: '["a",null]', token });
    expect(reply.status).toBe(200);
    expect(reply.text).toContain('"a');
  });

  it.each([
    [
      '{"query":"a","limit":1.5}',
      `${DATA}limit: invalid type: floating point \`1.5\`, expected i32 at line 1 column 24`,
    ],
    [
      '{"query":"a","limit":5.0}',
      `${DATA}limit: invalid type: floating point \`5.0\`, expected i32 at line 1 column 24`,
    ],
    [
      '{"query":"a","limit":3000000000}',
      `${DATA}limit: invalid value: integer \`3000000000\`, expected i32 at line 1 column 31`,
    ],
    ['{"query":"a","limit":"5"}', `${DATA}limit: invalid type: string "5", expected i32 at line 1 column 24`],
  ])('refuses the search %j with 422', async (raw, text) => {
    const reply = await call(mock.url, 'POST', '/api/memory/search', { raw, token });
    expect(textOf(reply)).toEqual([422, TEXT, text]);
  });

  it.each([
    ['text/plain', 415, 'Expected request with `Content-Type: application/json`'],
    ['', 415, 'Expected request with `Content-Type: application/json`'],
    ['application/problem+json', 422, `${DATA}missing field \`username\` at line 1 column 2`],
  ])('judges the content type %j', async (type, status, text) => {
    const headers = { 'content-type': type };
    const reply = await call(mock.url, 'POST', '/api/auth/login', { raw: '{}', headers });
    expect(textOf(reply)).toEqual([status, TEXT, text]);
  });

  it.each([
    ['/api/auth/login', { username: 'a@b.c', password: 'x' }, 'Invalid credentials: '],
    ['/api/auth/login', { username: 'a', password: '' }, 'Invalid credentials: '],
    ['/api/auth/login', { username: 'a'.repeat(256), password: 'x' }, 'Invalid credentials: '],
    ['/api/chat', { content: '' }, 'Invalid message: '],
    ['/api/chat', { content: 'é'.repeat(5001) }, 'Invalid message: '],
    ['/api/chat', { content: 'a\0' }, 'Invalid message: '],
    ['/api/chat', { content: 'a', conversation_id: '' }, 'Invalid conversation ID: '],
    ['/api/memory/add', { content: 'a', importance: 1.1 }, 'Invalid importance: '],
    ['/api/memory/search', { query: 'a', limit: 0 }, 'Invalid limit: '],
    ['/api/voice/synthesize', { text: 'a', speed: 0 }, 'Invalid speed: '],
    ['/api/voice/transcribe', { audio_data: 'base64_encoded_audio_data' }, 'Invalid audio data: '],
    ['/api/voice/transcribe', { audio_data: 'AAA', language: 'x'.repeat(11) }, 'Invalid language: '],
  ])('refuses values out of bounds at %s with a sentence (%#)', async (path, body, start) => {
    nextWindow();
    const reply = await call(mock.url, 'POST', path, { token, body });
    expect([reply.status, reply.headers['content-type']]).toEqual([400, TEXT]);
    expect(reply.text.startsWith(start)).toBe(true);
  });

  it('counts lengths in bytes, and takes whitespace alone', async () => {
    for (const content of ['é'.repeat(5000), ' ']) {
      expect((await call(mock.url, 'POST', '/api/chat', { token, body: { content } })).status).toBe(200);
    }
    const path = (length: number) => `/api/chat/history/${'x'.repeat(length)}`;
    expect((await call(mock.url, 'GET', path(255), { token })).status).toBe(200);
    expect((await call(mock.url, 'GET', path(256), { token })).text).toMatch(/^Invalid conversation ID: /);
  });

  it('refuses more than 2 MiB before it reads them', async () => {
    const body = { content: 'x'.repeat(2 * 1024 * 1024) };
    const reply = await call(mock.url, 'POST', '/api/chat', { token, body });
    expect(textOf(reply)).toEqual([413, TEXT, 'Failed to buffer the request body: length limit exceeded']);
  });

  it('limits logins to 5 a second and address, refused ones included, in plain text without headers', async () => {
    nextWindow();
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 8; attempt += 1)
      statuses.push((await login({ username: 'a', password: 'b' })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
    const refused = await login({ username: 'a', password: 'b' });
    expect(textOf(refused)).toEqual([429, TEXT, 'Too many login attempts. Please try again later.']);
    expect(Object.keys(refused.headers).filter((name) => /ratelimit|retry/.test(name))).toEqual([]);
    clock.advance(999);
    expect((await login({ username: 'a', password: 'b' })).status).toBe(429);
    clock.advance(1);
    expect((await login({ username: 'a', password: 'b' })).status).toBe(200);
  });

  it('answers any OPTIONS as a preflight, for the origins it knows', async () => {
    const headers = { origin: 'http://localhost:3000', 'access-control-request-method': 'POST' };
    const known = await call(mock.url, 'OPTIONS', '/api/chat', { headers });
    expect([known.status, known.text]).toEqual([200, '']);
    expect(known.headers).toMatchObject({
      'access-control-allow-origin': 'http://localhost:3000',
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET,POST,DELETE,OPTIONS',
      'access-control-max-age': '3600',
    });
    const stranger = await call(mock.url, 'OPTIONS', '/anything', {
      headers: { ...headers, origin: 'http://evil.example' },
    });
    expect([stranger.status, stranger.headers['access-control-allow-origin']]).toEqual([200, undefined]);
  });
});
