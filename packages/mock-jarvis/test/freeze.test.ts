import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { parseMockSettings, startMock, type RunningMock } from '../src/index.ts';
import { FreezeGate } from '../src/freeze/gate.ts';
import { call, logIn } from './support/call.ts';
import { eventually } from './support/eventually.ts';
import { VirtualClock } from './support/virtual-clock.ts';

describe('freeze', () => {
  it('holds answers back until its end, then sends them in order', () => {
    const clock = new VirtualClock();
    const gate = new FreezeGate(
      clock,
      parseMockSettings(['freeze=2s', 'freeze.start=8s', 'freeze.every=20s']).freeze,
    );
    const out: string[] = [];
    const pass = (name: string): void => gate.pass(() => out.push(`${name}@${clock.elapsedMs()}`));
    for (const moment of [7999, 8000, 9500, 10_000, 28_001]) {
      clock.advanceTo(moment);
      pass(String(moment));
    }
    clock.advanceTo(40_000);
    expect(out).toEqual(['7999@7999', '8000@10000', '9500@10000', '10000@10000', '28001@30000']);
  });

  it('counts its schedule anew after a reset, and can be asked for by hand', () => {
    const clock = new VirtualClock();
    const gate = new FreezeGate(clock, parseMockSettings([]).freeze);
    const out: number[] = [];
    gate.freezeFor(100);
    gate.pass(() => out.push(clock.elapsedMs()));
    clock.advance(50);
    gate.freezeFor(100);
    clock.advance(500);
    expect(out).toEqual([150]);
    gate.configure(parseMockSettings(['freeze=10ms']).freeze);
    gate.restart();
    gate.pass(() => out.push(clock.elapsedMs()));
    clock.advance(100);
    expect(out).toEqual([150, 560]);
  });

  it('sends what it holds when a reset or new settings end the freeze, before what comes later', () => {
    const clock = new VirtualClock();
    const gate = new FreezeGate(clock, parseMockSettings([]).freeze);
    const out: string[] = [];
    const pass = (name: string): void => gate.pass(() => out.push(`${name}@${clock.elapsedMs()}`));
    gate.freezeFor(5000);
    pass('held');
    clock.advance(10);
    gate.restart();
    pass('later');
    expect(out).toEqual(['held@10', 'later@10']);
    gate.configure(parseMockSettings(['freeze=2s']).freeze);
    pass('held');
    gate.configure(parseMockSettings([]).freeze);
    pass('later');
    expect(out.slice(2)).toEqual(['held@10', 'later@10']);
    clock.advance(10_000);
    expect(out).toHaveLength(4);
  });

  it('delays every answer of a real mock, refusals and unknown paths too, but not its admin routes', async () => {
    const mock = await startMock({ preset: 'fast' });
    mock.freeze(1500);
    const started = performance.now();
    const order: string[] = [];
    const asked = async (path: string): Promise<{ readonly status: number; readonly ms: number }> => {
      const { status } = await call(mock.url, 'GET', path);
      order.push(path);
      return { status, ms: performance.now() - started };
    };
    const held = ['/health', '/nothing', '/api/chat/conversations'].map(asked);
    expect((await asked('/__mock/config')).status).toBe(200);
    const answers = await Promise.all(held);
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 401]);
    for (const { ms } of answers) expect(ms).toBeGreaterThanOrEqual(1499);
    expect(order[0]).toBe('/__mock/config');
    await mock.close();
  });

  describe('of a real mock', () => {
    const clock = new VirtualClock();
    let mock: RunningMock;
    const sockets: WebSocket[] = [];
    beforeEach(async () => {
      mock = await startMock({ preset: 'fast', clock });
    });
    afterEach(async () => {
      for (const socket of sockets.splice(0)) socket.terminate();
      await mock.close();
    });
    const open = (path: string): WebSocket => {
      const socket = new WebSocket(`${mock.url.replace('http', 'ws')}${path}`);
      sockets.push(socket);
      return socket;
    };
    /** What a socket gets, in order. */
    const heard = (socket: WebSocket): string[] => {
      const texts: string[] = [];
      socket.on('open', () => texts.push('open'));
      socket.on('message', (data: Buffer) => texts.push((JSON.parse(String(data)) as { type: string }).type));
      socket.on('close', (code: number) => texts.push(String(code)));
      socket.on('error', ({ message }) => texts.push(message.replace(/.*: /, '')));
      return texts;
    };
    /** The loop has read all that came: an unfrozen answer has arrived. */
    const settled = async (): Promise<void> => {
      for (let ask = 0; ask < 3; ask++) await call(mock.url, 'GET', '/__mock/config');
    };

    it.each([
      ['/openapi.json', 200],
      ['/%ff', 400],
      ['/ws', 426],
      ['/api/v2/jarvis/ws', 401],
      ['/api/v2/jarvis/ws?token=dev-key', 426],
    ])('holds %s back', async (path, status) => {
      mock.freeze(1500);
      let got: number | undefined;
      const answer = call(mock.url, 'GET', path).then((reply) => (got = reply.status));
      await settled();
      expect(got).toBeUndefined();
      clock.advance(1500);
      await answer;
      expect(got).toBe(status);
    });

    it('holds back upgrades, refused ones too', async () => {
      mock.freeze(1500);
      const paths = ['/ws', '/api/v2/jarvis/ws', '/api/v2/jarvis/ws?token=dev-key'];
      const texts = paths.map((path) => heard(open(path)));
      await settled();
      expect(texts).toEqual([[], [], []]);
      clock.advance(1500);
      await eventually(() => expect(texts.map(([first]) => first)).toEqual(['open', '401', 'open']));
    });

    it('holds back what a socket is refused or told before its answer', async () => {
      const token = await logIn(mock.url);
      const [refused, told] = [open('/ws'), open(`/ws?token=${token}`)];
      const texts = [heard(refused), heard(told)];
      await eventually(() => expect(texts).toEqual([['open'], ['open']]));
      mock.freeze(1500);
      refused.send('{');
      refused.send('{"type":"chat","content":"x"}');
      told.send('{"type":"message","content":"x"}');
      await settled();
      expect(texts).toEqual([['open'], ['open']]);
      clock.advance(1500);
      await eventually(() =>
        expect(texts).toEqual([
          ['open', 'error', 'error', '1008'],
          ['open', 'typing_start', 'response', 'typing_stop'],
        ]),
      );
    });

    it('counts a refused client that left during it as aborted', async () => {
      mock.freeze(1500);
      const left = new AbortController();
      const answer = fetch(`${mock.url}/api/v2/jarvis/ws`, { signal: left.signal }).catch(() => 'left');
      const row = () => mock.counters().rows.find(({ operation }) => operation === 'telemetry');
      await eventually(() => expect(row()?.arrived).toBe(1));
      left.abort();
      await answer;
      await settled();
      clock.advance(1500);
      expect(row()?.outcomes).toEqual({ aborted: 1 });
    });
  });
});
