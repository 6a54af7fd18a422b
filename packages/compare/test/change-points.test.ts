import { describe, expect, it } from 'vitest';
import { deriveRandom } from '@jarvis-load/engine/random';
import { changePoints, leastPerLevel } from '../src/change-points.ts';
import { changesOver, DEFAULT_TOLERANCES, leastRunsOfChange } from '../src/index.ts';
import { simulatedRun } from './support/simulated-run.js';

function noisy(levels: readonly number[], seed = 1): number[] {
  const random = deriveRandom(seed);
  return levels.map((level) => level * (0.97 + 0.06 * random()));
}

describe('change points', () => {
  it('are where the level changes, several of them too', () => {
    const levels = [
      ...Array<number>(10).fill(100),
      ...Array<number>(12).fill(120),
      ...Array<number>(9).fill(90),
    ];
    expect(changePoints(noisy(levels), 0.01)).toEqual([10, 22]);
  });

  it.each([
    [8, 8, 8],
    [12, 12, 12],
    [20, 6, 6],
    [4, 8, 12],
  ])('are both where a level is left again: %d, %d and %d values', (before, between, after) => {
    const of = (count: number, level: number): number[] => Array<number>(count).fill(level);
    const levels = [...of(before, 100), ...of(between, 150), ...of(after, 100)];
    expect(changePoints(noisy(levels), 0.05 / 15)).toEqual([before, before + between]);
  });

  it('are found at the level of a test of very many series', () => {
    const levels = [...Array<number>(20).fill(100), ...Array<number>(20).fill(150)];
    for (const operations of [10, 100, 200])
      expect(changePoints(noisy(levels), 0.05 / (operations * 5))).toEqual([20]);
  });

  it('are none for an outlier, a short series, or equal values', () => {
    const outlier = noisy(Array<number>(20).fill(100));
    outlier[11] = 900;
    expect(changePoints(outlier, 0.01)).toEqual([]);
    expect(changePoints(noisy([1, 1, 1, 9, 9, 9]), 0.01)).toEqual([]);
    expect(changePoints(Array<number>(30).fill(5), 0.01)).toEqual([]);
  });

  it('are found in at most as many series without a change as the level says', () => {
    const found = Array.from({ length: 200 }, (_, k) =>
      changePoints(noisy(Array<number>(16).fill(100), k), 0.05),
    );
    expect(found.filter((points) => points.length > 0).length).toBeLessThanOrEqual(18);
  });
});

it.each([0.05, 0.0125, 0.005, 0.05 / 15, 0.05 / 60, 0.05 / 600])(
  'the least runs of level %d are the least',
  (alpha) => {
    const least = leastPerLevel(alpha);
    const levels = (count: number) => [...Array<number>(count).fill(100), ...Array<number>(count).fill(150)];
    expect(changePoints(noisy(levels(least)), alpha)).toEqual([least]);
    // Also where there is little time for each of many figures, with a run more on either side.
    expect(changePoints(noisy(levels(least + 1)), alpha, 1)).toEqual([least + 1]);
    expect(changePoints(noisy(levels(least - 1)), alpha)).toEqual([]);
  },
);

describe('the history of runs', () => {
  it.each([
    // Four figures of the total, which are those of the operation: eight would need six.
    [1, 5, 0.2],
    [2, 6, 0],
  ])(
    'of %d operations finds what doubles after the least number of runs that it names, %d',
    (operations, least, errorShare) => {
      const history = (count: number) =>
        Array.from({ length: 2 * count }, (_, k) => {
          const factors = Object.fromEntries(
            Array.from({ length: operations }, (__, each) => [each, k < count ? 1 : 2]),
          );
          return simulatedRun({
            seed: k + 1,
            operations,
            seconds: 5,
            rate: 20,
            sigma: 0.1,
            factors,
            errorShare,
          });
        });
      const runs = history(least);
      expect(leastRunsOfChange(runs)).toBe(2 * least);
      expect(changesOver(runs, DEFAULT_TOLERANCES)[0]).toMatchObject({ metric: 'p50', at: least });
      expect(changesOver(history(least - 1), DEFAULT_TOLERANCES)).toEqual([]);
    },
  );

  it('says since which run an operation is worse', () => {
    const runs = Array.from({ length: 20 }, (_, k) =>
      simulatedRun({
        seed: k + 1,
        operations: 2,
        seconds: 5,
        rate: 20,
        sigma: 0.1,
        factors: { 1: k < 11 ? 1 : 1.5 },
      }),
    );
    const changes = changesOver(runs, DEFAULT_TOLERANCES).filter(
      ({ operation }) => operation === 'operation-2',
    );
    expect(changes[0]).toMatchObject({ metric: 'p50', finding: 'worse', since: 'simulated-12' });
    const [first] = runs;
    expect(changesOver(runs.slice(0, 11), DEFAULT_TOLERANCES)).toEqual([]);
    expect(changesOver([first!], DEFAULT_TOLERANCES)).toEqual([]);
  });
});
