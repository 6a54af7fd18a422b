import { describe, expect, it } from 'vitest';
import { scenarioWith, virtualRun } from './fixtures/virtual-run.ts';

describe('a pause of users', () => {
  it('holds those who would begin an iteration, until it is over', async () => {
    const { clock, start, executor, counts } = virtualRun(
      scenarioWith({ kind: 'constant-vus', vus: 2, duration: '10s' }),
      { answer: () => ({ afterMs: 1000 }) },
    );
    const running = start();
    await clock.advance(2500);
    executor.pause();
    await clock.advance(3000);
    expect(counts()).toMatchObject({ planned: 6, completed: 6 });
    expect(executor).toMatchObject({ users: 2, inFlight: 0 });
    executor.resume();
    await clock.advance(1);
    expect(executor.inFlight).toBe(2);
    await clock.advance(6000);
    await running;
  });

  it('before the start prevents iterations', async () => {
    const { clock, start, executor, counts } = virtualRun(
      scenarioWith({ kind: 'constant-vus', vus: 2, duration: '5s' }),
    );
    executor.pause();
    const running = start();
    await clock.advance(2000);
    expect(counts().planned).toBe(0);
    await clock.advance(4000);
    await running;
    expect(counts().planned).toBe(0);
  });

  it('is no lateness of a user with a schedule of its own', async () => {
    const { clock, start, executor, measure } = virtualRun(
      scenarioWith(
        { kind: 'constant-vus', vus: 1, duration: '20s' },
        { wait: { kind: 'constant-pacing', seconds: 1 } },
      ),
      { answer: () => ({ afterMs: 10 }) },
    );
    const running = start();
    await clock.advance(3500);
    executor.pause();
    await clock.advance(10_000);
    executor.resume();
    await clock.advance(7000);
    await running;
    expect(measure().mergeOperations().response[0]!.max).toBe(10_000);
  });

  it('replaces the users who were interrupted while they were held', async () => {
    const { clock, start, executor, counts } = virtualRun(
      scenarioWith({
        kind: 'ramping-vus',
        startVUs: 3,
        stages: [{ duration: '10s', target: 3 }],
        gracefulRampDown: 0,
      }),
      { answer: () => ({ afterMs: 1000 }) },
    );
    const running = start();
    await clock.advance(500);
    executor.pause();
    await clock.advance(1000);
    executor.setUsers(0);
    await clock.advance(10);
    executor.setUsers(3);
    await clock.advance(490);
    executor.resume();
    await clock.advance(9000);
    await running;
    expect(counts()).toMatchObject({ planned: 27, completed: 27, interrupted: 0 });
  });
});
