import { describe, expect, it } from 'vitest';
import { EngineError } from '../src/errors.ts';
import type { ExecutorOptions } from '../src/model/executor-options.ts';
import { resolveExecutor } from '../src/executors/resolve-executor.ts';

const COMMON = { startTimeMs: 0, gracefulStopMs: 30_000, tags: {} };

describe('resolveExecutor', () => {
  it.each<[ExecutorOptions, object]>([
    [
      { kind: 'constant-vus', duration: '1m' },
      { model: 'closed', vus: 1, durationMs: 60_000, plannedDurationMs: 60_000, maxUsers: 1 },
    ],
    [
      {
        kind: 'ramping-vus',
        stages: [
          { duration: '10s', target: 5 },
          { duration: 0, target: 2 },
        ],
      },
      {
        model: 'closed',
        startVUs: 1,
        stages: [
          { durationMs: 10_000, target: 5 },
          { durationMs: 0, target: 2 },
        ],
        gracefulRampDownMs: 30_000,
        plannedDurationMs: 10_000,
        maxUsers: 5,
      },
    ],
    [
      { kind: 'constant-arrival-rate', rate: 30, timeUnit: '1m', duration: '10s' },
      {
        model: 'open',
        rate: 30,
        ratePerSecond: 0.5,
        timeUnitMs: 60_000,
        durationMs: 10_000,
        preAllocatedVUs: 1,
        maxVUs: 10,
        arrivals: 'uniform',
        plannedDurationMs: 10_000,
        maxUsers: 10,
      },
    ],
    [
      { kind: 'ramping-arrival-rate', stages: [{ duration: '10s', target: 200 }], arrivals: 'poisson' },
      {
        model: 'open',
        startRate: 0,
        startRatePerSecond: 0,
        timeUnitMs: 1000,
        stages: [{ durationMs: 10_000, target: 200 }],
        preAllocatedVUs: 20,
        maxVUs: 2000,
        arrivals: 'poisson',
        plannedDurationMs: 10_000,
        maxUsers: 2000,
      },
    ],
    [
      { kind: 'shared-iterations' },
      {
        model: 'closed',
        vus: 1,
        iterations: 1,
        maxDurationMs: 600_000,
        plannedDurationMs: 600_000,
        maxUsers: 1,
      },
    ],
    [
      { kind: 'per-vu-iterations', vus: 3, iterations: 2, maxDuration: '5s' },
      { model: 'closed', vus: 3, iterations: 2, maxDurationMs: 5000, plannedDurationMs: 5000, maxUsers: 3 },
    ],
  ])("fills in k6's defaults of %j", (options, expected) => {
    expect(resolveExecutor(options, 'chat')).toEqual({ kind: options.kind, ...COMMON, ...expected });
  });

  it.each([
    [{ rate: 10 }, { preAllocatedVUs: 1, maxVUs: 100 }],
    [{ rate: 5000 }, { preAllocatedVUs: 100, maxVUs: 5000 }],
    [
      { rate: 10, preAllocatedVUs: 7 },
      { preAllocatedVUs: 7, maxVUs: 7 },
    ],
    [
      { rate: 10, maxVUs: 7 },
      { preAllocatedVUs: 1, maxVUs: 7 },
    ],
    [
      { rate: 1000, maxVUs: 7 },
      { preAllocatedVUs: 7, maxVUs: 7 },
    ],
    [
      { rate: 10, preAllocatedVUs: 0, maxVUs: 9 },
      { preAllocatedVUs: 0, maxVUs: 9 },
    ],
  ])('caps the users of %j', (options, expected) => {
    const resolved = resolveExecutor({ kind: 'constant-arrival-rate', duration: '10s', ...options }, 'chat');
    expect(resolved).toMatchObject(expected);
  });

  it('allows as many iterations as a long run may have', () => {
    const executor = { kind: 'shared-iterations', iterations: 10_000_000 } as const;
    expect(resolveExecutor(executor, 'chat')).toMatchObject({ iterations: 10_000_000 });
  });

  it('takes start time, graceful stop and tags of every kind', () => {
    const common = { startTime: '5s', gracefulStop: 0, tags: { team: 'voice' } } as const;
    const expected = { startTimeMs: 5000, gracefulStopMs: 0, tags: { team: 'voice' } };
    expect(resolveExecutor({ kind: 'shared-iterations', ...common }, 'chat')).toMatchObject(expected);
  });

  it.each<[object | undefined, string]>([
    [undefined, 'executor is undefined; expected { kind: ... }'],
    [{}, 'executor kind is undefined; expected one of constant-vus, ramping-vus, constant-arrival-rate'],
    [{ kind: 'constant-vu' }, "executor kind is 'constant-vu'; expected one of"],
    [{ kind: 'constant-vu' }, "Did you mean 'constant-vus'?"],
    [{ kind: 'toString' }, "executor kind is 'toString'"],
    [{ kind: 'externally-control' }, "executor kind is 'externally-control'"],
    [{ kind: 'externally-controlled', rate: 5, vus: 3 }, 'has both rate and vus; expected one model'],
    [{ kind: 'externally-controlled', arrivals: 'poisson' }, 'arrivals is given without a rate'],
    [{ kind: 'externally-controlled', vus: 5, maxVUs: 3 }, 'vus is 5; expected at most maxVUs, which is 3'],
    [{ kind: 'externally-controlled', rate: -1 }, 'rate is -1; expected a number of at least 0'],
    [{ kind: 'externally-controlled', duration: 0 }, 'duration is 0; expected a duration above 0'],
    [{ kind: 'externally-controlled', stages: [] }, "unknown executor option 'stages'"],
    [
      { executor: 'constant-vus', duration: '1s' },
      "unknown executor option 'executor'. It is called 'kind' here.",
    ],
    [{ kind: 'constant-vus' }, 'duration is missing; expected a duration above 0: milliseconds as a number'],
    [{ kind: 'constant-vus', duration: 'soon' }, "duration is 'soon'; expected a duration above 0"],
    [{ kind: 'constant-vus', duration: 0 }, 'duration is 0; expected a duration above 0'],
    [
      { kind: 'constant-vus', duration: '5s', vus: 0 },
      'vus is 0; expected a whole number from 1 to 1000000.',
    ],
    [{ kind: 'constant-vus', duration: '5s', vus: -3 }, 'vus is -3; expected a whole number from 1'],
    [{ kind: 'constant-vus', duration: '5s', vus: 1.5 }, 'vus is 1.5; expected a whole number from 1'],
    [{ kind: 'constant-vus', duration: '5s', vus: '5' }, "vus is '5'; expected a whole number from 1"],
    [
      { kind: 'constant-vus', duration: '5s', vu: 5 },
      "unknown executor option 'vu'. Did you mean 'vus'? Known: kind,",
    ],
    [{ kind: 'constant-vus', duration: '5s', exec: 'x' }, 'A scenario has its own code here'],
    [
      { kind: 'constant-vus', duration: '5s', startTime: '-1s' },
      "startTime is '-1s'; expected a duration of at least 0",
    ],
    [{ kind: 'constant-vus', duration: '5s', gracefulStop: 'x' }, "gracefulStop is 'x'; expected a duration"],
    [
      { kind: 'constant-vus', duration: '5s', tags: { a: 1 } },
      'tags is {"a":1}; expected an object of strings',
    ],
    [{ kind: 'ramping-vus' }, 'stages is missing; expected a list of at least one stage'],
    [
      { kind: 'ramping-vus', stages: [] },
      'stages is []; expected a list of at least one stage, such as { duration:',
    ],
    [{ kind: 'ramping-vus', stages: [5] }, 'stages[0] is 5; expected a stage'],
    [
      {
        kind: 'ramping-vus',
        stages: [
          { duration: '5s', target: 5 },
          { duration: '5q', target: 1 },
        ],
      },
      "stages[1].duration is '5q'; expected a duration",
    ],
    [
      { kind: 'ramping-vus', stages: [{ duration: '5s', target: -5 }] },
      'stages[0].target is -5; expected a whole number',
    ],
    [
      { kind: 'ramping-vus', stages: [{ duration: '5s', users: 5 }] },
      "unknown executor option 'stages[0].users'.",
    ],
    [
      { kind: 'ramping-vus', stages: [{ duration: 0, target: 5 }] },
      'the stages have a total duration of 0 s',
    ],
    [
      { kind: 'ramping-vus', startVUs: 0, stages: [{ duration: 5, target: 0 }] },
      'startVUs and every target are 0',
    ],
    [
      { kind: 'ramping-arrival-rate', stages: [{ duration: 5, target: 0 }] },
      'startRate and every target are 0',
    ],
    [
      { kind: 'ramping-arrival-rate', stages: [{ duration: 5, target: 1 }], startRate: -1 },
      'startRate is -1; expected a number of at least 0',
    ],
    [{ kind: 'constant-arrival-rate', duration: '5s' }, 'rate is missing; expected a number above 0'],
    [{ kind: 'constant-arrival-rate', duration: '5s', rate: 0 }, 'rate is 0; expected a number above 0'],
    [
      { kind: 'constant-arrival-rate', duration: '5s', rate: 5, timeUnit: 0 },
      'timeUnit is 0; expected a duration above 0',
    ],
    [
      { kind: 'constant-arrival-rate', duration: '5s', rate: 5, arrivals: 'poison' },
      "arrivals is 'poison'; expected 'uniform', 'poisson', or 'gamma:<shape>' with a shape from 0.01 to 1000. Did you mean 'poisson'?",
    ],
    [
      { kind: 'constant-arrival-rate', duration: '5s', rate: 5, preAllocatedVUs: 10, maxVUs: 5 },
      'maxVUs is 5; expected at least preAllocatedVUs, which is 10. Raise maxVUs or lower preAllocatedVUs.',
    ],
    [
      { kind: 'constant-arrival-rate', duration: '5s', rate: 5, preAllocatedVUs: 0 },
      'preAllocatedVUs is 0 and maxVUs is not set; expected at least one user. Set maxVUs.',
    ],
    [
      { kind: 'shared-iterations', vus: 5, iterations: 2 },
      'iterations is 2, but vus is 5; expected at least one iteration for each user.',
    ],
    [
      { kind: 'shared-iterations', iterations: 2_000_000_000 },
      'iterations is 2000000000; expected a whole number from 1 to 1000000000.',
    ],
    [
      { kind: 'load-shape', shape: () => Object.assign({ users: 1 }, { spawnrate: 2 }) },
      "at 0 s the shape has an unknown key 'spawnrate'; expected { users, spawnRate }. Did you mean 'spawnRate'?",
    ],
    [{ kind: 'per-vu-iterations', iterations: 0 }, 'iterations is 0; expected a whole number from 1'],
    [{ kind: 'per-vu-iterations', maxDuration: 0 }, 'maxDuration is 0; expected a duration above 0'],
  ])('refuses %j', (options, message) => {
    let error: unknown;
    try {
      resolveExecutor(options as ExecutorOptions, 'chat');
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({ code: 'invalid-option', name: 'EngineError' });
    expect((error as EngineError).message).toMatch(/^scenario 'chat': /);
    expect((error as EngineError).message).toContain(message);
    // One end of the sentence, also behind a suggestion.
    expect((error as EngineError).message).toMatch(/[^.?][.?]$/);
  });
});
