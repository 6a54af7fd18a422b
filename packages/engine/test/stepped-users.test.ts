import { describe, expect, it } from 'vitest';
import { planUserSteps } from '../src/plan/user-steps.ts';
import type { VirtualUser } from '../src/model/scenario.ts';
import type { RunningExecutor } from '../src/executors/executor.ts';
import { scenarioWith, virtualRun } from './fixtures/virtual-run.ts';

const HOUR = 3600;

/** Users whose iterations only think, for the given time. */
function thinking(seconds: number) {
  return { run: (user: VirtualUser) => user.think(seconds) };
}

describe('users that follow stages', () => {
  it('are as many as the plan says, at every step of it', async () => {
    const stages = [
      { duration: '10s', target: 7 },
      { duration: '5s', target: 7 },
      { duration: 0, target: 12 },
      { duration: '8s', target: 3 },
      { duration: '4s', target: 0 },
      { duration: '1s', target: 0 },
    ];
    const { clock, executor, start } = virtualRun(
      scenarioWith({ kind: 'ramping-vus', startVUs: 2, stages, gracefulRampDown: 0 }, thinking(HOUR)),
    );
    const steps = planUserSteps(
      2,
      stages.map(({ duration, target }) => ({
        durationMs: typeof duration === 'number' ? duration : Number.parseInt(duration, 10) * 1000,
        target,
      })),
    );
    const running = start();
    for (const [index, { atMs, users }] of steps.entries()) {
      // A step is handed out with the first timer tick at or after its time.
      const nextMs = steps[index + 1]?.atMs ?? atMs + 2;
      if (nextMs - atMs < 1.1) continue;
      await clock.advance(atMs + 1.001 - clock.now());
      expect({ atMs, users: executor.users, target: executor.targetUsers }).toEqual({
        atMs,
        users,
        target: users,
      });
    }
    executor.interrupt();
    await clock.advance(10);
    await running;
    expect(executor.maxUsers).toBe(12);
  });

  it('start at their step, not all at once', async () => {
    const started: [id: number, atMs: number][] = [];
    const { clock, executor, start } = virtualRun(
      scenarioWith(
        { kind: 'ramping-vus', startVUs: 0, stages: [{ duration: '5s', target: 5 }] },
        {
          run: async (user) => {
            started.push([user.id, clock.now()]);
            await user.think(HOUR);
          },
        },
      ),
    );
    const running = start();
    await clock.advance(4999);
    executor.interrupt();
    await clock.advance(10);
    await running;
    expect(started).toEqual([
      [1, 1000],
      [2, 2000],
      [3, 3000],
      [4, 4000],
    ]);
  });

  it('may finish their iteration when they are ramped down, and are cut off when they do not', async () => {
    const left: string[] = [];
    const { clock, executor, start, counts } = virtualRun(
      scenarioWith(
        {
          kind: 'ramping-vus',
          startVUs: 2,
          stages: [
            { duration: '1s', target: 2 },
            { duration: 0, target: 0 },
            { duration: '20s', target: 0 },
          ],
          gracefulRampDown: '5s',
        },
        {
          run: (user) => user.think(user.id === 1 ? 3 : HOUR),
          onStop: (user) => {
            left.push(`user ${user.id} at ${clock.now()}`);
            return Promise.resolve();
          },
        },
      ),
    );
    const running = start();
    await clock.advance(2000);
    expect(executor).toMatchObject({ targetUsers: 0, users: 2, inFlight: 2 });
    await clock.advance(1500);
    expect(executor).toMatchObject({ targetUsers: 0, users: 1, inFlight: 1 });
    expect(counts()).toMatchObject({ planned: 2, completed: 1, interrupted: 0 });
    await clock.advance(3000);
    expect(executor).toMatchObject({ users: 0, inFlight: 0 });
    expect(counts()).toMatchObject({ planned: 2, completed: 1, interrupted: 1 });
    expect(left).toEqual(['user 1 at 3000']);
    await clock.advance(20_000);
    await running;
  });

  it('come back as new users when they are wanted again, with the same id and the same random stream', async () => {
    const first: Record<number, number[]> = {};
    const { clock, start, executor } = virtualRun(
      scenarioWith(
        {
          kind: 'ramping-vus',
          startVUs: 1,
          stages: [
            { duration: '1s', target: 1 },
            { duration: 0, target: 0 },
            { duration: '2s', target: 0 },
            { duration: 0, target: 1 },
            { duration: '2s', target: 1 },
          ],
          gracefulRampDown: 0,
        },
        {
          run: async (user) => {
            if (user.iteration === 0) (first[user.id] ??= []).push(user.random());
            await user.think(0.5);
          },
        },
      ),
    );
    const running = start();
    await clock.advance(1500);
    expect(executor.users).toBe(0);
    await clock.advance(4000);
    await running;
    expect(first).toEqual({ 1: [expect.any(Number), first[1]![0]] });
  });

  it('go on when they are wanted again before they have left, with nobody doubled', async () => {
    const { clock, start, executor, counts } = virtualRun(
      scenarioWith(
        {
          kind: 'ramping-vus',
          startVUs: 3,
          stages: [
            { duration: '1s', target: 3 },
            { duration: 0, target: 1 },
            { duration: '1s', target: 1 },
            { duration: 0, target: 3 },
            { duration: '8s', target: 3 },
          ],
        },
        thinking(4),
      ),
    );
    const running = start();
    await clock.advance(3000);
    expect(executor).toMatchObject({ users: 3, targetUsers: 3, maxUsers: 3 });
    await clock.advance(5500);
    expect(executor).toMatchObject({ users: 3, inFlight: 3 });
    expect(counts()).toMatchObject({ planned: 9, completed: 6 });
    await clock.advance(5000);
    await running;
    expect(counts()).toMatchObject({ planned: 9, completed: 9, interrupted: 0 });
  });
});

describe('a constant number of users', () => {
  it('iterate one after another, without a pause, until the time is over', async () => {
    const { clock, start, counts } = virtualRun(
      scenarioWith({ kind: 'constant-vus', vus: 3, duration: '10s' }),
      { answer: () => ({ afterMs: 400 }) },
    );
    const running = start();
    await clock.advance(10_000);
    expect(counts()).toMatchObject({ planned: 75, completed: 75 });
    await clock.advance(400);
    await running;
  });

  it('take no new iteration at the end, and finish the one they are in', async () => {
    const { clock, start, counts, executor } = virtualRun(
      scenarioWith({ kind: 'constant-vus', vus: 2, duration: '10s' }),
      { answer: () => ({ afterMs: 3000 }) },
    );
    const running = start();
    await clock.advance(10_000);
    expect(executor).toMatchObject({ targetUsers: 0, users: 2, inFlight: 2 });
    await clock.advance(2000);
    await running;
    expect(counts()).toMatchObject({ planned: 8, completed: 8, interrupted: 0 });
    expect(executor).toMatchObject({ users: 0, inFlight: 0 });
  });

  it('have a connection each, closed when they leave', async () => {
    const { clock, start, transport } = virtualRun(
      scenarioWith({ kind: 'constant-vus', vus: 4, duration: '1s' }),
      { answer: () => ({ afterMs: 100 }) },
    );
    const running = start();
    await clock.advance(1100);
    await running;
    expect(transport).toMatchObject({ opened: 4, closed: 4 });
  });
});

describe('the number of users set by hand', () => {
  it('takes the place of the plan from then on', async () => {
    const { clock, start, executor } = virtualRun(
      scenarioWith(
        { kind: 'ramping-vus', startVUs: 1, stages: [{ duration: '10s', target: 10 }], gracefulRampDown: 0 },
        thinking(HOUR),
      ),
    );
    const running = start();
    await clock.advance(3000);
    expect(executor.setUsers(6)).toBe(true);
    await clock.advance(0);
    expect(executor).toMatchObject({ users: 6, targetUsers: 6 });
    await clock.advance(5000);
    expect(executor).toMatchObject({ users: 6, targetUsers: 6 });
    executor.setUsers(2);
    await clock.advance(1);
    expect(executor).toMatchObject({ users: 2, targetUsers: 2 });
    executor.interrupt();
    await clock.advance(10);
    await running;
  });

  it('may go to 0 and back at the same time: the users continue', async () => {
    const { clock, start, executor, counts } = virtualRun(
      scenarioWith({ kind: 'constant-vus', vus: 3, duration: '10s' }, thinking(1)),
    );
    const running = start();
    await clock.advance(1500);
    executor.setUsers(0);
    executor.setUsers(3);
    await clock.advance(8400);
    expect(counts()).toMatchObject({ completed: 9 * 3, interrupted: 0 });
    expect(executor).toMatchObject({ users: 3, maxUsers: 3 });
    await clock.advance(1000);
    await running;
  });

  it('may be set, or the run stopped, by the first user that a step starts: the step starts no other', async () => {
    let executor: RunningExecutor;
    for (const [act, target] of [
      [() => void executor.setUsers(1), 1],
      [() => executor.stop(), 0],
    ] as const) {
      let began = 0;
      const {
        clock,
        start,
        executor: made,
      } = virtualRun(
        scenarioWith(
          { kind: 'constant-vus', vus: 5, duration: '10s' },
          {
            onStart: () => {
              if (++began === 1) act();
              return Promise.resolve();
            },
            run: (user) => user.think(HOUR),
          },
        ),
      );
      executor = made;
      const running = start();
      await clock.advance(5);
      expect([executor.targetUsers, executor.users, executor.maxUsers]).toEqual([target, 1, 1]);
      expect(began).toBe(1);
      executor.interrupt();
      await clock.advance(10);
      await running;
    }
  });

  it('lets those who are not wanted any more finish their iteration, and begin no other', async () => {
    const { clock, start, executor, counts } = virtualRun(
      scenarioWith({ kind: 'constant-vus', vus: 5, duration: '60s' }, thinking(4)),
    );
    const running = start();
    await clock.advance(5000);
    executor.setUsers(2);
    await clock.advance(1);
    expect(executor).toMatchObject({ targetUsers: 2, users: 5, inFlight: 5 });
    await clock.advance(3000);
    expect(executor).toMatchObject({ targetUsers: 2, users: 2, inFlight: 2 });
    expect(counts()).toMatchObject({ planned: 5 + 5 + 2, completed: 10, interrupted: 0 });
    executor.interrupt();
    await clock.advance(10);
    await running;
  });

  it.each([
    ['constant-vus', { kind: 'constant-vus', vus: 2, duration: '60s', gracefulStop: '3s' }],
    [
      'ramping-vus',
      {
        kind: 'ramping-vus',
        startVUs: 2,
        stages: [{ duration: '60s', target: 2 }],
        gracefulRampDown: '3s',
      },
    ],
  ] as const)(
    'interrupts users that take longer than the graceful time of %s',
    async (_, executorOptions) => {
      const { clock, start, executor, counts } = virtualRun(scenarioWith(executorOptions, thinking(HOUR)));
      const running = start();
      await clock.advance(1000);
      executor.setUsers(0);
      await clock.advance(2990);
      expect(executor.users).toBe(2);
      expect(counts().interrupted).toBe(0);
      await clock.advance(20);
      expect(executor.users).toBe(0);
      expect(counts()).toMatchObject({ planned: 2, interrupted: 2 });
      executor.stop();
      await clock.advance(10);
      await running;
    },
  );

  it('cuts them off at once where the graceful time is 0, as k6 does', async () => {
    const { clock, start, executor, counts } = virtualRun(
      scenarioWith({ kind: 'constant-vus', vus: 3, duration: '60s', gracefulStop: 0 }, thinking(HOUR)),
    );
    const running = start();
    await clock.advance(1000);
    executor.setUsers(1);
    await clock.advance(1);
    expect(executor.users).toBe(1);
    expect(counts()).toMatchObject({ planned: 3, interrupted: 2 });
    executor.interrupt();
    await clock.advance(10);
    await running;
  });

  it('is refused after the end', async () => {
    const { clock, start, executor } = virtualRun(scenarioWith({ kind: 'constant-vus', duration: '1s' }), {
      answer: () => ({ afterMs: 10 }),
    });
    const running = start();
    await clock.advance(1100);
    await running;
    expect(executor.setUsers(5)).toBe(false);
    expect(executor.users).toBe(0);
  });
});

describe('an end from inside the first iteration', () => {
  it.each(['constant-vus', 'ramping-vus'] as const)('stops %s for good', async (kind) => {
    const { clock, start, executor, counts } = virtualRun(
      scenarioWith(
        kind === 'constant-vus'
          ? { kind, vus: 3, duration: '10s' }
          : { kind, startVUs: 3, stages: [{ duration: '10s', target: 30 }] },
        {
          run: async (user) => {
            executor.stop();
            await user.think(0.1);
          },
        },
      ),
    );
    const running = start();
    await clock.advance(200);
    await running;
    await clock.advance(20_000);
    // All three had started at the same time.
    expect(counts()).toMatchObject({ planned: 3, completed: 3 });
    expect(executor.users).toBe(0);
  });
});
