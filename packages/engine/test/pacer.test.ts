import { describe, expect, it } from 'vitest';
import { Pacer } from '../src/clock/pacer.ts';
import { systemClock } from '../src/clock/clock.ts';
import type { Clock } from '../src/model/clock.ts';
import { VirtualClock } from '../src/testing/virtual-clock.ts';

interface Due {
  readonly intendedMs: number;
  readonly atMs: number;
}

function instants(...offsets: readonly number[]) {
  let next = 0;
  return { next: () => offsets[next++] };
}

function pace(clock: Clock, offsets: readonly number[], mode: 'efficient' | 'precise' = 'efficient') {
  const due: Due[] = [];
  let finished = 0;
  const originMs = clock.now();
  const stop = new Pacer(clock, mode).run(
    instants(...offsets),
    originMs,
    (intendedMs, atMs) => due.push({ intendedMs: intendedMs - originMs, atMs: atMs - originMs }),
    () => finished++,
  );
  return { due, stop, finished: () => finished };
}

/** A clock whose timers fire early, as in libuv. */
class HastyClock extends VirtualClock {
  override setTimer(delayMs: number, callback: () => void) {
    return super.setTimer(Math.max(0.1, delayMs - 0.9), callback);
  }
}

/** A clock whose timers fire late, as in libuv when responses are read before. */
class LateClock extends VirtualClock {
  readonly #lateMs: number;
  constructor(lateMs: number) {
    super();
    this.#lateMs = lateMs;
  }
  override setTimer(delayMs: number, callback: () => void) {
    return super.setTimer(delayMs >= 1 ? delayMs + this.#lateMs : delayMs, callback);
  }
}

describe('an answer that comes while a timer oversleeps', () => {
  function paced(lateMs: number, ...offsets: number[]) {
    const clock = new LateClock(lateMs);
    const pacer = new Pacer(clock);
    const due: number[] = [];
    let finished = 0;
    const stop = pacer.run(
      instants(...offsets),
      0,
      (_intendedMs, nowMs) => due.push(nowMs),
      () => finished++,
    );
    return { clock, pacer, due, stop, finished: () => finished };
  }

  it('has what is due handed out in the same turn, once', async () => {
    const { clock, pacer, due, finished } = paced(0.9, 2, 10);
    await clock.advance(2.5);
    expect(due).toEqual([]);
    pacer.answered(clock.now());
    pacer.answered(clock.now());
    await clock.advance(0.1);
    expect(due).toEqual([2.51]);
    await clock.advance(20);
    expect(due).toHaveLength(2);
    expect(finished()).toBe(1);
  });

  it('has what is very late handed out before the next answer of the turn', async () => {
    const { clock, pacer, due } = paced(10, 2, 3);
    await clock.advance(5.5);
    pacer.answered(clock.now());
    expect(due).toEqual([]);
    await Promise.resolve();
    expect(due).toEqual([5.5, 5.5]);
  });

  it('changes nothing where nothing is due, or the schedule is over', async () => {
    const { clock, pacer, due, stop } = paced(0.9, 5, 10);
    await clock.advance(4);
    pacer.answered(clock.now());
    await clock.advance(0.5);
    expect(due).toEqual([]);
    await clock.advance(1);
    pacer.answered(clock.now());
    stop();
    await clock.advance(20);
    expect(due).toEqual([]);
  });
});

describe.each(['efficient', 'precise'] as const)('the pacer, %s', (mode) => {
  it('hands out every instant, in order, at most a timer grain late', async () => {
    const clock = new VirtualClock();
    const offsets = Array.from({ length: 500 }, (_, k) => k * 1.7);
    const { due, finished } = pace(clock, offsets, mode);
    await clock.advance(1000);
    expect(due.map(({ intendedMs }) => intendedMs)).toEqual(offsets);
    for (const { intendedMs, atMs } of due) {
      expect(atMs).toBeGreaterThanOrEqual(intendedMs);
      expect(atMs - intendedMs).toBeLessThanOrEqual(1);
    }
    expect(finished()).toBe(1);
  });

  it('is never early, not even with timers that are', async () => {
    const clock = new HastyClock();
    const { due } = pace(clock, [0, 3, 3.5, 10, 250.25], mode);
    await clock.advance(300);
    expect(due).toHaveLength(5);
    for (const { intendedMs, atMs } of due) expect(atMs).toBeGreaterThanOrEqual(intendedMs);
  });

  it('hands out all that is due at one wake-up after the clock was blocked, each with its own lag', async () => {
    const clock = new VirtualClock();
    const { due } = pace(clock, [0, 10, 20, 30, 40, 50], mode);
    await clock.advance(5);
    clock.block(28);
    await clock.advance(0);
    expect(due).toEqual([
      { intendedMs: 0, atMs: 0 },
      { intendedMs: 10, atMs: 33 },
      { intendedMs: 20, atMs: 33 },
      { intendedMs: 30, atMs: 33 },
    ]);
  });

  it('reads the clock anew for each instant, so that slow hand-outs show as lag of the later ones', () => {
    const clock = new VirtualClock();
    const lags: number[] = [];
    new Pacer(clock, mode).run(
      instants(0, 0, 0),
      clock.now(),
      (intendedMs, nowMs) => {
        lags.push(nowMs - intendedMs);
        clock.block(3);
      },
      () => undefined,
    );
    expect(lags).toEqual([0, 3, 6]);
  });

  it('ends when it is stopped, without saying that it has finished', async () => {
    const clock = new VirtualClock();
    const { due, stop, finished } = pace(clock, [0, 10, 20], mode);
    await clock.advance(15);
    stop();
    await clock.advance(100);
    expect(due.map(({ intendedMs }) => intendedMs)).toEqual([0, 10]);
    expect(finished()).toBe(0);
  });

  it('hands out no more of a batch when one of it stops the pacing', async () => {
    const clock = new VirtualClock();
    const handedOut: number[] = [];
    const stop = new Pacer(clock, mode).run(
      instants(5, 5, 5),
      clock.now(),
      (intendedMs) => {
        handedOut.push(intendedMs);
        stop();
      },
      () => undefined,
    );
    await clock.advance(10);
    expect(handedOut).toEqual([5]);
  });

  it('finishes at once when there is nothing to wait for', () => {
    expect(pace(new VirtualClock(), [], mode).finished()).toBe(1);
  });

  it('is never early on the real clock', async () => {
    const clock = systemClock();
    const offsets = Array.from({ length: 60 }, (_, k) => k * 0.77);
    const { due } = await new Promise<ReturnType<typeof pace>>((resolve) => {
      const paced = pace(clock, [...offsets, 50], mode);
      const poll = (): void => {
        if (paced.finished() === 1) resolve(paced);
        else setTimeout(poll, 5);
      };
      poll();
    });
    expect(due).toHaveLength(61);
    for (const { intendedMs, atMs } of due) expect(atMs).toBeGreaterThanOrEqual(intendedMs);
  });
});

describe('the pacer over a long wait', () => {
  it('waits longer than a timer can', async () => {
    const clock = new VirtualClock();
    const thirtyDays = 30 * 24 * 3_600_000;
    const { due } = pace(clock, [thirtyDays]);
    await clock.advance(thirtyDays - 1);
    expect(due).toEqual([]);
    await clock.advance(1);
    expect(due).toEqual([{ intendedMs: thirtyDays, atMs: thirtyDays }]);
  });
});

describe('a schedule that is faster than its thread', () => {
  /** A clock on which starting one arrival takes 0.1 ms, during which hundreds more become due. */
  class BusyClock extends VirtualClock {
    override now(): number {
      this.block(0.05);
      return super.now();
    }
  }

  it.each(['efficient', 'precise'] as const)('leaves turns to the event loop (%s)', async (mode) => {
    const clock = new BusyClock();
    const turns: number[] = [];
    let handedOut = 0;
    let next = 0;
    const stop = new Pacer(clock, mode).run(
      { next: () => next++ / 10_000 },
      clock.now(),
      () => handedOut++,
      () => undefined,
    );
    const watch = (): void => {
      turns.push(handedOut);
      if (turns.length < 5) clock.soon(watch);
      else stop();
    };
    clock.soon(watch);
    await clock.advance(1000);
    expect(turns).toHaveLength(5);
    expect(turns.at(-1)).toBeGreaterThan(turns[0]!);
    expect(handedOut).toBeLessThan(2000);
  });

  it('hands out in order, and all, what a long halt has made due', async () => {
    const clock = new BusyClock();
    const offsets = Array.from({ length: 3000 }, (_, k) => k / 10);
    const { due, finished } = pace(clock, offsets);
    clock.block(1000);
    await clock.advance(1000);
    expect(due).toHaveLength(3000);
    expect(due.map(({ intendedMs }) => intendedMs)).toEqual(
      due.map(({ intendedMs }) => intendedMs).toSorted((a, b) => a - b),
    );
    expect(finished()).toBe(1);
  });
});
