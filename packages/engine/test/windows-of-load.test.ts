import { describe, expect, it } from 'vitest';
import type { ExecutorOptions } from '../src/model/executor-options.ts';
import type { ScriptedRequest } from '../src/testing/scripted-target.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

const TEN_A_SECOND: ExecutorOptions = {
  kind: 'constant-arrival-rate',
  rate: 10,
  duration: '10s',
  gracefulStop: '30s',
  preAllocatedVUs: 20,
  maxVUs: 400,
};

/** The last request before 9 s is answered after 20 s, all others at once. */
const oneLate = ({ atMs }: ScriptedRequest) => ({ afterMs: atMs >= 8000 && atMs < 8100 ? 20_000 : 10 });

const judged = async (
  thresholds: Parameters<typeof virtualLoad>[0]['thresholds'],
  answer: Parameters<typeof virtualLoad>[1],
  scenarios = [asking('work', TEN_A_SECOND)],
) => {
  const load = virtualLoad({ scenarios, thresholds: thresholds!, circuitBreaker: false }, answer);
  const result = await load.result();
  return { result, statuses: result.thresholds.map(({ status }) => status) };
};

describe('windows of a threshold after the load', () => {
  it('are none for a lower limit of a count or a rate, nor end the run', async () => {
    const { result, statuses } = await judged(
      {
        http_reqs: [{ threshold: 'rate>5 over 5s', abortOnFail: true }, 'count>=40 over 5s'],
        iterations: ['rate>5 over 5s'],
      },
      oneLate,
    );
    expect(result.run.durationMs).toBeGreaterThan(25_000);
    expect(result.run.end.kind).toBe('completed');
    expect(statuses).toEqual(['pass', 'pass', 'pass']);
    expect(result.thresholds[0]!.detail).toBe('6 windows, worst from 4s to 9s');
  });

  it('are judged up to the end of the load: a target that fades before it fails', async () => {
    const { statuses } = await judged({ http_reqs: ['rate>5 over 3s'] }, ({ atMs }) => ({
      afterMs: atMs > 6000 ? 20_000 : 10,
    }));
    expect(statuses).toEqual(['fail']);
  });

  it('are none without samples of a trend or a share', async () => {
    const { statuses } = await judged(
      { response_time: ['avg<25000 over 5s'], http_req_failed: ['rate<1 over 5s'] },
      oneLate,
    );
    expect(statuses).toEqual(['pass', 'pass']);
  });

  it('are judged where late answers are slow, fail, or are too many', async () => {
    const { statuses } = await judged(
      {
        response_time: ['max<5000 over 5s'],
        'http_reqs{status:503}': ['count<1 over 5s'],
      },
      ({ atMs }) => (atMs >= 8000 && atMs < 8100 ? { afterMs: 20_000, status: 503 } : { afterMs: 10 }),
    );
    expect(statuses).toEqual(['fail', 'fail']);
  });

  it('are none in the run of other scenarios, and all in that of several', async () => {
    const long = asking('long', { ...TEN_A_SECOND, duration: '25s' });
    const { statuses } = await judged(
      {
        'http_reqs{scenario:work}': ['rate>5 over 5s'],
        'http_reqs{operation:work.ask}': ['rate>5 over 5s'],
        'response_time{operation:work.ask}': ['avg<500 over 5s'],
        http_reqs: ['rate>15 over 5s'],
      },
      () => ({ afterMs: 10 }),
      [asking('work', TEN_A_SECOND), long],
    );
    expect(statuses).toEqual(['pass', 'pass', 'pass', 'fail']);
  });

  it('are those of a target that stopped answering while the load went on', async () => {
    const { statuses } = await judged(
      { response_time: ['avg<50 over 2s'], http_reqs: ['rate>5 over 2s'] },
      ({ atMs }) => ({ afterMs: atMs > 4000 && atMs < 8000 ? 8000 - atMs : 10 }),
    );
    expect(statuses).toEqual(['fail', 'fail']);
  });
});

it('windows of a number of iterations are judged up to the end of the last one: it may hold most of the load', async () => {
  const { result, statuses } = await judged(
    { http_reqs: ['rate>5 over 3s'] },
    ({ atMs }) => ({ afterMs: atMs > 6000 ? 1000 : 100 }),
    [
      asking(
        'work',
        { kind: 'per-vu-iterations', vus: 1, iterations: 1 },
        {
          run: async (user) => {
            for (let sent = 0; sent < 65; sent++) await user.request({ operation: 'work.ask' });
          },
        },
      ),
    ],
  );
  expect(result.run.durationMs).toBeGreaterThan(9000);
  expect(statuses).toEqual(['fail']);
});

it('windows that reach into a pause are none for what needs load, and are judged for what is slow', async () => {
  const run = async (afterMs: number) => {
    const load = virtualLoad(
      {
        scenarios: [asking('work', { kind: 'constant-vus', vus: 10, duration: '8s' })],
        thresholds: {
          http_reqs: [{ threshold: 'rate>5 over 2s', abortOnFail: true }],
          response_time: ['avg<500 over 2s'],
        },
      },
      ({ atMs }) => ({ afterMs: atMs > 2500 && atMs < 4000 ? afterMs : 100 }),
    );
    load.clock.setTimer(3000, () => load.run.pause());
    load.clock.setTimer(6000, () => load.run.resume());
    const result = await load.result();
    expect(result.run.pausedMs).toBe(3000);
    return result.thresholds.map(({ status }) => status);
  };
  expect(await run(100)).toEqual(['pass', 'pass']);
  expect(await run(1500)).toEqual(['pass', 'fail']);
});

describe('windows before the scenario that makes the samples', () => {
  const late = asking(
    'late',
    { ...TEN_A_SECOND, startTime: '8s' },
    {
      metrics: [{ name: 'found', kind: 'counter' }],
      run: async (user) => {
        await user.request({ operation: 'late.ask', path: '/late' });
        user.record('found', 1);
      },
    },
  );

  it('are none, however its samples are selected', async () => {
    const { statuses } = await judged(
      {
        'http_reqs{scenario:late}': ['rate>5 over 4s'],
        'http_reqs{operation:late.ask}': ['rate>5 over 4s'],
        'http_reqs{name:late.ask}': ['rate>5 over 4s'],
        'response_time{operation:late.ask}': ['avg<500 over 4s'],
        found: ['rate>5 over 4s'],
      },
      () => ({ afterMs: 10 }),
      [asking('work', TEN_A_SECOND), late],
    );
    expect(statuses).toEqual(['pass', 'pass', 'pass', 'pass', 'pass']);
  });
});
