import { describe, expect, it } from 'vitest';

import { scenarioWith, virtualRun } from './fixtures/virtual-run.ts';

describe('weighted tasks', () => {
  it('are chosen in proportion to their weights', async () => {
    const done: Record<string, number> = {};
    const task = (name: string, weight: number) => ({
      name,
      weight,
      run: () => {
        done[name] = (done[name] ?? 0) + 1;
        return Promise.resolve();
      },
    });
    const { clock, start } = virtualRun(
      scenarioWith(
        { kind: 'per-vu-iterations', vus: 4, iterations: 3000 },
        { tasks: [task('search', 5), task('add', 3), task('list', 2)] },
      ),
    );
    const running = start();
    await clock.advance(1000);
    await running;
    const n = 12_000;
    for (const [name, share] of [
      ['search', 0.5],
      ['add', 0.3],
      ['list', 0.2],
    ] as const) {
      // Four standard deviations of a binomial.
      expect(Math.abs(done[name]! / n - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / n));
    }
  });
});

describe('the random stream of a user', () => {
  async function draws(seed: number, name = 'test') {
    const drawn: Record<number, number[]> = {};
    const { clock, start } = virtualRun(
      scenarioWith(
        { kind: 'per-vu-iterations', vus: 3, iterations: 2 },
        {
          name,
          run: async (user) => {
            (drawn[user.id] ??= []).push(user.random());
            await user.think({ min: 0.1, max: 0.2 });
            drawn[user.id]!.push(clock.now());
          },
        },
      ),
      { seed },
    );
    const running = start();
    await clock.advance(10_000);
    await running;
    return drawn;
  }

  it('is the same for the same seed, think times included, and each user has its own', async () => {
    const first = await draws(7);
    expect(await draws(7)).toEqual(first);
    expect(await draws(8)).not.toEqual(first);
    expect(new Set([first[1]![0], first[2]![0], first[3]![0]]).size).toBe(3);
  });
});
