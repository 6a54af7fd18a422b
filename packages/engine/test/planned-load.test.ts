import { describe, expect, it } from 'vitest';
import { plannedLoad } from '../src/definition/planned-load.ts';
import type { ExecutorOptions } from '../src/model/executor-options.ts';

type Ramp = Extract<ExecutorOptions, { kind: 'ramping-vus' }>;
type Stages = Ramp['stages'];

/** Requests per second of users that log in when they start, and of nothing else. */
function starts(stages: Stages, startVUs = 0): number {
  const executor = { kind: 'ramping-vus', startVUs, stages } as const;
  const operations = [{ name: 'login', method: 'POST', route: '/login' }] as const;
  const demand = { iterationSeconds: 1, requests: {}, startRequests: { login: 1 } };
  const run = () => Promise.resolve();
  return plannedLoad([{ name: 'ramp', operations, executor, demand, run }]).requestsPerSecond;
}

describe('users that start within one second', () => {
  it.each<[string, number, Stages, number?]>([
    ['those of a long stage by its rate', 5, [{ duration: '10s', target: 50 }]],
    [
      'those of two short stages together',
      20,
      [
        { duration: 500, target: 10 },
        { duration: 500, target: 20 },
      ],
    ],
    [
      'those before a short stage',
      14,
      [
        { duration: '10s', target: 80 },
        { duration: 500, target: 90 },
      ],
    ],
    [
      'those after a short stage',
      14,
      [
        { duration: 500, target: 10 },
        { duration: '10s', target: 90 },
      ],
    ],
    [
      'those of jumps half a second apart',
      30,
      [
        { duration: 0, target: 10 },
        { duration: 500, target: 10 },
        { duration: 0, target: 30 },
      ],
    ],
    [
      'not those of jumps a second apart',
      20,
      [
        { duration: 0, target: 10 },
        { duration: '1s', target: 10 },
        { duration: 0, target: 30 },
      ],
    ],
    [
      'those that left in between, too',
      20,
      [
        { duration: 200, target: 10 },
        { duration: 200, target: 0 },
        { duration: 200, target: 10 },
      ],
    ],
    ['those of the begin and the ramp after it', 25, [{ duration: '2s', target: 40 }], 10],
  ])('%s: %i', (_, expected, stages, startVUs = 0) => {
    expect(starts(stages, startVUs)).toBeCloseTo(expected, 9);
  });
});
