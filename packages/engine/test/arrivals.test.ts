import { describe, expect, it } from 'vitest';
import { planArrivals } from '../src/plan/arrivals.ts';
import { scenarioWith, virtualRun } from './fixtures/virtual-run.ts';

const RATE_100 = { kind: 'constant-arrival-rate', rate: 100, duration: '2s', maxVUs: 50 } as const;

describe('arrivals at a rate', () => {
  it('start by the schedule, independently of responses', async () => {
    const { clock, start, transport, counts } = virtualRun(scenarioWith({ ...RATE_100, maxVUs: 1000 }), {
      answer: (_path, number) => ({ afterMs: number === 10 ? 5000 : 700 }),
    });
    const running = start();
    await clock.advance(10_000);
    await running;
    expect(transport.requests.map(({ atMs }) => atMs)).toEqual(Array.from({ length: 200 }, (_, k) => k * 10));
    expect(counts()).toMatchObject({ planned: 200, completed: 200, dropped: 0 });
  });

  it('use few users while answers are fast, the last used first', async () => {
    const users = new Set<number>();
    const { clock, start, executor, transport } = virtualRun(
      scenarioWith(RATE_100, {
        run: async (user) => {
          users.add(user.id);
          await user.request({ operation: 'ask', path: '/' });
        },
      }),
      { answer: (_path, number) => ({ afterMs: number === 100 ? 35 : 8 }) },
    );
    const running = start();
    await clock.advance(3000);
    await running;
    expect(users).toEqual(new Set([1, 2]));
    expect(executor.maxUsers).toBe(2);
    expect(transport.opened).toBe(2);
  });

  it('are dropped, and counted, beyond so many in flight', async () => {
    const { clock, start, transport, counts, executor } = virtualRun(
      scenarioWith({ ...RATE_100, maxVUs: 5 }),
      { answer: () => ({ afterMs: 100 }) },
    );
    const running = start();
    await clock.advance(3000);
    await running;
    // Five users, each busy for 100 ms: 50/s of the 100/s; the last arrivals of each batch are dropped.
    expect(counts()).toMatchObject({ planned: 200, started: 100, completed: 100, dropped: 100 });
    expect(transport.requests).toHaveLength(100);
    expect(executor.maxUsers).toBe(5);
  });

  it('that are handed out late in one batch are not dropped because of it', async () => {
    const { clock, start, counts, recorder } = virtualRun(scenarioWith({ ...RATE_100, maxVUs: 20 }), {
      answer: () => ({ afterMs: 1 }),
    });
    const running = start();
    await clock.advance(1);
    clock.block(150);
    await clock.advance(3000);
    await running;
    expect(counts()).toMatchObject({ planned: 200, completed: 200, dropped: 0 });
    const { pacerLag } = recorder.flush([
      { users: 0, targetUsers: 0, inFlight: 0, maxUsers: 0, userMs: 0, loadMs: 0, loadUserMs: 0 },
    ]);
    expect(pacerLag.count).toBe(200);
    expect(pacerLag.max).toBe(141_000);
  });

  it('take a pause out of the plan: nothing is dropped for it', async () => {
    const { clock, start, executor, counts, transport } = virtualRun(scenarioWith(RATE_100), {
      answer: () => ({ afterMs: 1 }),
    });
    const running = start();
    await clock.advance(495);
    executor.pause();
    await clock.advance(1000);
    expect(transport.requests).toHaveLength(50);
    executor.resume();
    await clock.advance(1000);
    await running;
    expect(counts()).toMatchObject({ planned: 100, completed: 100, dropped: 0 });
  });

  it('have no number of users to set', () => {
    expect(virtualRun(scenarioWith(RATE_100)).executor.setUsers(5)).toBe(false);
  });
});

describe('the end of a schedule of arrivals', () => {
  it('waits for what is in flight', async () => {
    const run = virtualRun(scenarioWith(RATE_100), { answer: () => ({ afterMs: 400 }) });
    const running = run.start();
    await run.clock.advance(1995);
    expect(run.executor.inFlight).toBe(40);
    await run.clock.advance(394);
    expect(run.ended).toBe(false);
    await run.clock.advance(1);
    await running;
    expect(run.counts()).toMatchObject({ planned: 200, completed: 200 });
  });

  it('interrupts what runs longer, with its age as a lower bound of its latency', async () => {
    const { clock, start, executor, counts, measure } = virtualRun(scenarioWith(RATE_100), {
      answer: (_path, number) => ({ afterMs: number < 190 ? 50 : Number.POSITIVE_INFINITY }),
    });
    const running = start();
    await clock.advance(2500);
    executor.interrupt();
    await clock.advance(1);
    await running;
    expect(counts()).toMatchObject({ planned: 200, completed: 190, interrupted: 10 });
    const { requests, interrupted, interruptedAge } = measure().mergeOperations();
    expect({ requests, interrupted }).toEqual({ requests: 190, interrupted: 10 });
    expect(interruptedAge).toMatchObject({ count: 10, min: 510_000, max: 600_000 });
  });

  it('comes at once when there is nothing in flight', async () => {
    const run = virtualRun(scenarioWith({ ...RATE_100, rate: 1, duration: '1500ms' }));
    const running = run.start();
    await run.clock.advance(1500);
    await running;
    expect(run.counts()).toMatchObject({ planned: 2, completed: 2 });
  });

  it('is final when the first arrival causes it', async () => {
    const { clock, start, executor, counts } = virtualRun(
      scenarioWith(
        { ...RATE_100, preAllocatedVUs: 1 },
        {
          // A pre-started user runs its code synchronously, during the first arrival.
          onStart: () => Promise.resolve(),
          run: () => {
            executor.stop();
            return Promise.resolve();
          },
        },
      ),
    );
    const running = start();
    await clock.advance(5000);
    await running;
    expect(counts()).toMatchObject({ planned: 1, completed: 1 });
  });
});

describe('users that start beforehand', () => {
  it('have run onStart before the clock starts, and onStop runs at the end', async () => {
    const log: string[] = [];
    const { clock, start } = virtualRun(
      scenarioWith(
        { ...RATE_100, rate: 1, preAllocatedVUs: 2 },
        {
          onStart: async (user) => {
            await user.think(3);
            log.push(`start ${user.id} at ${clock.now()}`);
          },
          run: (user) => {
            log.push(`run ${user.id} at ${clock.now()}`);
            return Promise.resolve();
          },
          onStop: (user) => {
            log.push(`stop ${user.id}`);
            return Promise.resolve();
          },
        },
      ),
    );
    const running = start();
    await clock.advance(10_000);
    await running;
    expect(log).toEqual([
      'start 1 at 3000',
      // `onStart` calls are paced like the schedule.
      'start 2 at 4000',
      'run 2 at 4000',
      'run 2 at 5000',
      'stop 1',
      'stop 2',
    ]);
  });
});

describe('Poisson arrivals', () => {
  const executor = { ...RATE_100, arrivals: 'poisson', maxVUs: 1000 } as const;

  async function arrivalTimes(seed: number): Promise<number[]> {
    const { clock, start, recorder, transport, counts } = virtualRun(scenarioWith(executor), { seed });
    const running = start();
    await clock.advance(3000);
    await running;
    expect(counts().planned).toBe(transport.requests.length);
    expect(recorder.counters).toBeDefined();
    return transport.requests.map(({ atMs }) => atMs);
  }

  it('are the same for the same seed, and follow the plan of it', async () => {
    const first = await arrivalTimes(11);
    expect(await arrivalTimes(11)).toEqual(first);
    expect(await arrivalTimes(12)).not.toEqual(first);
    const { run } = virtualRun(scenarioWith(executor));
    const resolved = run.scenarios[0]!.executor;
    if (resolved.kind !== 'constant-arrival-rate') throw new Error('another executor');
    const schedule = planArrivals(resolved, 11, 0, 0);
    for (const atMs of first) {
      const intendedMs = schedule.next()!;
      expect(atMs).toBeGreaterThanOrEqual(intendedMs);
      expect(atMs - intendedMs).toBeLessThanOrEqual(1);
    }
    expect(schedule.next()).toBeUndefined();
  });
});
