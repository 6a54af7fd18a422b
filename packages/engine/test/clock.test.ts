import { describe, expect, it } from 'vitest';
import { systemClock } from '../src/clock/clock.ts';
import { VirtualClock } from '../src/testing/virtual-clock.ts';

describe('VirtualClock', () => {
  it('fires timers in the order in which they are due, exactly then, and equal ones in the order they were set', async () => {
    const clock = new VirtualClock();
    const fired: string[] = [];
    const note = (name: string) => () => fired.push(`${name} at ${clock.now()}`);
    clock.setTimer(30, note('c'));
    clock.setTimer(10.5, note('a'));
    clock.setTimer(30, note('d'));
    clock.setTimer(20, () => {
      note('b')();
      clock.setTimer(5, note('nested'));
    });
    await clock.advance(29);
    expect(fired).toEqual(['a at 10.5', 'b at 20', 'nested at 25']);
    await clock.advance(1);
    expect(fired.slice(3)).toEqual(['c at 30', 'd at 30']);
    expect(clock.now()).toBe(30);
  });

  it('lets promises settle between two timers', async () => {
    const clock = new VirtualClock();
    const seen: number[] = [];
    const sleep = (ms: number) => new Promise<void>((resolve) => clock.setTimer(ms, resolve));
    const chain = (async () => {
      for (let k = 0; k < 3; k++) {
        await sleep(10);
        await Promise.resolve();
        seen.push(clock.now());
      }
    })();
    await clock.advance(100);
    await chain;
    expect(seen).toEqual([10, 20, 30]);
  });

  it('does not fire what was cleared', async () => {
    const clock = new VirtualClock();
    let fired = false;
    clock.clearTimer(clock.setTimer(1, () => (fired = true)));
    await clock.advance(10);
    expect(fired).toBe(false);
  });

  it('fires late what became due while it was blocked, and never turns back', async () => {
    const clock = new VirtualClock();
    const fired: number[] = [];
    clock.setTimer(5, () => fired.push(clock.now()));
    clock.block(50);
    expect(fired).toEqual([]);
    await clock.advance(0);
    expect(fired).toEqual([50]);
  });

  it('advances a little in each loop turn, so that polling code ends', async () => {
    const clock = new VirtualClock();
    let turns = 0;
    const spin = (): void => {
      turns++;
      if (clock.now() < 1) clock.soon(spin);
    };
    spin();
    await clock.advance(2);
    expect(turns).toBeGreaterThan(1);
  });

  it('has a wall time that advances too', async () => {
    const clock = new VirtualClock(Date.UTC(2030, 5, 1));
    await clock.advance(1500);
    expect(new Date(clock.wallNow()).toISOString()).toBe('2030-06-01T00:00:01.500Z');
  });
});

describe('systemClock', () => {
  it('reads process.hrtime in milliseconds, with fractions, without going back', () => {
    const clock = systemClock();
    const before = Number(process.hrtime.bigint()) / 1e6;
    const readings = Array.from({ length: 1000 }, () => clock.now());
    const after = Number(process.hrtime.bigint()) / 1e6;
    expect(readings[0]!).toBeGreaterThan(before - 0.05);
    expect(readings.at(-1)!).toBeLessThan(after + 0.05);
    for (let k = 1; k < readings.length; k++) expect(readings[k]!).toBeGreaterThanOrEqual(readings[k - 1]!);
  });
});
