import { describe, expect, it } from 'vitest';
import { DocumentedRateLimitError } from '@jarvis-load/jarvis/schemas';
import { Check } from '@jarvis-load/engine/typebox/value';
import { startMock } from '../src/index.ts';
import { WindowLimiter } from '../src/limits/window-limiter.ts';
import { call, logIn } from './support/call.ts';
import { VirtualClock } from './support/virtual-clock.ts';

describe('fixed-window limiter', () => {
  it('counts refused attempts, and begins a new window with the first check after its end', () => {
    const limiter = new WindowLimiter(2, 1000);
    const check = (nowMs: number) => limiter.check('a', nowMs);
    expect([check(500), check(600), check(700), check(1499)].map(({ allowed }) => allowed)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(check(1500)).toEqual({ allowed: true, limit: 2, remaining: 1, resetAtMs: 2500 });
    expect(check(9000)).toMatchObject({ allowed: true, resetAtMs: 10_000 });
  });

  it('keeps keys apart', () => {
    const limiter = new WindowLimiter(1, 1000);
    expect(limiter.check('a', 0).allowed).toBe(true);
    expect(limiter.check('b', 0).allowed).toBe(true);
    expect(limiter.check('a', 0).allowed).toBe(false);
  });
});

describe('documented rate limits', () => {
  it('allow 60 chats a minute and token, with headers, Retry-After and retry_after', async () => {
    const clock = new VirtualClock(Date.UTC(2026, 0, 1));
    const mock = await startMock({
      preset: 'rate-limited',
      settings: ['latency.chat.send=0', 'latency.auth.login=0'],
      clock,
    });
    const token = await logIn(mock.url);
    const startedMs = clock.elapsedMs();
    const chat = (own = token) => call(mock.url, 'POST', '/api/chat', { token: own, body: { content: 'x' } });
    const first = await chat();
    expect(first.status).toBe(200);
    expect(first.headers).toMatchObject({
      'x-ratelimit-limit': '60',
      'x-ratelimit-remaining': '59',
      'x-ratelimit-reset': String(Math.ceil((Date.UTC(2026, 0, 1) + startedMs + 60_000) / 1000)),
    });
    for (let index = 1; index < 60; index += 1) expect((await chat()).status).toBe(200);
    clock.advance(20_500);
    const refused = await chat();
    expect(refused.status).toBe(429);
    expect(Check(DocumentedRateLimitError, refused.json)).toBe(true);
    expect(refused.json).toMatchObject({ code: 'RATE_LIMIT_ERROR', retry_after: 40 });
    expect(refused.headers).toMatchObject({ 'retry-after': '40', 'x-ratelimit-remaining': '0' });
    clock.advance(39_500);
    expect((await chat()).status).toBe(200);
    await mock.close();
  });

  it('count by token, by user, or by address', async () => {
    const run = async (scope: string): Promise<number[]> => {
      const clock = new VirtualClock();
      const mock = await startMock({
        preset: 'fast',
        settings: [
          'rateLimits.enabled=on',
          'rateLimits.chat=1',
          `rateLimits.scope=${scope}`,
          'auth.anyAccount=on',
        ],
        clock,
      });
      const ann = await logIn(mock.url, 'documented', 'ann');
      clock.advance(1000);
      const annAgain = await logIn(mock.url, 'documented', 'ann');
      const bob = await logIn(mock.url, 'documented', 'bob');
      const statuses: number[] = [];
      for (const token of [ann, annAgain, bob]) {
        statuses.push((await call(mock.url, 'POST', '/api/chat', { token, body: { content: 'x' } })).status);
      }
      await mock.close();
      return statuses;
    };
    expect(await run('token')).toEqual([200, 200, 200]);
    expect(await run('user')).toEqual([200, 429, 200]);
    expect(await run('ip')).toEqual([200, 429, 429]);
  });

  it('of all operations count the assistant by token, user or address', async () => {
    const run = async (scope: string, ask: (url: string, token: string) => Promise<number>) => {
      const clock = new VirtualClock();
      const limits = ['rateLimits.enabled=on', 'rateLimits.all=1', `rateLimits.scope=${scope}`];
      const mock = await startMock({ preset: 'fast', settings: [...limits, 'auth.anyAccount=on'], clock });
      // Logins, too, are counted by address: each in a window of its own.
      const tokens: string[] = [];
      for (const name of ['ann', 'ann', 'bob']) {
        tokens.push(await logIn(mock.url, 'documented', name));
        clock.advance(60_000);
      }
      const statuses: number[] = [];
      for (const token of tokens) statuses.push(await ask(mock.url, token));
      await mock.close();
      return statuses;
    };
    const command = async (url: string, token: string) =>
      (await call(url, 'POST', '/api/v2/jarvis/command', { token, body: { message: 'x' } })).status;
    const telemetry = async (url: string, token: string) =>
      (await call(url, 'GET', `/api/v2/jarvis/ws?token=${token}`)).status;
    expect(await run('token', command)).toEqual([200, 200, 200]);
    expect(await run('user', command)).toEqual([200, 429, 200]);
    expect(await run('ip', command)).toEqual([200, 429, 429]);
    expect(await run('user', telemetry)).toEqual([426, 429, 426]);
  });

  it('count synthesis and transcription together, and leave health alone', async () => {
    const mock = await startMock({
      preset: 'fast',
      settings: ['rateLimits.enabled=on', 'rateLimits.voice=1', 'rateLimits.all=4'],
    });
    const token = await logIn(mock.url);
    const voice = (path: string, body: object) =>
      call(mock.url, 'POST', `/api/voice/${path}`, { token, body });
    expect((await voice('synthesize', { text: 'a' })).status).toBe(200);
    expect((await voice('transcribe', { audio_data: 'AAAA' })).status).toBe(429);
    const list = () => call(mock.url, 'GET', '/api/chat/conversations', { token });
    expect((await list()).headers['x-ratelimit-remaining']).toBe('1');
    expect([(await list()).status, (await list()).status]).toEqual([200, 429]);
    for (let index = 0; index < 20; index += 1)
      expect((await call(mock.url, 'GET', '/health')).status).toBe(200);
    expect(mock.counters().rows.find(({ operation }) => operation === 'voice.transcribe')?.outcomes).toEqual({
      rate_limited: 1,
    });
    await mock.close();
  });

  it('of all operations count those of the assistant, and the messages of a socket', async () => {
    const refused = async (path: string, body?: object) => {
      const mock = await startMock({
        preset: 'fast',
        settings: ['rateLimits.enabled=on', 'rateLimits.all=1'],
      });
      const ask = () => call(mock.url, body ? 'POST' : 'GET', path, { token: 'dev-key', body });
      const replies = [await ask(), await ask()];
      const { rows } = mock.counters();
      await mock.close();
      expect(replies.map(({ status }) => status)).toEqual([200, 429]);
      expect(replies[1]!.headers['retry-after']).toMatch(/^\d+$/);
      expect(rows.map(({ outcomes }) => outcomes)).toEqual([{ ok: 1, rate_limited: 1 }]);
      return replies[1]!.json;
    };
    expect(await refused('/v1/models')).toMatchObject({ error: { code: 'rate_limit_exceeded' } });
    expect(
      await refused('/v1/chat/completions', { model: 'x', messages: [{ role: 'user', content: 'x' }] }),
    ).toMatchObject({ error: { code: 'rate_limit_exceeded' } });
    expect(await refused('/api/v2/jarvis/command', { message: 'x' })).toMatchObject({
      error: expect.stringContaining('Rate limit of 1'),
    });
  });

  it('of all operations leave the control of the mock alone', async () => {
    const mock = await startMock({ preset: 'fast', settings: ['rateLimits.enabled=on', 'rateLimits.all=1'] });
    for (const path of ['/__mock/counters', '/metrics', '/health'])
      for (let index = 0; index < 3; index += 1) expect((await call(mock.url, 'GET', path)).status).toBe(200);
    await mock.close();
  });

  it('are off in every other preset', async () => {
    const mock = await startMock({ preset: 'fast' });
    const token = await logIn(mock.url);
    const reply = await call(mock.url, 'POST', '/api/chat', { token, body: { content: 'x' } });
    expect(Object.keys(reply.headers).filter((name) => name.startsWith('x-ratelimit'))).toEqual([]);
    await mock.close();
  });
});
