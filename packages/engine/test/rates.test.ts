import { describe, expect, it } from 'vitest';
import type { ExecutorOptions } from '../src/model/executor-options.ts';
import type { RunOptions } from '../src/model/run-options.ts';
import type { RunResult } from '../src/document/schema.ts';
import type { ScenarioDefinition } from '../src/model/scenario.ts';
import type { ScriptedRequest } from '../src/testing/scripted-target.ts';
import type { ScriptedAnswer } from '../src/testing/scripted-answer.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

async function resultOf(
  scenarios: readonly ScenarioDefinition[],
  answer?: (request: ScriptedRequest) => ScriptedAnswer,
  options: Omit<Partial<RunOptions>, 'scenarios'> = {},
): Promise<RunResult> {
  return virtualLoad({ scenarios, ...options }, answer).result();
}

const rateOf = (result: RunResult, metric: string, scenario: string | null = null) =>
  result.metrics.find((each) => each.name === metric && each.scenario === scenario)?.values['rate'];

const statsOf = (result: RunResult, scenario: string) =>
  result.operations.find((each) => each.scenario === scenario)!;

const open = (rate: number, duration: string, more: object = {}): ExecutorOptions => ({
  kind: 'constant-arrival-rate',
  rate,
  duration,
  ...more,
});

describe('the rate of an open scenario', () => {
  it.each([
    [1, '2s', 2, 1],
    [0.1, '60s', 6, 0.1],
    [0.001, '10s', 1, 0.1],
    [3, '1500ms', 5, 5 / 1.5],
    [50, '3s', 150, 50],
  ])(
    'of %d/s for %s is its %d requests over the planned time',
    async (rate, duration, requests, expected) => {
      const result = await resultOf([asking('a', open(rate, duration))]);
      expect(result.totals.requests).toBe(requests);
      expect(result.totals.requestsPerSecond).toBeCloseTo(expected, 9);
      expect(rateOf(result, 'http_reqs')).toBeCloseTo(expected, 9);
      expect(rateOf(result, 'iterations')).toBeCloseTo(expected, 9);
      expect(result.run.durationMs).toBeCloseTo(result.run.plannedDurationMs!, 0);
    },
  );

  it('is over its planned time where its schedule ends in a pause', async () => {
    const stages = [
      { duration: '1s', target: 10 },
      { duration: 0, target: 0 },
      { duration: '4s', target: 0 },
    ];
    const executor: ExecutorOptions = { kind: 'ramping-arrival-rate', startRate: 10, stages };
    const result = await resultOf([asking('a', executor)]);
    expect(result.totals.requests).toBe(10);
    expect(result.totals.requestsPerSecond).toBeCloseTo(2, 9);
    expect(result.run.durationMs).toBeCloseTo(5000, 0);
  });

  it('is not diluted by a drain that lasts nine times as long', async () => {
    const result = await resultOf([asking('a', open(100, '2s'))], ({ number }) => ({
      afterMs: number === 150 ? 18_000 : 10,
    }));
    expect(result.run.durationMs).toBeGreaterThan(18_000);
    expect(result.totals.requestsPerSecond).toBeCloseTo(100, 6);
    expect(statsOf(result, 'a').requestsPerSecond).toBeCloseTo(100, 6);
    expect(result.scenarios[0]!.activeMs).toBeCloseTo(2000, 6);
  });

  it('is over its planned time, not a hair more, where the end comes late to a busy event loop', async () => {
    const load = virtualLoad({ scenarios: [asking('a', open(10, '3s'))] });
    await load.clock.advance(2950);
    load.clock.block(400);
    const result = await load.result();
    expect(result.scenarios[0]!.activeMs).toBe(3000);
    expect(result.totals.requestsPerSecond).toBe(10);
  });

  it('is over the time up to the moment at which a person stopped it', async () => {
    const load = virtualLoad({ scenarios: [asking('a', open(10, '60s'))] }, () => ({ afterMs: 5000 }));
    await load.clock.advance(10_000);
    load.run.stop('enough');
    const result = await load.result();
    expect(result.run.durationMs).toBeGreaterThan(14_000);
    expect(result.totals.requestsPerSecond).toBeGreaterThanOrEqual(10);
    expect(result.totals.requestsPerSecond).toBeLessThan(10.2);
  });
});

describe('the rate of a scenario that starts late', () => {
  const late = open(20, '2s', { startTime: '18s' });

  it('is over its own time, and so are those of its operations, counters and thresholds', async () => {
    const result = await resultOf([
      asking('early', open(5, '1s')),
      asking('late', late, {
        metrics: [{ name: 'words', kind: 'counter' }],
        run: async (user) => {
          await user.request({ operation: 'late.ask', path: '/' });
          user.record('words', 3);
        },
        thresholds: { http_reqs: ['rate>19.9'], words: ['rate>59.9'], iterations: ['rate>19.9'] },
      }),
    ]);
    expect(statsOf(result, 'early').requestsPerSecond).toBeCloseTo(5, 6);
    expect(statsOf(result, 'late').requestsPerSecond).toBeCloseTo(20, 6);
    expect(rateOf(result, 'words', 'late')).toBeCloseTo(60, 6);
    expect(result.thresholds.map(({ status }) => status)).toEqual(['pass', 'pass', 'pass']);
    // All scenarios together, from the first start to the last end.
    expect(result.totals.requestsPerSecond).toBeCloseTo(45 / 20, 6);
  });

  it('is over its own time where a threshold of the run names the operation', async () => {
    const result = await resultOf([asking('early', open(5, '1s')), asking('late', late)], undefined, {
      thresholds: {
        'http_reqs{operation:late.ask}': ['rate>19.9'],
        'http_reqs{scenario:late}': ['rate<20.1'],
      },
    });
    expect(result.thresholds.map(({ status, measured }) => [status, measured])).toEqual([
      ['pass', expect.closeTo(20, 6)],
      ['pass', expect.closeTo(20, 6)],
    ]);
  });

  it('alone in a run is that of the run', async () => {
    const result = await resultOf([asking('late', late)]);
    expect(result.totals.requestsPerSecond).toBeCloseTo(20, 6);
  });
});

describe('the rate of a closed scenario', () => {
  it('counts the drain by the share of its users that are in it', async () => {
    // Ten users with ten requests per second each; the last request of one user takes 30 s.
    const result = await resultOf(
      [asking('a', { kind: 'constant-vus', vus: 10, duration: '10s' })],
      (request) => ({
        afterMs: request.number === 995 ? 29_900 : 100,
      }),
    );
    expect(result.run.durationMs).toBeGreaterThan(39_000);
    expect(result.scenarios[0]!.activeMs).toBeGreaterThan(12_900);
    expect(result.scenarios[0]!.activeMs).toBeLessThan(13_200);
  });

  it('is not more than its users can make where one iteration outlasts the planned time', async () => {
    const executor: ExecutorOptions = { kind: 'constant-vus', vus: 4, duration: '1s' };
    const result = await resultOf(
      [
        asking('a', executor, {
          run: async (user) => {
            for (let k = 0; k < 20; k++) await user.request({ operation: 'a.ask', path: '/' });
          },
        }),
      ],
      () => ({ afterMs: 1000 }),
    );
    expect(result.totals.requests).toBe(80);
    expect(result.totals.requestsPerSecond).toBeCloseTo(4, 1);
  });

  it('of iterations is over the time that they took', async () => {
    const executor: ExecutorOptions = {
      kind: 'shared-iterations',
      vus: 2,
      iterations: 100,
      startTime: '30s',
    };
    const result = await resultOf([asking('a', executor)], () => ({ afterMs: 100 }));
    expect(result.totals.requestsPerSecond).toBeCloseTo(20, 1);
  });
});

describe('the time of a pause', () => {
  it.each<[string, ExecutorOptions]>([
    ['an open', open(10, '10s')],
    ['a closed', { kind: 'constant-vus', vus: 1, duration: '10s' }],
  ])('is no part of the rate of %s scenario', async (_, executor) => {
    const load = virtualLoad({ scenarios: [asking('a', executor)] }, () => ({ afterMs: 100 }));
    await load.clock.advance(2000);
    load.run.pause();
    await load.clock.advance(5000);
    load.run.resume();
    const result = await load.result();
    expect(result.totals.requests).toBeLessThan(55);
    expect(result.totals.requestsPerSecond).toBeGreaterThan(9.7);
    expect(result.totals.requestsPerSecond).toBeLessThan(10.5);
  });
});

describe('a throughput objective', () => {
  const demand = { iterationSeconds: 0, requests: { 'a.ask': 1 } };

  it('divides by the time of the load and not by the drain', async () => {
    const result = await resultOf(
      [asking('a', open(8.5, '10s'), { demand })],
      ({ number }) => ({ afterMs: number === 80 ? 9000 : 20 }),
      { objectives: [{ operation: 'a.ask', requestsPerSecondPer100Users: 8 }] },
    );
    expect(result.totals.requests).toBe(85);
    expect(result.objectives[0]).toMatchObject({ status: 'pass', measured: expect.closeTo(8.5, 6) });
  });

  it('fails of a target that did not keep up with the users', async () => {
    const result = await resultOf(
      [
        asking(
          'a',
          { kind: 'constant-vus', vus: 100, duration: '10s' },
          { demand: { ...demand, iterationSeconds: 1 } },
        ),
      ],
      () => ({ afterMs: 4000 }),
      { objectives: [{ operation: 'a.ask', requestsPerSecondPer100Users: 50 }] },
    );
    expect(result.objectives[0]).toMatchObject({ status: 'fail', measured: expect.closeTo(25, 6) });
  });

  it('is by the users at a time where its scenarios come one after the other', async () => {
    const shared: Partial<ScenarioDefinition> = {
      operations: [{ name: 'a.ask', method: 'GET', route: '/a' }],
      run: async (user) => void (await user.request({ operation: 'a.ask', path: '/a' })),
      demand: { ...demand, iterationSeconds: 0.5 },
    };
    const users = { kind: 'constant-vus', vus: 10, duration: '10s' } as const;
    const judged = async (startTime: string) => {
      const scenarios = [asking('a', users, shared), asking('b', { ...users, startTime }, shared)];
      // Each user makes a request per second, the promise is 0.6.
      const objectives = [{ operation: 'a.ask', requestsPerSecondPer100Users: 60 }];
      return (await resultOf(scenarios, () => ({ afterMs: 1000 }), { objectives })).objectives[0];
    };
    expect(await judged('10s')).toMatchObject({
      status: 'pass',
      measured: expect.closeTo(10, 0),
      limit: expect.closeTo(6, 0),
    });
    expect(await judged('0s')).toMatchObject({
      status: 'pass',
      measured: expect.closeTo(20, 0),
      limit: expect.closeTo(12, 0),
    });
  });

  it('has a limit of four digits where the mean number of users is no round number', async () => {
    const ramp = { kind: 'ramping-vus', startVUs: 1, stages: [{ duration: '7s', target: 11 }] } as const;
    const { objectives } = await resultOf([asking('a', ramp, { demand })], () => ({ afterMs: 300 }), {
      objectives: [{ operation: 'a.ask', requestsPerSecondPer100Users: 61.7 }],
    });
    const { limit } = objectives[0]!;
    expect(limit).toBeGreaterThan(1);
    expect(String(limit).replace('.', '').length).toBeLessThanOrEqual(4);
  });

  it('is not measurable in a ramp that ends before it asks for so much', async () => {
    const load = virtualLoad({
      scenarios: [
        asking(
          'a',
          {
            kind: 'ramping-arrival-rate',
            startRate: 0,
            stages: [{ duration: '60s', target: 20 }],
            maxVUs: 50,
          },
          { demand },
        ),
      ],
      objectives: [{ operation: 'a.ask', requestsPerSecondPer100Users: 8 }],
    });
    load.clock.setTimer(12_000, () => load.run.stop('enough'));
    const { objectives } = await load.result();
    expect(objectives[0]).toMatchObject({
      status: 'not-measurable',
      detail: expect.stringMatching(/can reach at most (1\.9\d?|2|2\.\d+)\/s$/) as string,
    });
  });

  it('never says of a profile that it asks for less than was measured', async () => {
    // The declared mean of 10 s is an estimate: these users make one request per second.
    const result = await resultOf(
      [
        asking(
          'a',
          { kind: 'constant-vus', vus: 10, duration: '10s' },
          { demand: { ...demand, iterationSeconds: 14 }, wait: { kind: 'constant-pacing', seconds: 10 } },
        ),
      ],
      undefined,
      { objectives: [{ operation: 'a.ask', requestsPerSecondPer100Users: 12 }] },
    );
    expect(result.objectives[0]).toMatchObject({
      status: 'not-measurable',
      measured: expect.closeTo(1, 1),
      detail: expect.stringMatching(/can reach at most (1|1\.0\d?)\/s$/),
    });
  });
});

describe('an error rate of 0 as the objective', () => {
  const judged = async (failing: boolean) => {
    const { objectives, verdict } = await resultOf(
      [asking('a', open(50, '10s'))],
      ({ number }) => ({ status: failing && number === 7 ? 500 : 200 }),
      { objectives: [{ operation: 'a.ask', errorRate: 0 }] },
    );
    return { objective: objectives[0], verdict };
  };

  it('is kept when no request failed', async () => {
    expect((await judged(false)).objective).toMatchObject({ status: 'pass', measured: 0, limit: 0 });
  });

  it('is missed by one failed request', async () => {
    const { objective, verdict } = await judged(true);
    expect(objective).toMatchObject({ status: 'fail' });
    expect(verdict.reasons.map(({ text }) => text)).toContainEqual(
      expect.stringContaining('the objective is not above 0'),
    );
  });
});

describe('a declared counter', () => {
  const scenario = (name: string, parts: Partial<ScenarioDefinition> = {}) =>
    asking(
      name,
      { kind: 'per-vu-iterations', iterations: 5 },
      {
        metrics: [{ name: 'errors', kind: 'counter' }],
        ...parts,
      },
    );

  it('that nothing was added to is 0 and judged as 0, in total, per scenario and per tag', async () => {
    const result = await resultOf(
      [scenario('a', { thresholds: { errors: ['count<1', 'rate<1'] } }), scenario('b')],
      undefined,
      {
        thresholds: {
          errors: ['count==0'],
          'errors{kind:timeout}': ['count<1'],
          'errors{scenario:b}': ['count<=0'],
        },
      },
    );
    expect(result.thresholds.map(({ status, measured }) => [status, measured])).toEqual(
      Array.from({ length: 5 }, () => ['pass', 0]),
    );
    expect(result.metrics.filter(({ name }) => name === 'errors').map(({ values }) => values)).toEqual(
      Array.from({ length: 3 }, () => ({ count: 0, rate: 0 })),
    );
  });

  it('that should have been added to fails', async () => {
    const { thresholds } = await resultOf([scenario('a', { thresholds: { errors: ['count>0'] } })]);
    expect(thresholds[0]).toMatchObject({ status: 'fail', measured: 0 });
  });

  it('has no data in a scenario that started nothing', async () => {
    const load = virtualLoad({
      scenarios: [
        scenario('a', {
          setup: () => Promise.reject(new Error('no')),
          thresholds: { errors: ['count<1'] },
        }),
      ],
    });
    expect((await load.result()).thresholds[0]).toMatchObject({ status: 'no-data', measured: null });
  });
});
