import { describe, expect, it } from 'vitest';
import { bootstrap } from '../src/bootstrap.ts';

const half = () => 0.5;

describe('bootstrap', () => {
  it.each([
    [1, 4],
    [10, 2],
  ])('rejects %d blocks worth %d: they have no standard error', (blocks, independent) => {
    expect(() => bootstrap(blocks, independent, half, () => 1)).toThrow(RangeError);
  });

  it('has no spread where more than 5 % of the draws give no figure', () => {
    const failing = (share: number) => {
      let draw = 0;
      return () => (draw++ < 500 * share ? Number.NaN : draw);
    };
    expect(bootstrap(10, 10, half, failing(0.06))).toBeUndefined();
    expect(bootstrap(10, 10, half, failing(0.04))).toMatchObject({ df: 8 });
  });
});
