import { defineScenario, startLoad, type ExecutorOptions } from '@jarvis-load/engine';
import { ScriptedTarget, VirtualClock } from '@jarvis-load/engine/testing';
import { expect, it } from 'vitest';
import type { LoadShape } from '../src/run/load-shape.ts';
import { RunSteering, type SteeringEvent } from '../src/run/run-steering.ts';
import { shapeToSteer } from '../src/session/steered-shape.ts';

const PLAN: LoadShape = { kind: 'stages', stages: [{ durationMs: 20_000, target: 9 }] };

/** A run of scenarios `a`, `b`, ... with these executors, on a virtual clock. */
function started(executors: readonly ExecutorOptions[], shape: LoadShape, maxUsers?: number) {
  const clock = new VirtualClock();
  const scenarios = executors.map((executor, index) => ({
    ...defineScenario({
      name: 'abc'[index]!,
      operations: [{ name: 'get', method: 'GET', route: '/' }],
      async run(user) {
        await user.request({ operation: 'get', path: '/' });
      },
    }),
    executor,
  }));
  const run = startLoad({
    baseUrl: 'http://shop.test',
    scenarios,
    seed: 1,
    clock,
    transport: new ScriptedTarget(clock, () => ({ afterMs: 100 })),
  });
  const ceilings = maxUsers === undefined ? undefined : { maxUsers, maxRate: 100, maxDurationMs: 60_000 };
  const steering = new RunSteering(run, { shape, scenarios, ceilings });
  return { clock, run, steering };
}

const closed = (vus: number, duration = 20_000): ExecutorOptions => ({ kind: 'constant-vus', vus, duration });

it('divides users that are set as the plan divides them, and refuses more than the target allows', async () => {
  const { clock, run, steering } = started([closed(6), closed(3)], PLAN, 30);
  const told: SteeringEvent[] = [];
  steering.onChange((event) => told.push(event));
  expect(steering.level).toEqual({ by: 'users', value: null, max: 30 });
  await clock.advance(5000);
  steering.setUsers(30, { perSecond: 10 });
  expect(() => steering.setUsers(31)).toThrow(/users: 31 in all; expected at most 30/);
  expect(() => steering.setRate(5)).toThrow(/steered by a rate/);
  steering.pause();
  steering.resume();
  expect(told).toEqual([
    { kind: 'load', level: { by: 'users', value: 30, max: 30 } },
    { kind: 'pause', isPaused: true },
    { kind: 'pause', isPaused: false },
  ]);
  const { steering: changes } = await clock.until(run.result);
  expect(changes?.map(({ scenario, users }) => [scenario, users]).toSorted()).toEqual([
    ['a', 20],
    ['b', 10],
  ]);
});

it('sets the rate of a run that --ui=control started with one, over all scenarios', async () => {
  const asked: LoadShape = { kind: 'rate', rate: 10, durationMs: 20_000, maxUsers: 50, arrivals: 'uniform' };
  expect(shapeToSteer(asked, {})).toBe(asked);
  expect(shapeToSteer(asked, { ui: 'view' })).toBe(asked);
  const shape = shapeToSteer(asked, { ui: 'control' });
  const turns = [0, 1].map((index) => ({
    kind: 'externally-controlled' as const,
    rate: 10,
    timeUnit: 2000,
    maxVUs: 25,
    duration: 20_000,
    turn: { index, of: 2 },
  }));
  const { clock, run, steering } = started(turns, shape);
  expect(steering.level).toMatchObject({ by: 'rate', value: 10 });
  await clock.advance(10_000);
  steering.setRate(40);
  expect(() => steering.setUsers(5)).toThrow(/steered by users/);
  expect((await clock.until(run.result)).iterations.planned).toBe(10 * 10 + 10 * 40);
});

it('changes nothing where the plan has neither users nor a rate to set', async () => {
  const iterations: ExecutorOptions = { kind: 'shared-iterations', vus: 2, iterations: 5 };
  const { clock, run, steering } = started([iterations], {
    kind: 'iterations',
    iterations: 5,
    users: 2,
    maxMs: 1000,
  });
  expect(steering.level).toBeUndefined();
  await clock.until(run.result);
});

it('divides users by the peaks of load shapes', async () => {
  const shaped = (users: number): ExecutorOptions => ({
    kind: 'load-shape',
    shape: (seconds) => (seconds < 20 ? { users, spawnRate: 100 } : undefined),
  });
  const { clock, run, steering } = started([shaped(100), shaped(10)], PLAN, 110);
  await clock.advance(5000);
  steering.setUsers(55);
  const { steering: changes } = await clock.until(run.result);
  expect(changes?.map(({ scenario, users }) => [scenario, users]).toSorted()).toEqual([
    ['a', 50],
    ['b', 5],
  ]);
});

it('gives users back where a later scenario has ended; a ramp keeps the new number', async () => {
  const ramp: ExecutorOptions = {
    kind: 'ramping-vus',
    startVUs: 1,
    stages: [{ duration: 20_000, target: 9 }],
  };
  const { clock, run, steering } = started([closed(6), ramp, closed(3, 2000)], PLAN, 30);
  await clock.advance(5000);
  expect(() => steering.setUsers({ a: 5, b: 7, c: 4 })).toThrow(/c.*has ended/);
  const { steering: changes } = await clock.until(run.result);
  expect(changes?.map(({ scenario, users }) => `${scenario} ${users}`)).toEqual(['b 7', 'a 5', 'a 6']);
});
