import { request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { FAULT_OUTCOMES, startMock } from '../src/index.ts';
import type { FaultKind, RunningMock } from '../src/index.ts';
import { FAULT_KINDS } from '../src/config/schema.ts';
import { call, logIn } from './support/call.ts';
import { eventually } from './support/eventually.ts';
import { rawRequest } from './support/raw-request.ts';
import type { RawOutcome } from './support/raw-request.ts';

let mock: RunningMock;
afterEach(() => mock.close());

const start = async (...settings: string[]): Promise<void> => {
  mock = await startMock({ preset: 'fast', settings });
};
const health = (waitMs?: number): Promise<RawOutcome> =>
  rawRequest(mock.url, ['GET /health HTTP/1.1', 'Host: x'], waitMs);
const outcomes = (operation: string): object =>
  mock.counters().rows.find((row) => row.operation === operation)?.outcomes ?? {};
const split = ({ bytes }: RawOutcome): { head: string; body: string } => {
  const [head = '', body = ''] = bytes.toString('latin1').split('\r\n\r\n');
  return { head, body };
};

describe('faults, as a bare socket sees them', () => {
  it('server_error is a complete 5xx of the chosen status', async () => {
    await start('faults.server_error=1', 'faults.server_error.status=503');
    const reply = await call(mock.url, 'GET', '/health');
    expect(reply.status).toBe(503);
    expect(reply.json).toMatchObject({ code: 'SERVICE_UNAVAILABLE', request_id: expect.any(String) });
    expect(outcomes('health')).toEqual({ server_error: 1 });
  });

  it('server_error is plain text in the core', async () => {
    await start('dialect=core', 'faults.server_error=1');
    const reply = await call(mock.url, 'GET', '/health');
    expect([reply.status, reply.headers['content-type']]).toEqual([500, 'text/plain; charset=utf-8']);
  });

  it('reset ends the connection without a byte', async () => {
    await start('faults.reset=1');
    expect(await health()).toMatchObject({ errorCode: 'ECONNRESET', isClosed: true, bytes: Buffer.alloc(0) });
    expect(outcomes('health')).toEqual({ reset: 1 });
  });

  it('truncated announces more than it sends', async () => {
    await start('faults.truncated=1');
    const seen = await health();
    const { head, body } = split(seen);
    const announced = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    expect(seen.isClosed).toBe(true);
    expect(announced).toBeGreaterThan(50);
    expect(body.length).toBe(Math.floor(announced / 2));
    expect(outcomes('health')).toEqual({ truncated: 1 });
  });

  it('hang answers nothing and keeps the connection until the client gives up', async () => {
    await start('faults.hang=1');
    const seen = await health(300);
    expect(seen).toMatchObject({ isClosed: false, bytes: Buffer.alloc(0) });
    await eventually(() => expect(outcomes('health')).toEqual({ hang: 1 }));
  });

  it('hang holds its server of the capacity, and gives it back when the client has gone', async () => {
    await start('capacity=1', 'faults.hang=1');
    void health(300);
    await eventually(() => expect(mock.counters().rows[0]?.arrived).toBe(1));
    mock.configure({ settings: ['faults.hang=0'] });
    const started = performance.now();
    expect((await call(mock.url, 'GET', '/health')).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(150);
  });

  it('garbage is no HTTP', async () => {
    await start('faults.garbage=1');
    const seen = await health();
    expect(seen.bytes.length).toBeGreaterThan(10);
    expect(seen.bytes.toString('latin1')).not.toContain('HTTP/1.1');
    expect(seen.isClosed).toBe(true);
    await expect(request(`${mock.url}/health`)).rejects.toMatchObject({ name: 'HTTPParserError' });
    expect(outcomes('health')).toEqual({ garbage: 2 });
  });

  it('wrong_json is a 200 with JSON of another shape', async () => {
    await start('faults.wrong_json=1');
    const reply = await call(mock.url, 'GET', '/health');
    expect([reply.status, reply.json]).toEqual([200, { unexpected: 'shape' }]);
    expect(outcomes('health')).toEqual({ wrong_json: 1 });
  });

  it('slow spreads the bytes of a good answer', async () => {
    await start('faults.slow=1', 'faults.slow.spread=200ms');
    const started = performance.now();
    const reply = await call(mock.url, 'GET', '/health');
    expect(performance.now() - started).toBeGreaterThanOrEqual(199);
    expect(reply.json).toMatchObject({ status: 'healthy' });
    expect(outcomes('health')).toEqual({ ok: 1 });
  });

  it.each(['slow', 'stall', 'truncated'])(
    '%s has the headers of CORS and rate limits, as other answers do',
    async (fault) => {
      await start('rateLimits.enabled=on', 'rateLimits.chat=60');
      const authorization = `Bearer ${await logIn(mock.url)}`;
      mock.configure({ settings: [`faults.${fault}=1`, 'faults.slow.spread=1ms', 'faults.stall.pause=1ms'] });
      const answer = await fetch(`${mock.url}/api/chat`, {
        method: 'POST',
        headers: { authorization, origin: 'http://localhost:3000', 'content-type': 'application/json' },
        body: '{"content":"x"}',
      });
      expect(answer.headers.get('vary')).toContain('origin');
      expect(answer.headers.get('x-ratelimit-limit')).toBe('60');
      await answer.text().catch(() => '');
    },
  );

  it('a client that leaves early is counted as aborted, and not answered', async () => {
    await start('latency.health=10s');
    await health(100);
    await eventually(() => expect(outcomes('health')).toEqual({ aborted: 1 }));
  });

  it('names an outcome of a client for every kind', () => {
    expect(Object.keys(FAULT_OUTCOMES).toSorted()).toEqual([...FAULT_KINDS].toSorted());
    mock = { close: () => Promise.resolve() } as RunningMock;
  });
});

describe('which requests a fault hits', () => {
  it('spares the login, and the phases that only prepare a run', async () => {
    await start('faults.server_error=1');
    const token = await logIn(mock.url);
    expect(token).not.toBe('');
    const status = async (headers: Record<string, string>) =>
      (await call(mock.url, 'GET', '/health', { headers })).status;
    expect(await status({ 'x-load-phase': 'probe' })).toBe(200);
    expect(await status({ 'x-load-phase': 'setup' })).toBe(200);
    expect(await status({ 'x-load-phase': 'run' })).toBe(500);
    expect(await status({})).toBe(500);
  });

  it('hits only the operations named', async () => {
    await start('faults.server_error=1', 'faults.server_error.operations=ready');
    expect((await call(mock.url, 'GET', '/health')).status).toBe(200);
    expect((await call(mock.url, 'GET', '/ready')).status).toBe(500);
  });

  it('does not hit requests that are refused anyway', async () => {
    await start('faults.server_error=1');
    expect((await call(mock.url, 'GET', '/api/chat/conversations')).status).toBe(401);
  });

  it('hits the share it was told, the same requests for the same seed', async () => {
    const run = async (seed: number): Promise<string> => {
      mock = await startMock({
        preset: 'fast',
        settings: [`seed=${seed}`, 'faults.server_error=20%', 'faults.wrong_json=10%'],
      });
      let seen = '';
      for (let index = 0; index < 400; index += 1) {
        const { status, text } = await call(mock.url, 'GET', '/health');
        seen += status === 500 ? 'E' : text.includes('unexpected') ? 'J' : '.';
      }
      return seen;
    };
    const first = await run(3);
    await mock.close();
    const again = await run(3);
    await mock.close();
    const other = await run(4);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    const share = (letter: string) => first.split('').filter((one) => one === letter).length / 400;
    expect(Math.abs(share('E') - 0.2)).toBeLessThan(0.06);
    expect(Math.abs(share('J') - 0.1)).toBeLessThan(0.05);
  });

  it('holds only in its window, again at every repetition', async () => {
    const { FaultInjector } = await import('../src/faults/injector.ts');
    const { RandomStream } = await import('../src/random/stream.ts');
    const { parseMockSettings } = await import('../src/index.ts');
    await start();
    const windowed = parseMockSettings([
      'faults.reset=1',
      'faults.reset.window.start=10s',
      'faults.reset.window.duration=2s',
      'faults.reset.window.every=5s',
    ]);
    const injector = new FaultInjector(windowed.faults);
    const random = new RandomStream(1, 'health');
    const at = (elapsedMs: number): FaultKind | undefined =>
      injector.draw('health', 'run', random, 0, elapsedMs);
    expect([0, 9999, 10_000, 11_999, 12_000, 15_000, 16_999, 17_000].map(at)).toEqual([
      undefined,
      undefined,
      'reset',
      'reset',
      undefined,
      'reset',
      'reset',
      undefined,
    ]);
    injector.inject({ kind: 'hang', probability: 1, operations: ['health'], durationMs: 100 }, 500);
    expect([499, 500, 599, 600].map(at)).toEqual([undefined, 'hang', 'hang', undefined]);
    injector.inject({ kind: 'hang', probability: 1, operations: null, durationMs: 100 }, 500);
    injector.clear();
    expect(at(550)).toBeUndefined();
  });
});
