import { SocketChatResponse } from '@jarvis-load/jarvis/schemas';
import { Check } from '@jarvis-load/engine/typebox/value';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startMock } from '../src/index.ts';
import type { RunningMock } from '../src/index.ts';
import { call, logIn } from './support/call.ts';
import { eventually } from './support/eventually.ts';

let mock: RunningMock;
let socket: WebSocket;
afterEach(async () => {
  socket.terminate();
  await mock.close();
});

async function open(...settings: string[]): Promise<string> {
  mock = await startMock({ preset: 'fast', settings });
  socket = new WebSocket(`${mock.url.replace('http', 'ws')}/ws`, {
    headers: { 'x-load-run-id': 'r1', 'x-load-phase': 'run' },
  });
  await new Promise<void>((resolve, reject) => socket.once('open', () => resolve()).once('error', reject));
  return logIn(mock.url);
}
const say = (message: unknown): void =>
  socket.send(typeof message === 'string' ? message : JSON.stringify(message));
const hear = (): Promise<unknown> =>
  new Promise((resolve) => socket.once('message', (data: Buffer) => resolve(JSON.parse(data.toString()))));
const closed = (): Promise<number> => new Promise((resolve) => socket.once('close', resolve));

describe('/ws', () => {
  it('chats after the auth message, and keeps what was said in one conversation', async () => {
    const token = await open();
    say({ type: 'auth', token });
    say({ type: 'chat', content: 'Bonjour' });
    const answer = await hear();
    expect(Check(SocketChatResponse, answer)).toBe(true);
    expect(answer).toMatchObject({ content: expect.stringContaining('Bonjour') });
    say({ type: 'chat', content: 'Encore' });
    await hear();
    const { json } = await call(mock.url, 'GET', '/api/chat/conversations', { token });
    expect(json).toMatchObject({ total: 1, conversations: [{ message_count: 4 }] });
    const row = mock.counters().rows.find(({ operation }) => operation === 'ws');
    expect(row).toMatchObject({ runId: 'r1', phase: 'run', arrived: 2, outcomes: { ok: 2 } });
  });

  it('refuses a message above the limit of all operations with an error, and stays open', async () => {
    const token = await open('rateLimits.enabled=on', 'rateLimits.all=1');
    say({ type: 'auth', token });
    say({ type: 'chat', content: 'Bonjour' });
    await hear();
    say({ type: 'chat', content: 'Encore' });
    expect(await hear()).toMatchObject({ type: 'error', code: 'RATE_LIMIT_ERROR' });
    const row = mock.counters().rows.find(({ operation }) => operation === 'ws');
    expect(row).toMatchObject({ arrived: 2, settled: 2, outcomes: { ok: 1, rate_limited: 1 } });
    expect(socket.readyState).toBe(WebSocket.OPEN);
  });

  it('closes on a chat before the auth message, and on a token that is none', async () => {
    await open();
    const end = closed();
    say({ type: 'chat', content: 'Bonjour' });
    expect(await hear()).toMatchObject({ type: 'error', code: 'AUTHENTICATION_ERROR' });
    expect(await end).toBe(1008);
    await mock.close();
    await open();
    say({ type: 'auth', token: 'x' });
    expect(await hear()).toMatchObject({ type: 'error', message: 'Invalid token' });
  });

  it('answers a message that it cannot read with an error, and goes on', async () => {
    const token = await open();
    for (const message of ['{', { type: 'dance' }, { type: 'chat', content: '' }]) {
      say(message);
      expect(await hear()).toMatchObject({ type: 'error', code: 'VALIDATION_ERROR' });
    }
    say({ type: 'auth', token });
    say({ type: 'chat', content: 'Bonjour' });
    expect(await hear()).toMatchObject({ type: 'chat_response' });
  });

  it('takes its latency and its faults', async () => {
    const token = await open('latency.ws=80ms');
    say({ type: 'auth', token });
    const started = performance.now();
    say({ type: 'chat', content: 'Bonjour' });
    await hear();
    expect(performance.now() - started).toBeGreaterThanOrEqual(79);
    mock.configure({ settings: ['faults.reset=1'] });
    const end = closed();
    say({ type: 'chat', content: 'Bonjour' });
    expect(await end).toBe(1006);
    await eventually(() =>
      expect(mock.counters().rows.find(({ operation }) => operation === 'ws')?.outcomes).toEqual({
        ok: 1,
        reset: 1,
      }),
    );
  });

  it('counts a message whose sender left as aborted', async () => {
    const token = await open('latency.ws=10s');
    say({ type: 'auth', token });
    say({ type: 'chat', content: 'Bonjour' });
    const row = () => mock.counters().rows.find(({ operation }) => operation === 'ws');
    await eventually(() => expect(row()?.arrived).toBe(1));
    socket.terminate();
    await eventually(() => expect(row()?.outcomes).toEqual({ aborted: 1 }));
  });

  it('is an ordinary path in the core: a handshake is answered 200', async () => {
    mock = await startMock({ preset: 'fast', settings: ['dialect=core'] });
    socket = new WebSocket(`${mock.url.replace('http', 'ws')}/ws`);
    const error = await new Promise<Error>((resolve) => socket.once('error', resolve));
    expect(error.message).toBe('Unexpected server response: 200');
  });
});
