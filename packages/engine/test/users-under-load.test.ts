import { describe, expect, it } from 'vitest';
import type { ExecutorOptions } from '../src/model/executor-options.ts';
import type { ScenarioDefinition, Thresholds } from '../src/model/scenario.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

const ofUsers = (executor: ExecutorOptions, name = 'work'): ScenarioDefinition => asking(name, executor);

async function judged(
  scenarios: readonly ScenarioDefinition[],
  thresholds: Thresholds,
  afterMs = 100,
): Promise<readonly (readonly [number | null, string])[]> {
  const result = await virtualLoad({ scenarios, thresholds }, () => ({ afterMs })).result();
  return result.thresholds.map(({ measured, status }) => [measured, status] as const);
}

describe('vus is the number of users when the load was last on', () => {
  it.each<[string, ExecutorOptions, number]>([
    ['whole seconds', { kind: 'constant-vus', vus: 10, duration: '6s' }, 10],
    ['part of a second', { kind: 'constant-vus', vus: 10, duration: '6.7s' }, 10],
    ['a run within one interval', { kind: 'constant-vus', vus: 10, duration: '0.5s' }, 10],
    ['iterations', { kind: 'per-vu-iterations', vus: 4, iterations: 30 }, 4],
    ['a rate', { kind: 'constant-arrival-rate', rate: 40, duration: '6s', maxVUs: 40 }, 4],
    [
      'a rate that ends in a second',
      { kind: 'constant-arrival-rate', rate: 40, duration: '6.7s', maxVUs: 40 },
      4,
    ],
    [
      'a rate within one interval',
      { kind: 'constant-arrival-rate', rate: 40, duration: '0.5s', maxVUs: 40 },
      4,
    ],
    [
      'a ramp',
      {
        kind: 'ramping-vus',
        startVUs: 0,
        stages: [
          { duration: '5s', target: 50 },
          { duration: '2s', target: 50 },
        ],
      },
      50,
    ],
  ])('%s', async (_, executor, users) => {
    expect(
      await judged([ofUsers(executor)], {
        vus: [`value>=${users}`, `value<${users}`, `value==${users}`],
      }),
    ).toEqual([
      [users, 'pass'],
      [users, 'fail'],
      [users, 'pass'],
    ]);
  });

  it('is no peak of the run: of a burst and few after it, and of users that left', async () => {
    const burst: ExecutorOptions = {
      kind: 'ramping-arrival-rate',
      startRate: 400,
      stages: [
        { duration: '1s', target: 400 },
        { duration: 0, target: 1 },
        { duration: '5.7s', target: 1 },
      ],
      maxVUs: 100,
    };
    expect(await judged([ofUsers(burst)], { vus: ['value<10', 'value<10 over 3s'] })).toMatchObject([
      [expect.anything(), 'pass'],
      [expect.anything(), 'pass'],
    ]);
    const left: ExecutorOptions = {
      kind: 'ramping-vus',
      startVUs: 0,
      stages: [
        { duration: '5s', target: 10 },
        { duration: 0, target: 0 },
        { duration: '5s', target: 0 },
      ],
    };
    expect(await judged([ofUsers(left)], { vus: ['value==0'] })).toEqual([[0, 'pass']]);
  });

  it('has no window in the drain for a lower limit', async () => {
    const executor: ExecutorOptions = { kind: 'constant-vus', vus: 10, duration: '7s', gracefulStop: '30s' };
    expect(
      await judged(
        [ofUsers(executor)],
        { vus: ['value>=10 over 3s', 'value>10 over 3s', 'value<10 over 3s'] },
        4000,
      ),
    ).toEqual([
      [10, 'pass'],
      [10, 'fail'],
      [10, 'fail'],
    ]);
  });

  it('counts scenarios that had ended no longer, and each by its own end', async () => {
    const first = ofUsers({ kind: 'constant-vus', vus: 10, duration: '4s' }, 'first');
    const second = ofUsers({ kind: 'constant-vus', vus: 3, duration: '4s', startTime: '4s' }, 'second');
    expect(
      await judged([first, second], { vus: ['value==3'], 'vus{scenario:first}': ['value==10'] }),
    ).toEqual([
      [3, 'pass'],
      [10, 'pass'],
    ]);
  });
});
