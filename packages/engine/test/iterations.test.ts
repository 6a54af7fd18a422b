import { describe, expect, it } from 'vitest';
import { scenarioWith, virtualRun } from './fixtures/virtual-run.ts';

describe('shared iterations', () => {
  it('are each run once, by any free user', async () => {
    const byUser: Record<number, number> = {};
    const { clock, start, counts, executor } = virtualRun(
      scenarioWith(
        { kind: 'shared-iterations', vus: 3, iterations: 30 },
        {
          run: async (user) => {
            byUser[user.id] = (byUser[user.id] ?? 0) + 1;
            await user.think(user.id);
          },
        },
      ),
    );
    const running = start();
    await clock.advance(60_000);
    await running;
    expect(counts()).toEqual({
      planned: 30,
      started: 30,
      completed: 30,
      failed: 0,
      dropped: 0,
      interrupted: 0,
      notAwaited: 0,
      startTimeouts: 0,
    });
    expect(Object.values(byUser).reduce((sum, count) => sum + count)).toBe(30);
    expect(byUser[1]).toBeGreaterThan(byUser[2]!);
    expect(byUser[2]).toBeGreaterThan(byUser[3]!);
    expect(executor.maxUsers).toBe(3);
  });

  it('that do not fit into maxDuration are not started', async () => {
    const { clock, start, counts } = virtualRun(
      scenarioWith({ kind: 'shared-iterations', vus: 2, iterations: 1000, maxDuration: '10s' }),
      { answer: () => ({ afterMs: 900 }) },
    );
    const running = start();
    await clock.advance(11_000);
    await running;
    expect(counts()).toMatchObject({ planned: 24, completed: 24 });
  });
});

describe('iterations per user', () => {
  it('are done by each user, however slow', async () => {
    const byUser: Record<number, number[]> = {};
    const { clock, start, counts } = virtualRun(
      scenarioWith(
        { kind: 'per-vu-iterations', vus: 3, iterations: 4 },
        {
          run: async (user) => {
            (byUser[user.id] ??= []).push(user.iteration);
            await user.think(user.id);
          },
        },
      ),
    );
    const running = start();
    await clock.advance(12_000);
    await running;
    expect(byUser).toEqual({ 1: [0, 1, 2, 3], 2: [0, 1, 2, 3], 3: [0, 1, 2, 3] });
    expect(counts()).toMatchObject({ planned: 12, completed: 12 });
  });

  it('are counted as users while they last', async () => {
    const { clock, start, executor } = virtualRun(
      scenarioWith(
        { kind: 'per-vu-iterations', vus: 3, iterations: 1 },
        { run: (user) => user.think(user.id) },
      ),
    );
    const running = start();
    await clock.advance(500);
    expect(executor).toMatchObject({ users: 3, inFlight: 3 });
    await clock.advance(1000);
    expect(executor).toMatchObject({ users: 2, inFlight: 2 });
    await clock.advance(2000);
    await running;
    expect(executor).toMatchObject({ users: 0, inFlight: 0 });
  });

  it('wait for the end of a pause, and for the wait between two of them', async () => {
    const { clock, start, executor, counts } = virtualRun(
      scenarioWith({ kind: 'per-vu-iterations', iterations: 3 }, { wait: { kind: 'constant', seconds: 1 } }),
      { answer: () => ({ afterMs: 100 }) },
    );
    const running = start();
    await clock.advance(500);
    executor.pause();
    await clock.advance(10_000);
    expect(counts().planned).toBe(1);
    executor.resume();
    await clock.advance(1300);
    await running;
    expect(counts()).toMatchObject({ planned: 3, completed: 3 });
  });

  it('that are not done when the run is stopped are not begun', async () => {
    const { clock, start, executor, counts } = virtualRun(
      scenarioWith({ kind: 'per-vu-iterations', vus: 2, iterations: 10 }),
      { answer: () => ({ afterMs: 1000 }) },
    );
    const running = start();
    await clock.advance(3500);
    executor.stop();
    await clock.advance(500);
    await running;
    expect(counts()).toMatchObject({ planned: 8, completed: 8 });
    expect(executor.setUsers(5)).toBe(false);
  });
});
