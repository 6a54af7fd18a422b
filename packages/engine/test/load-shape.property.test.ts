import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stagesOfShape } from '../src/plan/load-shape.ts';
import { planUserSteps } from '../src/plan/user-steps.ts';

/** Number of users in a plan at a given time. */
function levelAt(stages: NonNullable<ReturnType<typeof stagesOfShape>>, atMs: number): number {
  return planUserSteps(0, stages).findLast((step) => step.atMs <= atMs)!.users;
}

describe('stagesOfShape', () => {
  it('is as long as the shape is', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 40 }), (users) => {
        const stages = stagesOfShape((second) =>
          second < users.length ? { users: users[second]! } : undefined,
        )!;
        expect(stages.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBe(users.length * 1000);
      }),
    );
  });

  it('jumps to what is wanted in each second where no spawn rate is given', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 40 }), (users) => {
        const stages = stagesOfShape((second) => (second < users.length ? { users: users[second]! } : null))!;
        users.forEach((wanted, second) => expect(levelAt(stages, second * 1000 + 500)).toBe(wanted));
      }),
    );
  });

  it('never moves faster than the spawn rate, and gets there, however slow it is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0.2, max: 20, noNaN: true }),
        (users, spawnRate) => {
          const needed = Math.ceil(users / spawnRate);
          const stages = stagesOfShape((second) =>
            second <= needed + 1 ? { users, spawnRate } : undefined,
          )!;
          for (let second = 1; second <= needed; second++) {
            expect(levelAt(stages, second * 1000)).toBeLessThanOrEqual(second * spawnRate + 1e-6);
          }
          expect(levelAt(stages, (needed + 1) * 1000)).toBe(users);
        },
      ),
    );
  });

  it('keeps a long hold as one stage', () => {
    const stages = stagesOfShape((second) => (second < 3600 ? { users: 10 } : undefined))!;
    expect(stages.length).toBeLessThanOrEqual(3);
  });

  it('refuses a shape that never ends, and users that are no number', () => {
    expect(stagesOfShape(() => ({ users: 1 }))).toBeUndefined();
    expect(() => stagesOfShape(() => ({ users: -1 }))).toThrow('at 0 s users is -1');
    expect(() => stagesOfShape(() => ({ users: 1, spawnRate: 0 }))).toThrow('spawnRate is 0');
  });
});
