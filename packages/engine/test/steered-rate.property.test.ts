import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pacer } from '../src/clock/pacer.ts';
import { SharedCounts } from '../src/executors/executor.ts';
import { resolveExecutor } from '../src/executors/resolve-executor.ts';
import { SteeredPacing } from '../src/executors/steered-pacing.ts';
import { arrivalPositions, splitSchedule } from '../src/plan/arrivals.ts';
import { RateCurve } from '../src/plan/rate-curve.ts';
import { SteeredRate } from '../src/plan/steered-rate.ts';
import { VirtualClock } from '../src/testing/virtual-clock.ts';

const LEAD_MS = 5;
const SEED = 11;

interface Change {
  /** Since the change before it; not whole, so that no arrival falls on it. */
  readonly afterMs: number;
  readonly rate: number;
}

const rate = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 300 }),
  fc.double({ min: 1e-6, max: 40, noNaN: true }),
);
const changes = fc.array(
  fc.record({ afterMs: fc.integer({ min: 6, max: 900 }).map((ms) => ms + 0.1234567), rate }),
  { maxLength: 8 },
);

/** The moments of all arrivals, from the curve that executors with stages use. */
function closedForm(
  startRate: number,
  list: readonly Change[],
  endMs: number,
  arrivals: 'uniform' | 'poisson',
): number[] {
  const stages: { durationMs: number; target: number }[] = [];
  let level = startRate;
  let nowMs = 0;
  for (const change of list) {
    stages.push({ durationMs: change.afterMs, target: level }, { durationMs: 0, target: change.rate });
    level = change.rate;
    nowMs += change.afterMs;
  }
  stages.push({ durationMs: endMs - nowMs, target: level });
  const curve = new RateCurve(startRate, 1000, stages);
  const positions = arrivalPositions({ arrivals }, SEED, 0);
  const moments: number[] = [];
  for (let at = curve.offsetOf(positions.next()); at !== undefined; at = curve.offsetOf(positions.next())) {
    moments.push(at);
  }
  return moments;
}

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  const wrong = actual.findIndex((ms, k) => Math.abs(ms - expected[k]!) > 1e-6);
  expect(wrong === -1 ? undefined : { k: wrong, actual: actual[wrong], expected: expected[wrong] }).toBe(
    undefined,
  );
}

describe('arrivals whose rate is set while they are handed out', () => {
  it('are those of the closed form over all rates, in all threads together, and none is early', async () => {
    await fc.assert(
      fc.asyncProperty(
        rate,
        changes,
        fc.constantFrom('uniform' as const, 'poisson' as const),
        fc.integer({ min: 1, max: 3 }),
        // How much later than the announcement each thread reads a change.
        fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 3, maxLength: 3 }),
        async (startRate, list, arrivals, threads, delays) => {
          const clock = new VirtualClock();
          const shared = new SharedCounts();
          const endMs = list.reduce((sum, { afterMs }) => sum + afterMs, 0) + 700.77;
          const seen: { intendedMs: number; nowMs: number }[] = [];
          const pacings = Array.from({ length: threads }, (_, thread) => {
            const positions = splitSchedule(arrivalPositions({ arrivals }, SEED, 0), thread, threads);
            const pacing = new SteeredPacing(
              new Pacer(clock),
              positions,
              new SteeredRate(startRate, 1000),
              shared,
            );
            pacing.run(
              0,
              endMs,
              (intendedMs, nowMs) => seen.push({ intendedMs, nowMs }),
              () => undefined,
            );
            return pacing;
          });
          let atMs = 0;
          for (const change of list) {
            atMs += change.afterMs;
            const effectiveMs = atMs;
            await clock.advance(effectiveMs - LEAD_MS - clock.now());
            pacings.forEach((pacing, thread) =>
              clock.setTimer(delays[thread]!, () => pacing.setRate(change.rate, effectiveMs)),
            );
            shared.announceChange();
          }
          await clock.advance(endMs + 100 - clock.now());
          expect(seen.filter(({ intendedMs, nowMs }) => nowMs < intendedMs)).toEqual([]);
          const moments = seen.map(({ intendedMs }) => intendedMs).toSorted((a, b) => a - b);
          expectClose(moments, closedForm(startRate, list, endMs, arrivals));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('carry over the fraction of an arrival that has built up', () => {
    const curve = new SteeredRate(10, 1000);
    curve.change(1050, 1);
    curve.change(1550, 20);
    // Half an arrival at 10/s, half of it at 1/s: 11 are expected at 1550 ms.
    expect([curve.offsetOf(10), curve.offsetOf(11), curve.offsetOf(12)]).toEqual([
      1000,
      expect.closeTo(1550, 6),
      expect.closeTo(1600, 6),
    ]);
  });

  it('wait for a rate where it is 0, and start with the next one', () => {
    const curve = new SteeredRate(10, 1000);
    curve.change(500, 0);
    expect(curve.offsetOf(4)).toBe(400);
    expect(curve.offsetOf(5)).toBeUndefined();
    curve.change(3000, 5);
    expect([curve.offsetOf(5), curve.offsetOf(6)]).toEqual([3000, 3200]);
  });

  it('of scenarios that take turns are together those of one schedule', async () => {
    const clock = new VirtualClock();
    const seen: number[] = [];
    const pacings = [0, 1, 2].map((index) => {
      const executor = resolveExecutor(
        { kind: 'externally-controlled', rate: 90, timeUnit: '3s', turn: { index, of: 3 } },
        'test',
      );
      if (executor.model !== 'open' || executor.kind !== 'externally-controlled') throw new Error('not open');
      const positions = arrivalPositions(executor, SEED, 0);
      const curve = new SteeredRate(executor.rate, executor.timeUnitMs / 3);
      const pacing = new SteeredPacing(new Pacer(clock), positions, curve, new SharedCounts());
      pacing.run(
        0,
        3000,
        (intendedMs) => seen.push(intendedMs),
        () => undefined,
      );
      return pacing;
    });
    await clock.advance(1005.5);
    for (const pacing of pacings) pacing.setRate(30, clock.now());
    await clock.advance(2000);
    expectClose(seen, closedForm(90, [{ afterMs: 1005.5, rate: 30 }], 3000, 'uniform'));
  });
});
