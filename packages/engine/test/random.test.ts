import { describe, expect, it } from 'vitest';
import { deriveRandom } from '../src/random.ts';

function draw(count: number, seed: number, ...ids: number[]): number[] {
  const random = deriveRandom(seed, ...ids);
  return Array.from({ length: count }, () => random());
}

/** Chi-square statistic of counts against equal shares. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe('deriveRandom', () => {
  it('gives the same numbers for the same seed and ids, for ever', () => {
    expect(draw(3, 42, 1)).toMatchInlineSnapshot(`
      [
        0.34737912001008886,
        0.8287870679500667,
        0.26658421930449794,
      ]
    `);
    expect(draw(3, 42, 1)).toEqual(draw(3, 42, 1));
  });

  it.each([
    ['seed', [7, 1], [8, 1]],
    ['high bits of the seed', [7, 1], [7 + 2 ** 40, 1]],
    ['id', [7, 1], [7, 2]],
    ['order of ids', [7, 1, 2], [7, 2, 1]],
    ['number of ids', [7], [7, 0]],
    ['number of zero ids', [0, 0], [0, 0, 0]],
  ] as const)('gives other numbers for another %s', (_what, [seedA, ...idsA], [seedB, ...idsB]) => {
    const a = draw(50, seedA, ...idsA);
    const b = draw(50, seedB, ...idsB);
    expect(a.filter((value) => b.includes(value))).toEqual([]);
  });

  it('stays in [0, 1) and fills it evenly, in one dimension and in pairs', () => {
    const values = draw(200_000, 1);
    expect(Math.min(...values.slice(0, 50_000))).toBeGreaterThanOrEqual(0);
    const cells = Array.from({ length: 100 }, () => 0);
    const pairs = Array.from({ length: 100 }, () => 0);
    values.forEach((value, k) => {
      if (value >= 1) expect.fail(`${value} is not below 1`);
      cells[Math.floor(value * 100)]!++;
      if (k % 2 === 1) pairs[Math.floor(values[k - 1]! * 10) * 10 + Math.floor(value * 10)]!++;
    });
    // 99 degrees of freedom: the critical value at 99.9 % is 148.2.
    expect(chiSquare(cells)).toBeLessThan(148.2);
    expect(chiSquare(pairs)).toBeLessThan(148.2);
  });

  it('gives independent streams: first draws of consecutive users are even, neighbours do not correlate', () => {
    const users = 20_000;
    const first = Array.from({ length: users }, (_, id) => deriveRandom(99, id)());
    const cells = Array.from({ length: 100 }, () => 0);
    for (const value of first) cells[Math.floor(value * 100)]!++;
    expect(chiSquare(cells)).toBeLessThan(148.2);

    const a = draw(users, 99, 1);
    const b = draw(users, 99, 2);
    const covariance = a.reduce((sum, value, k) => sum + (value - 0.5) * (b[k]! - 0.5), 0) / users;
    // The correlation of independent streams is normal with standard deviation 1/sqrt(n).
    expect(Math.abs(covariance * 12)).toBeLessThan(4 / Math.sqrt(users));
  });

  it('uses every bit: each of the 53 is set half of the time', () => {
    const values = draw(20_000, 5);
    for (let bit = 1; bit <= 53; bit++) {
      const set = values.filter((value) => Math.floor(value * 2 ** bit) % 2 === 1).length;
      expect(Math.abs(set - 10_000), `bit ${bit}`).toBeLessThan(4 * Math.sqrt(5000));
    }
  });
});
