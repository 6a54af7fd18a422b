import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distributeUsers } from '../src/plan/distribute-users.ts';

const share = fc.oneof(
  fc.record({ weight: fc.double({ min: 0.1, max: 20, noNaN: true }) }),
  fc.record({ fixedCount: fc.nat(30) }),
);

describe('distributeUsers', () => {
  it('gives every user to exactly one share, as long as one takes them by weight', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.array(share, { maxLength: 6 }), (total, others) => {
        const users = distributeUsers(total, [...others, { weight: 1 }]);
        expect(users.reduce((sum, count) => sum + count, 0)).toBe(total);
        expect(users.every((count) => Number.isInteger(count) && count >= 0)).toBe(true);
      }),
    );
  });

  it('is off from the exact share by less than one user', () => {
    fc.assert(
      fc.property(
        fc.nat(500),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }),
        (total, weights) => {
          const sum = weights.reduce((all, weight) => all + weight, 0);
          distributeUsers(
            total,
            weights.map((weight) => ({ weight })),
          ).forEach((count, index) =>
            expect(Math.abs(count - (total * weights[index]!) / sum)).toBeLessThan(1),
          );
        },
      ),
    );
  });

  it('serves fixed counts first, in order, as far as the total goes', () => {
    expect(distributeUsers(10, [{ weight: 1 }, { fixedCount: 3 }, { weight: 3 }])).toEqual([2, 3, 5]);
    expect(distributeUsers(2, [{ weight: 1 }, { fixedCount: 3 }])).toEqual([0, 2]);
  });
});
