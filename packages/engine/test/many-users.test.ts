import { describe, expect, it } from 'vitest';
import type { ExecutorOptions } from '../src/model/executor-options.ts';
import { scenarioWith, virtualRun } from './fixtures/virtual-run.ts';

const USERS = 1000;

/** Its users only think. */
function thinking(options: ExecutorOptions) {
  const { clock, executor, recorder, counts } = virtualRun(
    scenarioWith(options, { run: (user) => user.think(3600) }),
  );
  return {
    clock,
    running: executor,
    counts,
    start: () => {
      recorder.begin(clock.now());
      return executor.run(clock.now());
    },
  };
}

describe('many users that start together', () => {
  it.each<ExecutorOptions>([
    { kind: 'constant-vus', vus: USERS, duration: '60s' },
    { kind: 'per-vu-iterations', vus: USERS, iterations: 1, maxDuration: '60s' },
  ])('leave the event loop to others in between: $kind', async (executor) => {
    const { clock, running, start } = thinking(executor);
    const ended = start();
    const first = running.users;
    expect(first).toBeGreaterThan(50);
    expect(first).toBeLessThan(USERS / 2);
    await clock.advance(1);
    expect(running.users).toBe(USERS);
    running.interrupt();
    await clock.advance(10);
    await ended;
    expect(running.users).toBe(0);
  });

  it.each<ExecutorOptions>([
    { kind: 'constant-vus', vus: USERS, duration: '60s' },
    { kind: 'shared-iterations', vus: USERS, iterations: USERS, maxDuration: '60s' },
  ])('start no more once the run is stopped: $kind', async (executor) => {
    const { clock, running, start, counts } = thinking(executor);
    const ended = start();
    running.stop();
    await clock.advance(10);
    running.interrupt();
    await clock.advance(10);
    await ended;
    expect(counts().planned).toBeLessThan(USERS / 2);
  });

  it('follow the level that was set in between', async () => {
    const { clock, running, start } = thinking({
      kind: 'constant-vus',
      vus: USERS,
      duration: '60s',
      gracefulStop: 0,
    });
    const ended = start();
    running.setUsers(3);
    await clock.advance(10);
    expect(running).toMatchObject({ users: 3, targetUsers: 3 });
    running.setUsers(USERS + 5);
    await clock.advance(10);
    expect(running).toMatchObject({ users: USERS + 5, targetUsers: USERS + 5 });
    running.interrupt();
    await clock.advance(10);
    await ended;
  });
});
