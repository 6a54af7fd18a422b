import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Interrupted, Interruption } from '../src/run/interruption.ts';

function setUp() {
  vi.useFakeTimers();
  const source = new EventEmitter();
  const ended: string[] = [];
  let now = 1000;
  const interruption = new Interruption(
    source,
    (signal) => ended.push(signal),
    () => now,
  );
  const heard: [string, boolean][] = [];
  interruption.onStop((signal, atOnce) => heard.push([signal, atOnce]));
  const send = (signal: string, afterMs = 0) => {
    now += afterMs;
    source.emit(signal);
  };
  return { interruption, heard, ended, send, source };
}

describe('Interruption', () => {
  afterEach(() => void vi.useRealTimers());

  it('asks to stop on the first signal and to stop now on a later one', () => {
    const { heard, send, interruption } = setUp();
    send('SIGTERM');
    send('SIGINT', 600);
    expect(heard).toEqual([
      ['SIGTERM', false],
      ['SIGTERM', true],
    ]);
    expect(interruption.signal).toBe('SIGTERM');
  });

  it('calls a listener that another one adds meanwhile once', () => {
    const { interruption, send } = setUp();
    const late: string[] = [];
    interruption.onStop(() => void interruption.onStop((signal) => void late.push(signal)));
    send('SIGINT');
    expect(late).toEqual(['SIGINT']);
  });

  it('takes a second signal within 500 ms for the same one', () => {
    const { heard, send } = setUp();
    send('SIGINT');
    send('SIGINT', 3);
    send('SIGTERM', 400);
    expect(heard).toEqual([['SIGINT', false]]);
  });

  it('rejects what is being waited for, also when the signal came before', async () => {
    const { interruption, send } = setUp();
    const waiting = interruption.race(new Promise(() => undefined));
    send('SIGINT');
    await expect(waiting).rejects.toThrow(Interrupted);
    await expect(interruption.race(Promise.resolve(1))).rejects.toThrow(Interrupted);
  });

  it('ends the process before five seconds are over, whatever hangs', () => {
    const { ended, send } = setUp();
    send('SIGTERM');
    vi.advanceTimersByTime(4999);
    expect(ended).toEqual(['SIGTERM']);
  });

  it('listens to nothing once closed', () => {
    const { interruption, source } = setUp();
    interruption.close();
    expect(source.listenerCount('SIGINT') + source.listenerCount('SIGTERM')).toBe(0);
  });
});
