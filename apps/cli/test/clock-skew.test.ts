import { describe, expect, it } from 'vitest';
import type { Timings } from '@jarvis-load/engine';
import { clockNotes } from '../src/merging/clock-notes.ts';
import { TargetClock, type ClockAhead } from '../src/merging/target-clock.ts';

const NOON = Date.UTC(2026, 0, 1, 12);

/** An answer of a target whose clock is ahead by so much, read at `atMs` since noon after 40 ms. */
function answer(clock: TargetClock, aheadMs: number, atMs: number): void {
  const written = new Date(NOON + atMs - 20 + aheadMs);
  clock.add(
    { headers: { date: written.toUTCString() }, timings: { serviceTimeMs: 40 } as Timings },
    NOON + atMs,
  );
}

describe('the clock of the target', () => {
  it('is known within a second by one answer, and closer by several', () => {
    for (const aheadMs of [0, 7300, -4250]) {
      const one = new TargetClock();
      answer(one, aheadMs, 100);
      const several = new TargetClock();
      for (let atMs = 100; atMs < 2000; atMs += 130) answer(several, aheadMs, atMs);
      for (const { least, most } of [one.ahead!, several.ahead!]) {
        expect(least).toBeLessThanOrEqual(aheadMs);
        expect(most).toBeGreaterThanOrEqual(aheadMs);
      }
      expect(one.ahead!.most - one.ahead!.least).toBe(1040);
      expect(several.ahead!.most - several.ahead!.least).toBeLessThan(300);
    }
  });

  it('has wide bounds where its servers contradict each other, and none without a Date', () => {
    const clock = new TargetClock();
    answer(clock, 0, 100);
    answer(clock, 9000, 200);
    expect(clock.ahead!.most - clock.ahead!.least).toBeGreaterThan(9000);
    const silent = new TargetClock();
    silent.add({ headers: {}, timings: { serviceTimeMs: 1 } as Timings }, NOON);
    silent.add({ headers: { date: 'yesterday' }, timings: { serviceTimeMs: 1 } as Timings }, NOON);
    expect(silent.ahead).toBeUndefined();
  });
});

describe('the clocks of parts', () => {
  const part = (name: string, startedAtMs: number, ahead?: ClockAhead) => ({ name, startedAtMs, ahead });
  const told = (...parts: Parameters<typeof clockNotes>[0]) =>
    clockNotes(parts).map(({ code, text }) => `${code}: ${text}`);

  it('that differ are named with what is certain, and so is what that means for the start', () => {
    // Both started at noon by their own clocks; the second machine is 5 s ahead, so it started 5 s too early.
    expect(
      told(
        part('part 1/2', NOON, { least: -500, most: 500 }),
        part('part 2/2', NOON, { least: -5500, most: -4500 }),
      ),
    ).toEqual([
      "clock-skew: The clock of part 2/2 is at least 4000 ms ahead of that of part 1/2, by the Date of the target's answers.",
      'parts-apart: By the clock of the target part 1/2 started at least 4000 ms after part 2/2.',
    ]);
  });

  it('that may be equal show no difference, down to what can be seen', () => {
    const [only, ...more] = told(
      part('part 1/2', NOON, { least: -500, most: 540 }),
      part('part 2/2', NOON + 3, { least: -900, most: 130 }),
    );
    expect(only).toMatch(/^clocks-agree: .* one below 1040 ms cannot be seen/);
    expect(more).toEqual([]);
  });

  it('that nothing is known of are said to be unknown', () => {
    expect(told(part('part 1/2', NOON, { least: -500, most: 540 }), part('part 2/2', NOON))).toEqual([
      'clocks-unknown: Whether the clock of part 2/2 is right is not known: the target sent no Date before the load. A clock that is wrong looks like a part that started at another time.',
    ]);
  });
});
