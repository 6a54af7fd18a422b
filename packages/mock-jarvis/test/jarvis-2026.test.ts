import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startMock } from '../src/index.ts';
import type { RunningMock } from '../src/index.ts';
import { call, logIn } from './support/call.ts';
import { eventually } from './support/eventually.ts';

let mock: RunningMock;
const sockets: WebSocket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await mock.close();
});
const start = async (...settings: string[]): Promise<void> => {
  mock = await startMock({ preset: 'fast', settings });
};
function open(path: string): WebSocket {
  const socket = new WebSocket(`${mock.url.replace('http', 'ws')}${path}`);
  sockets.push(socket);
  return socket;
}
/** The first `count` messages. */
function hear(socket: WebSocket, count: number): Promise<Record<string, unknown>[]> {
  const messages: Record<string, unknown>[] = [];
  return new Promise((resolve) => {
    socket.on('message', (data: Buffer) => {
      messages.push(JSON.parse(data.toString()) as Record<string, unknown>);
      if (messages.length === count) resolve(messages);
    });
  });
}
const row = (name: string) => mock.counters().rows.find(({ operation }) => operation === name);

describe('POST /api/v2/jarvis/command', () => {
  const command = (token?: string) =>
    call(mock.url, 'POST', '/api/v2/jarvis/command', {
      body: { message: 'Allume la lumière' },
      ...(token && { token }),
    });

  it('answers a signed token and the development key, and nobody else', async () => {
    await start();
    for (const token of ['dev-key', await logIn(mock.url)]) {
      const { status, json } = await command(token);
      expect(status).toBe(200);
      expect(json).toMatchObject({ response: expect.any(String), speech_status: 'SPEAKING' });
    }
    expect((await command()).status).toBe(401);
    expect((await command('x')).status).toBe(401);
  });

  it('refuses a body in the form of its other errors, and without a token before it is read', async () => {
    await start('rateLimits.enabled=on', 'rateLimits.all=3');
    const send = (raw: string, type: string, token?: string) =>
      call(mock.url, 'POST', '/api/v2/jarvis/command', {
        raw,
        headers: { 'content-type': type },
        ...(token && { token }),
      });
    // Not counted by the limit.
    for (let ask = 0; ask < 3; ask++)
      expect(await send('{', 'application/json')).toMatchObject({
        status: 401,
        json: { error: 'Unauthorized' },
      });
    for (const [raw, type, status] of [
      ['{', 'application/json', 400],
      ['{"message":7}', 'application/json', 400],
      ['Allume', 'text/plain', 415],
      ['{', 'application/json', 429],
    ] as const)
      expect(await send(raw, type, 'dev-key')).toMatchObject({ status, json: { error: expect.any(String) } });
  });

  it('answers the same after a reset', async () => {
    await start();
    const texts = async () => [(await command('dev-key')).text, (await command('dev-key')).text];
    const before = await texts();
    expect(before[0]).not.toBe(before[1]);
    mock.reset();
    expect(await texts()).toEqual(before);
  });

  it('reports a failure of its language model inside a 200', async () => {
    await start('faults.in_band_error=1');
    const { status, json } = await command('dev-key');
    expect(status).toBe(200);
    expect(json).toMatchObject({ speech_status: 'CRITICAL', widget_id: 'error' });
    expect(row('command')?.outcomes).toEqual({ in_band_error: 1 });
  });
});

describe('/api/v2/jarvis/ws', () => {
  it('sends telemetry at the interval that was set, and counts what it sent', async () => {
    await start('jarvis.telemetry=10ms');
    const socket = open('/api/v2/jarvis/ws?token=dev-key');
    const frames = await hear(socket, 5);
    for (const frame of frames) {
      const keys = ['speech_status', 'audio_amplitude', 'widget_id', 'visible', 'action'];
      expect(Object.keys(frame)).toEqual(keys);
    }
    socket.send('ignored');
    socket.close();
    await eventually(() => expect(row('telemetry')?.streams).toMatchObject({ opened: 1, left: 1 }));
    expect(row('telemetry')?.streams?.chunks).toBeGreaterThanOrEqual(5);
  });

  it('refuses before the upgrade without a valid token', async () => {
    await start();
    for (const path of ['/api/v2/jarvis/ws', '/api/v2/jarvis/ws?token=x']) {
      const error = await new Promise<Error>((resolve) => open(path).once('error', resolve));
      expect(error.message).toBe('Unexpected server response: 401');
    }
    expect(row('telemetry')?.outcomes).toEqual({ unauthorized: 2 });
  });

  it('counts a request that asks for no upgrade', async () => {
    await start();
    expect((await call(mock.url, 'GET', '/api/v2/jarvis/ws?token=dev-key')).status).toBe(426);
    expect(row('telemetry')).toMatchObject({ arrived: 1, outcomes: { client_error: 1 } });
  });
});

describe('/ws in the form of the older reference', () => {
  it('takes the token from the handshake, says that it types, and answers', async () => {
    await start();
    const socket = open(`/ws?token=${await logIn(mock.url)}`);
    const answers = hear(socket, 6);
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send(JSON.stringify({ type: 'message', content: 'Bonjour' }));
    socket.send(JSON.stringify({ type: 'message', message: 'Encore', user_id: 'u', timestamp: 'now' }));
    const heard = await answers;
    const texts = heard.filter(({ type }) => type === 'response').map(({ response }) => String(response));
    expect(texts[0]).toContain('Bonjour');
    expect(texts[1]).toContain('Encore');
    const count = (wanted: string) => heard.filter(({ type }) => type === wanted).length;
    expect([count('typing_start'), count('response'), count('typing_stop')]).toEqual([2, 2, 2]);
    expect(row('ws')).toMatchObject({ arrived: 2, outcomes: { ok: 2 } });
  });
});
