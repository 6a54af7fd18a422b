import { describe, expect, it } from 'vitest';
import { BUILTIN_METRICS } from '../src/metrics/builtin.ts';
import { checkThresholds } from '../src/judging/check-thresholds.ts';
import type { ScenarioDefinition, Thresholds, VirtualUser } from '../src/model/scenario.ts';
import type { RunResult } from '../src/document/schema.ts';
import type { ScriptedRequest } from '../src/testing/scripted-target.ts';
import type { ScriptedAnswer } from '../src/testing/scripted-answer.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

/** Fast chat and slow voice. */
const twoSpeeds = ({ path }: ScriptedRequest): ScriptedAnswer => ({ afterMs: path === '/voice' ? 900 : 100 });

const chat = (parts: Partial<ScenarioDefinition> = {}) =>
  asking('chat', { kind: 'constant-vus', vus: 2, duration: '10s' }, parts);
const voice = (parts: Partial<ScenarioDefinition> = {}) =>
  asking('voice', { kind: 'constant-vus', vus: 2, duration: '10s' }, parts);

async function judged(
  scenarios: ScenarioDefinition[],
  thresholds: Thresholds = {},
  answer = twoSpeeds,
): Promise<RunResult> {
  return virtualLoad({ scenarios, thresholds }, answer).result();
}

const outcomes = ({ thresholds }: RunResult) =>
  thresholds.map(({ scenario, metric, expression, status, measured }) => [
    scenario,
    metric,
    expression,
    status,
    measured,
  ]);

describe('the thresholds of a scenario', () => {
  it('see its own samples only; those of the run see all', async () => {
    const result = await judged(
      [
        chat({ thresholds: { response_time: ['p(95)<500'] } }),
        voice({ thresholds: { response_time: ['p(95)<2000'] } }),
      ],
      { response_time: ['p(95)<500'], http_reqs: ['count>0'] },
    );
    expect(outcomes(result)).toEqual([
      ['chat', 'response_time{scenario:chat}', 'p(95)<500', 'pass', 100],
      ['voice', 'response_time{scenario:voice}', 'p(95)<2000', 'pass', 900],
      [null, 'response_time', 'p(95)<500', 'fail', 900],
      [null, 'http_reqs', 'count>0', 'pass', result.totals.requests],
    ]);
  });

  it('see their own checks, iterations and custom metrics', async () => {
    const scenario = (name: string, words: number) =>
      asking(
        name,
        { kind: 'per-vu-iterations', vus: 2, iterations: 5 },
        {
          metrics: [{ name: 'words', kind: 'trend' }],
          run: async (user) => {
            const answer = await user.request({ operation: `${name}.ask`, path: `/${name}` });
            user.check(answer, { 'is fast': ({ timings }) => timings.responseTimeMs < 500 });
            user.record('words', words, { language: user.id === 1 ? 'fr' : 'en' });
          },
          thresholds: {
            checks: ['rate>=0.9'],
            words: ['avg<10', 'count==10'],
            'words{language:fr}': ['count==5'],
            iterations: ['count==10'],
          },
        },
      );
    const result = await judged([scenario('chat', 4), scenario('voice', 40)]);
    expect(
      outcomes(result).map(([name, , expression, status, measured]) => [name, expression, status, measured]),
    ).toEqual([
      ['chat', 'rate>=0.9', 'pass', 1],
      ['chat', 'avg<10', 'pass', 4],
      ['chat', 'count==10', 'pass', 10],
      ['chat', 'count==5', 'pass', 5],
      ['chat', 'count==10', 'pass', 10],
      ['voice', 'rate>=0.9', 'fail', 0],
      ['voice', 'avg<10', 'fail', 40],
      ['voice', 'count==10', 'pass', 10],
      ['voice', 'count==5', 'pass', 5],
      ['voice', 'count==10', 'pass', 10],
    ]);
    expect(result.checks).toEqual([
      { scenario: 'chat', name: 'is fast', passes: 10, fails: 0 },
      { scenario: 'voice', name: 'is fast', passes: 0, fails: 10 },
    ]);
  });
});

describe('a threshold of what belongs to no scenario', () => {
  it('is judged over the run', async () => {
    const open = asking('chat', { kind: 'constant-arrival-rate', rate: 20, duration: '5s', maxVUs: 100 });
    const result = await judged([open], { pacer_lag: ['p(99)<5', 'count==100'] });
    expect(outcomes(result).map(([, , , status]) => status)).toEqual(['pass', 'pass']);
  });

  it('of another scenario is refused in a scenario', () => {
    const thresholds = { 'http_reqs{scenario:voice}': ['count>0'] };
    expect(() => virtualLoad({ scenarios: [chat({ thresholds }), voice()] })).toThrow(
      'scenario "chat" has a threshold on samples of scenario "voice"; expected it there, or among the thresholds of the run.',
    );
  });

  it('is refused in a scenario, with where it belongs', () => {
    expect(() => virtualLoad({ scenarios: [chat({ thresholds: { pacer_lag: ['p(99)<5'] } })] })).toThrow(
      'scenario "chat" has a threshold of pacer_lag, which is measured over the whole run and not by scenario; ' +
        'expected it among the thresholds of the run.',
    );
  });

  it.each<[Thresholds, string]>([
    [{ http_reqs: ['count>'] }, 'expected a number'],
    [{ 'http_reqs{': ['count>0'] }, 'the name of a tag'],
    [{ http_reqz: ['count>0'] }, 'http_reqz'],
    [{ http_reqs: ['p(95)<5'] }, 'p(95)'],
    [{ http_reqs: ['count>=0'] }, 'can never fail'],
    [{ 'http_reqs{step:one}': ['count>0'] }, 'step'],
    [{ http_reqs: [] }, 'expected a list'],
    [{ http_reqs: [{ threshold: 'count>0', abort: true } as never] }, 'abort'],
    [[] as never, 'thresholds is []'],
  ])('that cannot be read is refused with the scenario that has it: %j', (thresholds, problem) => {
    const refused = (own: object, ofRun: Thresholds) => () =>
      virtualLoad({ scenarios: [voice(), chat(own)], thresholds: ofRun });
    expect(refused({ thresholds }, {})).toThrow(/^scenario "chat": /);
    expect(refused({ thresholds }, {})).toThrow(problem);
    expect(refused({}, thresholds)).toThrow(/^(?!scenario)/);
  });

  it('is the only one: a scenario can have a threshold of every other metric', () => {
    const { pacer_lag: _, ...others } = BUILTIN_METRICS;
    for (const [name, { kind }] of Object.entries(others)) {
      const expression = { counter: 'count<1', rate: 'rate<1', gauge: 'value<1', trend: 'max<1' }[kind];
      expect(() => checkThresholds([chat({ thresholds: { [name]: [expression] } })], {}), name).not.toThrow();
    }
  });
});

it('goodput counts one request for each dropped iteration where the demand names none, whatever the name', async () => {
  const good = { method: 'GET', route: '/', stream: 'sse', good: 'ttft < 800 ms' } as const;
  const operations = [{ ...good, name: 'constructor' }];
  const executor = { kind: 'constant-arrival-rate', rate: 2, duration: '5s', maxVUs: 1 } as const;
  const run = async (user: VirtualUser) =>
    void (await user.stream({ operation: 'constructor', path: '/' }).response);
  const demand = { iterationSeconds: 1, requests: {} };
  const result = await judged(
    [asking('a', executor, { operations, demand, run })],
    { goodput: ['rate>0.9'] },
    () => ({
      afterMs: 2000,
    }),
  );
  expect(result.iterations.dropped).toBeGreaterThan(0);
  expect(result.thresholds[0]).toMatchObject({ status: 'fail', measured: 0 });
});

describe('thresholds by tags', () => {
  it('select by operation, method, outcome and expected response', async () => {
    const result = await judged(
      [chat(), voice()],
      {
        'http_reqs{operation:voice.ask}': ['count==24'],
        'http_reqs{outcome:server_error}': ['count>0'],
        'response_time{outcome:ok}': ['max<1000'],
        'response_time{expected_response:false}': ['max<=950'],
        'http_req_failed{scenario:chat}': ['rate==0'],
        'http_req_failed{method:GET}': ['rate<0.2'],
      },
      ({ path, number }) => ({
        afterMs: path === '/voice' ? 900 : 100,
        status: path === '/voice' && number % 3 === 0 ? 500 : 200,
      }),
    );
    expect(outcomes(result).map(([, , , status]) => status)).toEqual([
      'pass',
      'pass',
      'pass',
      'pass',
      'pass',
      'pass',
    ]);
  });

  it('select by status, exactly, whatever else they select by', async () => {
    // Of ten requests: 6 x 200 in 100 ms, one of them with a wrong body, 3 x 503 in 20 ms, and one without a response.
    const result = await judged(
      [
        asking(
          'chat',
          { kind: 'shared-iterations', vus: 2, iterations: 100 },
          {
            operations: [
              {
                name: 'chat.ask',
                method: 'GET',
                route: '/chat',
                accepts: (response) => (response.text() === 'wrong' ? 'it is wrong' : undefined),
              },
            ],
          },
        ),
      ],
      {
        'http_reqs{status:200}': ['count==60'],
        'http_reqs{status:503}': ['count==30'],
        'http_reqs{status:404}': ['count==0'],
        'http_reqs{status:0}': ['count==10'],
        'http_reqs{status:200,outcome:invalid_body}': ['count==10'],
        'http_req_failed{status:200}': ['rate<0.2'],
        'http_req_failed{status:503,operation:chat.ask}': ['passes==30', 'fails==0'],
        'http_req_duration{status:200}': ['min==100', 'max==100', 'count==60'],
        'http_req_duration{status:503}': ['min==20', 'max==20', 'count==30', 'p(50)<30 over 1s'],
        'http_req_duration{status:200,expected_response:true}': ['count==50'],
        'http_req_waiting{status:503}': ['max==20'],
        'http_req_duration{status:500}': ['p(95)<1000'],
      },
      ({ number }) => {
        const place = number % 10;
        if (place < 3) return { afterMs: 20, status: 503 };
        if (place === 3)
          return { failure: { outcome: 'connection_error', code: 'ECONNRESET', message: 'reset' } };
        return { afterMs: 100, body: place === 4 ? 'wrong' : {} };
      },
    );
    expect(
      outcomes(result).filter(([, metric, , status]) => status !== 'pass' && metric !== undefined),
    ).toEqual([[null, 'http_req_duration{status:500}', 'p(95)<1000', 'no-data', null]]);
  });

  it('select by status within a scenario, and can end a run', async () => {
    const result = await virtualLoad(
      {
        scenarios: [
          chat({
            thresholds: {
              'http_reqs{status:503}': [{ threshold: 'count<10', abortOnFail: true }],
              'http_req_duration{status:200}': ['max==900'],
            },
          }),
          voice({ thresholds: { 'http_reqs{status:503}': ['count==0'] } }),
        ],
      },
      ({ path }) => ({ afterMs: path === '/voice' ? 900 : 100, status: path === '/chat' ? 503 : 200 }),
    ).result();
    expect(outcomes(result).map(([, metric, , status]) => [metric, status])).toEqual([
      ['http_reqs{scenario:chat,status:503}', 'fail'],
      ['http_req_duration{scenario:chat,status:200}', 'no-data'],
      ['http_reqs{scenario:voice,status:503}', 'pass'],
    ]);
    expect(result.run.end.kind).toBe('threshold');
    expect(result.run.durationMs).toBeLessThan(2500);
  });

  it.each([
    [{ 'http_reqs{status:2xx}': ['count>0'] }, /no status "2xx"; expected one such as 200, or 0/],
    [{ 'data_received{status:200}': ['count>0'] }, /data_received has no tag "status"/],
    [{ 'iterations{status:200}': ['count>0'] }, /iterations has no tag "status"/],
  ])('refuse a status that cannot be one, and a metric that has none: %j', (thresholds, message) => {
    expect(() => virtualLoad({ scenarios: [chat()], thresholds })).toThrow(message);
  });

  it('of a custom metric that no sample has are no data, but a counter is 0', async () => {
    const result = await judged(
      [
        chat({
          metrics: [
            { name: 'words', kind: 'counter' },
            { name: 'length', kind: 'trend' },
          ],
          run: async (user) => {
            await user.request({ operation: 'chat.ask', path: '/chat' });
            user.record('words', 2, { language: 'fr' });
            user.record('length', 2, { language: 'fr' });
          },
        }),
      ],
      {
        'words{language:fr}': ['count>0'],
        'words{language:de}': ['count<1000'],
        'length{language:de}': ['avg<1000'],
      },
    );
    expect(result.thresholds.map(({ status }) => status)).toEqual(['pass', 'pass', 'no-data']);
    expect(result.verdict.status).toBe('not-valid');
  });
});

describe('a custom metric', () => {
  it.each([
    ['counter', [1, 2, 3.5], { count: 6.5 }],
    ['rate', [0, 1, 1, 0, 1], { rate: 0.6, passes: 3, fails: 2 }],
    ['gauge', [5, -2, 3], { value: 3, min: -2, max: 5 }],
    ['trend', [10, 20, 30, 40], { count: 4, avg: 25, min: 10, med: 20, max: 40 }],
  ] as const)('of kind %s has the statistics of k6', async (kind, values, expected) => {
    const result = await judged([
      asking(
        'chat',
        { kind: 'per-vu-iterations' },
        {
          metrics: [{ name: 'own', kind }],
          run: async (user) => {
            await user.request({ operation: 'chat.ask', path: '/chat' });
            for (const value of values) user.record('own', value);
          },
        },
      ),
    ]);
    expect(result.metrics.find(({ name }) => name === 'own')).toMatchObject({
      kind,
      scenario: 'chat',
      values: expected,
      rejected: 0,
    });
  });

  it('counts what it cannot take: negative values of a trend, and what is no number', async () => {
    const result = await judged([
      asking(
        'chat',
        { kind: 'per-vu-iterations' },
        {
          metrics: [{ name: 'own', kind: 'trend', unit: 'ms' }],
          run: async (user) => {
            await user.request({ operation: 'chat.ask', path: '/chat' });
            for (const value of [5, -1, Number.NaN, Number.POSITIVE_INFINITY]) user.record('own', value);
          },
        },
      ),
    ]);
    expect(result.metrics.find(({ name }) => name === 'own')).toMatchObject({
      unit: 'ms',
      values: { count: 1, max: 5 },
      rejected: 3,
    });
  });
});

describe('abortOnFail', () => {
  const failing = { threshold: 'rate<0.1', abortOnFail: true } as const;
  const worseAfter =
    (ms: number) =>
    ({ atMs }: ScriptedRequest): ScriptedAnswer => ({ afterMs: 100, status: atMs < ms ? 200 : 500 });

  it('ends the run when the threshold fails, lets iterations finish, and is named', async () => {
    const load = virtualLoad(
      { scenarios: [chat()], thresholds: { http_req_failed: [failing], response_time: ['p(95)<500'] } },
      worseAfter(3000),
    );
    const result = await load.result();
    expect(result.run.end).toEqual({ kind: 'threshold', reason: 'http_req_failed: rate<0.1' });
    expect(result.run.durationMs).toBeLessThan(4200);
    expect(result.thresholds.map(({ status, aborted }) => [status, aborted])).toEqual([
      ['fail', true],
      ['pass', false],
    ]);
    expect(result.iterations.interrupted).toBe(0);
    expect(result.verdict.status).toBe('fail');
  });

  it('waits for its delay', async () => {
    const result = await virtualLoad(
      { scenarios: [chat()], thresholds: { http_req_failed: [{ ...failing, delayAbortEval: '6s' }] } },
      worseAfter(0),
    ).result();
    expect(result.run.durationMs).toBeGreaterThan(5900);
    expect(result.run.durationMs).toBeLessThan(7200);
  });

  it('does not end a run over a threshold that only has no data yet', async () => {
    const result = await judged([chat()], { checks: [{ threshold: 'rate>0.9', abortOnFail: true }] });
    expect(result.run.end.kind).toBe('completed');
    expect(result.thresholds[0]).toMatchObject({ status: 'no-data', aborted: false });
  });

  it('does not end a run over windows before its scenario has begun', async () => {
    const late = asking('late', { kind: 'constant-vus', vus: 2, duration: '10s', startTime: '20s' });
    const result = await judged([chat(), late], {
      'http_reqs{scenario:late}': [{ threshold: 'rate>5 over 5s', abortOnFail: true }],
    });
    expect(result.run.end.kind).toBe('completed');
    expect(result.thresholds[0]).toMatchObject({ status: 'pass', aborted: false });
  });

  it('judges a window by itself', async () => {
    const result = await virtualLoad(
      {
        scenarios: [asking('chat', { kind: 'constant-vus', vus: 2, duration: '30s' })],
        thresholds: { http_req_failed: [{ threshold: 'rate<0.5 over 5s', abortOnFail: true }] },
      },
      ({ atMs }) => ({ afterMs: 100, status: atMs > 12_000 && atMs < 20_000 ? 500 : 200 }),
    ).result();
    expect(result.run.end.kind).toBe('threshold');
    expect(result.run.durationMs).toBeGreaterThan(14_000);
    expect(result.run.durationMs).toBeLessThan(16_500);
    expect(result.thresholds[0]!.detail).toMatch(/windows failed, worst from/);
  });
});
