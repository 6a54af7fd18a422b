import { describe, expect, it } from 'vitest';
import { parseMockSettings, startMock } from '../src/index.ts';
import { FreezeGate } from '../src/freeze/gate.ts';
import { call } from './support/call.ts';
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
});
