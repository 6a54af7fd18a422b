import { describe, expect, it } from 'vitest';
import type { WaitTime } from '../src/model/scenario.ts';
import { scenarioWith, virtualRun } from './fixtures/virtual-run.ts';

/** Starts of the iterations of one user, in milliseconds, for a given iteration length. */
async function starts(wait: WaitTime, iterationMs: number, runMs: number, seed = 1): Promise<number[]> {
  const atMs: number[] = [];
  const { clock, start } = virtualRun(
    scenarioWith(
      { kind: 'constant-vus', duration: runMs, gracefulStop: '1h' },
      {
        wait,
        run: async (user) => {
          atMs.push(clock.now());
          await user.think(iterationMs / 1000);
        },
      },
    ),
    { seed },
  );
  const running = start();
  await clock.advance(runMs + iterationMs + 1);
  await running;
  return atMs;
}

const gaps = (atMs: readonly number[]): number[] => atMs.slice(1).map((at, k) => at - atMs[k]!);

describe('the wait of a user between two iterations', () => {
  it('is constant, from the end of one to the start of the next', async () => {
    expect(await starts({ kind: 'constant', seconds: 2 }, 500, 10_000)).toEqual([0, 2500, 5000, 7500]);
  });

  it('is uniform between two bounds, the same for the same seed', async () => {
    const wait = { kind: 'between', min: 1, max: 3 } as const;
    const first = gaps(await starts(wait, 0, 2_000_000, 5));
    expect(gaps(await starts(wait, 0, 2_000_000, 5))).toEqual(first);
    expect(gaps(await starts(wait, 0, 2_000_000, 6))).not.toEqual(first);
    for (const gap of first) {
      expect(gap).toBeGreaterThanOrEqual(1000);
      expect(gap).toBeLessThanOrEqual(3000);
    }
    const mean = first.reduce((sum, gap) => sum + gap, 0) / first.length;
    // About 1000 samples: the standard error of their mean is 18 ms.
    expect(mean).toBeGreaterThan(1910);
    expect(mean).toBeLessThan(2090);
  });

  it('of constant pacing runs from start to start, however long the iteration took', async () => {
    expect(await starts({ kind: 'constant-pacing', seconds: 1 }, 300, 4000)).toEqual([0, 1000, 2000, 3000]);
  });

  it('of constant pacing is none after an iteration that took longer', async () => {
    expect(await starts({ kind: 'constant-pacing', seconds: 1 }, 1500, 6000)).toEqual([0, 1500, 3000, 4500]);
  });

  it('of constant throughput is the pacing of its inverse', async () => {
    expect(await starts({ kind: 'constant-throughput', perSecond: 4 }, 100, 1000)).toEqual([
      0, 250, 500, 750,
    ]);
  });

  it('ends early when the run does', async () => {
    const { clock, start } = virtualRun(
      scenarioWith({ kind: 'constant-vus', duration: '10s' }, { wait: { kind: 'constant', seconds: 3600 } }),
      { answer: () => ({ afterMs: 5 }) },
    );
    const running = start();
    await clock.advance(10_001);
    await running;
    expect(clock.now()).toBe(10_001);
  });

  it('ends early for a user who is ramped down, and onStop runs', async () => {
    const left: number[] = [];
    const { clock, start } = virtualRun(
      scenarioWith(
        {
          kind: 'ramping-vus',
          stages: [
            { duration: '2s', target: 1 },
            { duration: 0, target: 0 },
            { duration: '60s', target: 0 },
          ],
        },
        {
          wait: { kind: 'constant', seconds: 3600 },
          onStop: () => {
            left.push(clock.now());
            return Promise.resolve();
          },
        },
      ),
      { answer: () => ({ afterMs: 5 }) },
    );
    const running = start();
    await clock.advance(3000);
    expect(left).toEqual([2000]);
    await clock.advance(60_000);
    await running;
  });

  it('is no part of the time that a user thinks inside an iteration, which no end cuts short', async () => {
    const ended: number[] = [];
    const { clock, start, counts } = virtualRun(
      scenarioWith(
        { kind: 'constant-vus', duration: '1s' },
        {
          run: async (user) => {
            await user.think(5);
            ended.push(clock.now());
          },
        },
      ),
    );
    const running = start();
    await clock.advance(6000);
    await running;
    expect(ended).toEqual([5000]);
    expect(counts()).toMatchObject({ completed: 1 });
  });
});

describe('the response time of a paced user', () => {
  it('counts from the intended start, so that an iteration that overran delays the next one visibly', async () => {
    const { clock, start, measure } = virtualRun(
      scenarioWith(
        { kind: 'constant-vus', duration: '4s' },
        { wait: { kind: 'constant-pacing', seconds: 1 } },
      ),
      { answer: (_path, number) => ({ afterMs: number === 1 ? 1500 : 10 }) },
    );
    const running = start();
    await clock.advance(5000);
    await running;
    const { response, service } = measure().mergeOperations();
    // Starts at 0, 1, 2.5 (intended 2) and 3.5 s.
    expect(response[0]).toMatchObject({ count: 4, max: 1_500_000 });
    expect(response[0]!.sum).toBe(10_000 + 1_500_000 + 510_000 + 10_000);
    expect(service[0]!.sum).toBe(10_000 + 1_500_000 + 10_000 + 10_000);
  });
});
