import { describe, expect, it } from 'vitest';
import type { RunResult } from '../src/document/schema.ts';
import type { Thresholds } from '../src/model/scenario.ts';
import type { ScriptedRequest } from '../src/testing/scripted-target.ts';
import type { ScriptedAnswer } from '../src/testing/scripted-answer.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

type Options = Parameters<typeof virtualLoad>[0];

/** A run with the given number of sequential requests. */
async function requests(
  count: number,
  options: Partial<Options>,
  answer?: (request: ScriptedRequest) => ScriptedAnswer,
): Promise<RunResult> {
  const scenarios = [asking('chat', { kind: 'per-vu-iterations', iterations: count })];
  return virtualLoad({ scenarios, ...options }, answer).result();
}

const codes = ({ verdict }: RunResult): string[] => verdict.reasons.map(({ code }) => code);

describe('a threshold', () => {
  const slowUntil =
    (n: number) =>
    ({ number }: ScriptedRequest) => ({ afterMs: number < n ? 900 : 10 });
  const failingUntil =
    (n: number) =>
    ({ number }: ScriptedRequest) => ({
      afterMs: 10,
      status: number < n ? 500 : 200,
    });

  it.each<[string, string, number, (request: ScriptedRequest) => ScriptedAnswer, string, number]>([
    ['response_time', 'p(99)<500', 1, slowUntil(0), 'unproven', 100],
    ['response_time', 'p(99)<500', 99, slowUntil(0), 'unproven', 100],
    ['response_time', 'p(99)<500', 100, slowUntil(0), 'pass', 100],
    ['response_time', 'p(99)<500', 100, slowUntil(2), 'fail', 100],
    ['response_time', 'p(95)<500', 19, slowUntil(1), 'unproven', 20],
    ['response_time', 'p(95)<500', 19, slowUntil(5), 'fail', 20],
    ['response_time', 'p(99.9)<500', 999, slowUntil(0), 'unproven', 1000],
    ['response_time', 'p(95)>5', 19, slowUntil(0), 'unproven', 20],
    ['response_time', 'p(5)>500', 3, slowUntil(0), 'fail', 20],
    ['response_time', 'med<500', 1, slowUntil(0), 'unproven', 2],
    ['response_time', 'avg<500', 1, slowUntil(0), 'pass', 1],
    ['response_time', 'max<500', 1, slowUntil(1), 'fail', 1],
    ['response_time', 'p(100)<500', 1, slowUntil(1), 'fail', 1],
    ['response_time', 'count>0', 1, slowUntil(0), 'pass', 1],
    ['http_req_failed', 'rate<0.01', 99, failingUntil(0), 'unproven', 100],
    ['http_req_failed', 'rate<0.01', 100, failingUntil(0), 'pass', 100],
    ['http_req_failed', 'rate<0.01', 50, failingUntil(1), 'unproven', 100],
    ['http_req_failed', 'rate<0.01', 50, failingUntil(4), 'fail', 100],
    ['http_req_failed', 'rate==0', 99, failingUntil(0), 'unproven', 100],
    ['http_req_failed', 'rate==0', 100, failingUntil(0), 'pass', 100],
    ['http_req_failed', 'rate==0', 5, failingUntil(1), 'fail', 100],
    ['http_req_failed', 'rate<=0', 5, failingUntil(1), 'fail', 100],
    ['http_req_failed', 'rate>0.99', 99, failingUntil(99), 'unproven', 100],
    ['http_req_failed', 'rate>0.99', 5, failingUntil(4), 'unproven', 100],
    ['http_req_failed', 'rate>0.99', 5, failingUntil(3), 'fail', 100],
    ['http_req_failed', 'rate==1', 5, failingUntil(4), 'fail', 100],
    ['http_req_failed', 'rate==0.5', 1, failingUntil(1), 'unproven', 2],
    ['http_req_failed', 'rate!=0', 1, failingUntil(1), 'pass', 1],
    ['http_req_failed', 'passes==0', 1, failingUntil(0), 'pass', 1],
    ['http_req_failed', 'fails>=5', 5, failingUntil(1), 'fail', 1],
    ['http_reqs', 'count>=1', 1, failingUntil(0), 'pass', 1],
    ['http_reqs', 'rate>1000', 1, failingUntil(0), 'fail', 1],
    ['vus_max', 'value>=1', 1, failingUntil(0), 'pass', 1],
  ])('%s: %s over %i samples', async (metric, expression, count, answer, status, samplesNeeded) => {
    const { thresholds } = await requests(count, { thresholds: { [metric]: [expression] } }, answer);
    expect(thresholds[0]).toMatchObject({ status, samplesNeeded });
  });

  it('over windows is unproven where one of them is, and fails where one fails', async () => {
    const scenarios = [asking('chat', { kind: 'constant-arrival-rate', rate: 30, duration: '6s' })];
    const thin = ({ atMs }: ScriptedRequest) => ({ afterMs: 10, status: atMs >= 4000 ? 429 : 200 });
    const window = (expression: string): Thresholds => ({
      'response_time{outcome:ok}': [expression],
    });
    const run = async (expression: string) =>
      (await virtualLoad({ scenarios, thresholds: window(expression) }, thin).result()).thresholds[0]!;
    expect(await run('p(95)<500 over 2s')).toMatchObject({ status: 'no-data' });
    expect(await run('p(97)<500 over 1s')).toMatchObject({ status: 'no-data' });
    const few = await virtualLoad({
      scenarios,
      thresholds: { response_time: ['p(98)<500 over 1s'] },
    }).result();
    expect(few.thresholds[0]).toMatchObject({
      status: 'unproven',
      samplesNeeded: 50,
      detail: expect.stringMatching(/^\d of \d windows have too few samples, worst from/) as string,
    });
    const slow = await virtualLoad(
      { scenarios, thresholds: { response_time: ['p(98)<500 over 1s'] } },
      ({ atMs }) => ({ afterMs: atMs > 2000 && atMs < 3000 ? 900 : 10 }),
    ).result();
    expect(slow.thresholds[0]!.status).toBe('fail');
  });
});

describe('an objective', () => {
  const objective = { operation: 'chat.ask', p50Ms: 50, p95Ms: 50, p99Ms: 50, errorRate: 0.02 };

  it.each([
    [1, ['unproven', 'unproven', 'unproven', 'unproven']],
    [2, ['pass', 'unproven', 'unproven', 'unproven']],
    [20, ['pass', 'pass', 'unproven', 'unproven']],
    [50, ['pass', 'pass', 'unproven', 'pass']],
    [100, ['pass', 'pass', 'pass', 'pass']],
  ])('with %i samples is %j', async (count, statuses) => {
    const { objectives } = await requests(count, { objectives: [objective] });
    expect(objectives.map(({ status }) => status)).toEqual(statuses);
    expect(objectives.map(({ samplesNeeded }) => samplesNeeded)).toEqual([2, 20, 100, 50]);
    for (const { status, margin, measured } of objectives) {
      expect(measured).not.toBeNull();
      expect(margin === null).toBe(status === 'unproven');
    }
  });

  it('of no error fails with one, and is proven by a hundred requests without', async () => {
    const strict = { operation: 'chat.ask', errorRate: 0 };
    const one = await requests(3, { objectives: [strict] }, ({ number }) => ({
      status: number === 0 ? 500 : 200,
    }));
    expect(one.objectives[0]!.status).toBe('fail');
    expect((await requests(99, { objectives: [strict] })).objectives[0]!.status).toBe('unproven');
    expect((await requests(100, { objectives: [strict] })).objectives[0]!.status).toBe('pass');
  });
});

describe('a run with unproven promises', () => {
  const thresholds = { response_time: ['p(95)<500', 'p(99)<500', 'p(99.9)<500'] };

  it('passes where others are proven, and says so', async () => {
    const result = await requests(20, { thresholds });
    expect(result.verdict).toEqual({
      status: 'pass',
      reasons: [
        {
          code: 'unproven',
          text: 'too few samples for 2 of 3 thresholds and objectives: response_time: p(99)<500 has 20 of the 100 samples it needs, 1 more likewise',
        },
      ],
    });
  });

  it('is not valid when it is strict', async () => {
    const result = await requests(20, { thresholds, strict: true });
    expect(result.verdict.status).toBe('not-valid');
    expect(codes(result)).toEqual(['unproven']);
  });

  it('is not valid when nothing was proven, whatever was measured', async () => {
    for (const afterMs of [10, 501]) {
      const result = await requests(1, { thresholds: { response_time: ['p(99)<500'] } }, () => ({ afterMs }));
      expect(result.verdict.status).toBe('not-valid');
      expect(codes(result)).toEqual(['unproven']);
    }
  });

  it('fails where another is broken, and names both', async () => {
    const result = await requests(20, { thresholds: { response_time: ['max<5', 'p(99)<500'] } });
    expect(result.verdict.status).toBe('fail');
    expect(codes(result)).toEqual(['threshold', 'unproven']);
  });

  it('fails where one of them is broken beyond chance', async () => {
    const result = await requests(3, { thresholds }, () => ({ afterMs: 900 }));
    expect(result.verdict.status).toBe('fail');
  });

  it('without any promise passes with a note: nothing is claimed', async () => {
    const result = await requests(1, {});
    expect(result.verdict).toEqual({ status: 'pass', reasons: [] });
    expect(result.notes.map(({ code }) => code)).toContain('nothing-judged');
  });
});
