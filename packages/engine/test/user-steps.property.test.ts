import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countOfPart } from '../src/plan/count-of-part.ts';
import { planUserSteps, type UserStep } from '../src/plan/user-steps.ts';

const level = fc.integer({ min: 0, max: 60 });
const stages = fc.array(
  fc.record({ durationMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 60_000 })), target: level }),
  { minLength: 1, maxLength: 6 },
);

function usersAt(steps: readonly UserStep[], atMs: number): number {
  return steps.findLast((step) => step.atMs <= atMs)?.users ?? Number.NaN;
}

describe('planUserSteps', () => {
  it('reaches level k at D(k-a)/(b-a) going up', () => {
    expect(planUserSteps(1, [{ durationMs: 9000, target: 4 }])).toEqual([
      { atMs: 0, users: 1 },
      { atMs: 3000, users: 2 },
      { atMs: 6000, users: 3 },
      { atMs: 9000, users: 4 },
    ]);
  });

  it('lets user j leave at D*j/(a-b) going down', () => {
    const steps = planUserSteps(3, [
      { durationMs: 1000, target: 3 },
      { durationMs: 3000, target: 0 },
    ]);
    expect(steps).toEqual([
      { atMs: 0, users: 3 },
      { atMs: 2000, users: 2 },
      { atMs: 3000, users: 1 },
      { atMs: 4000, users: 0 },
    ]);
  });

  it('jumps in a stage without length, at the start as well', () => {
    const steps = planUserSteps(0, [
      { durationMs: 0, target: 5 },
      { durationMs: 1000, target: 5 },
      { durationMs: 0, target: 2 },
      { durationMs: 0, target: 9 },
      { durationMs: 500, target: 9 },
    ]);
    expect(steps).toEqual([
      { atMs: 0, users: 5 },
      { atMs: 1000, users: 9 },
    ]);
  });

  it('ascends strictly in time, changes the level in every step, and ends at the last target', () => {
    fc.assert(
      fc.property(level, stages, (start, list) => {
        const steps = planUserSteps(start, list);
        expect(steps[0]?.atMs).toBe(0);
        expect(steps.at(-1)?.users).toBe(list.at(-1)?.target);
        steps.slice(1).forEach((step, k) => {
          expect(step.atMs).toBeGreaterThan(steps[k]!.atMs);
          expect(step.users).not.toBe(steps[k]!.users);
        });
      }),
    );
  });

  it('is never further than one user from the straight line, and never beyond it', () => {
    fc.assert(
      fc.property(
        level,
        level,
        fc.integer({ min: 1, max: 60_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (a, b, durationMs, share) => {
          const line = a + (b - a) * share;
          const users = usersAt(planUserSteps(a, [{ durationMs, target: b }]), durationMs * share);
          // Rounding may put a step slightly after the requested time.
          const off = (line - users) * Math.sign(b - a);
          expect(off).toBeGreaterThanOrEqual(-1e-9);
          expect(off).toBeLessThanOrEqual(1 + 1e-9);
        },
      ),
    );
  });
});

describe('countOfPart', () => {
  it('assigns k mod n to threads: the shares sum to the whole', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 9 }), (total, threads) => {
        const dealt = Array.from({ length: threads }, () => 0);
        for (let k = 0; k < total; k++) dealt[k % threads]!++;
        expect(dealt.map((_, thread) => countOfPart(total, thread, threads))).toEqual(dealt);
      }),
    );
  });
});
