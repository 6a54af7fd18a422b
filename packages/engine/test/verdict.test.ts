import { describe, expect, it } from 'vitest';
import type { GeneratorHealth, RunResult, ScenarioResult } from '../src/document/schema.ts';
import { judgeRun } from '../src/result/verdict.ts';
import type { ScriptedRequest } from '../src/testing/scripted-target.ts';
import type { ScriptedAnswer } from '../src/testing/scripted-answer.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

type Options = Parameters<typeof virtualLoad>[0];

const chat = (parts = {}) => asking('chat', { kind: 'constant-vus', vus: 2, duration: '3s' }, parts);

async function judged(
  options: Partial<Options>,
  answer?: (request: ScriptedRequest) => ScriptedAnswer,
): Promise<RunResult> {
  return virtualLoad({ scenarios: [chat()], ...options }, answer).result();
}

const codes = ({ verdict }: RunResult): string[] => verdict.reasons.map(({ code }) => code);

describe('a run passes', () => {
  it('when something was measured and nothing failed', async () => {
    const result = await judged({ thresholds: { response_time: ['p(95)<50'] } });
    expect(result.verdict).toEqual({ status: 'pass', reasons: [] });
  });

  it('with a warning when nothing judged it', async () => {
    const result = await judged({});
    expect(result.verdict.status).toBe('pass');
    expect(result.notes.map(({ code }) => code)).toContain('nothing-judged');
  });

  it('with some failures, when no limit on them is set', async () => {
    const result = await judged({}, ({ number }) => ({ afterMs: 10, status: number % 2 === 0 ? 200 : 500 }));
    expect(result.verdict.status).toBe('pass');
    expect(result.totals.failureShare).toBeCloseTo(0.5, 1);
  });

  it('when it was stopped early, and the measurements so far hold', async () => {
    const load = virtualLoad({ scenarios: [chat()] });
    await load.clock.advance(1500);
    load.run.stop('seen enough');
    const result = await load.result();
    expect(result).toMatchObject({
      run: { end: { kind: 'stopped', reason: 'seen enough' } },
      verdict: { status: 'pass' },
    });
  });
});

describe('a run is not valid', () => {
  it('without a request', async () => {
    const result = await judged({
      scenarios: [chat({ run: (user: { think(s: number): Promise<void> }) => user.think(1) })],
    });
    expect(result.verdict).toEqual({
      status: 'not-valid',
      reasons: [{ code: 'no-requests', text: 'no request was completed: there is nothing to judge' }],
    });
  });

  it('when one of its scenarios made none, which is named', async () => {
    const idle = asking('voice', { kind: 'constant-vus', duration: '3s' }, { run: (user) => user.think(1) });
    const result = await judged({ scenarios: [chat(), idle] });
    expect(result.verdict).toEqual({
      status: 'not-valid',
      reasons: [{ code: 'no-requests', text: 'scenario voice completed no request' }],
    });
  });

  it('when its setup failed, with the reason, before any user started', async () => {
    const load = virtualLoad({
      scenarios: [chat({ setup: () => Promise.reject(new Error('the login was refused')) })],
    });
    const result = await load.result();
    expect(result.run.end).toEqual({ kind: 'setup-failed', reason: 'the login was refused' });
    expect(result.verdict.status).toBe('not-valid');
    expect(result.verdict.reasons[0]).toEqual({
      code: 'setup-failed',
      text: 'the run did not start: the login was refused',
    });
    expect(load.target.requests).toEqual([]);
  });

  it('when it was aborted', async () => {
    const load = virtualLoad({ scenarios: [chat()] });
    await load.clock.advance(1500);
    load.run.abort('the building burns');
    const result = await load.result();
    expect(result.verdict.status).toBe('not-valid');
    expect(result.verdict.reasons[0]!.text).toBe(
      'the run was interrupted before its end: the building burns',
    );
  });

  it('when a threshold has no data', async () => {
    const result = await judged({
      thresholds: { 'response_time{outcome:server_error}': ['p(95)<500'], checks: ['rate>0.9'] },
    });
    expect(result.verdict.status).toBe('not-valid');
    expect(codes(result)).toEqual(['threshold-no-data', 'threshold-no-data']);
    expect(result.thresholds.map(({ status, measured, samples }) => [status, measured, samples])).toEqual([
      ['no-data', null, 0],
      ['no-data', null, 0],
    ]);
  });

  it('when an objective has no data, since its operation never succeeded', async () => {
    const scenario = asking(
      'chat',
      { kind: 'constant-vus', duration: '3s' },
      {
        operations: [
          { name: 'chat.ask', method: 'GET', route: '/chat' },
          { name: 'chat.never', method: 'GET', route: '/never' },
        ],
      },
    );
    const result = await judged({
      scenarios: [scenario],
      objectives: [{ operation: 'chat.never', p95Ms: 100, errorRate: 0.1 }],
    });
    expect(result.verdict).toEqual({
      status: 'not-valid',
      reasons: [{ code: 'objective-no-data', text: 'the objectives of chat.never have no data' }],
    });
  });
});

describe('a run fails', () => {
  it('when a threshold does, with what was measured', async () => {
    const result = await judged({ thresholds: { response_time: ['p(95)<5', 'max<500'] } });
    expect(result.verdict).toEqual({
      status: 'fail',
      reasons: [{ code: 'threshold', text: 'threshold response_time: p(95)<5 failed, measured 10.0 ms' }],
    });
  });

  it('when an objective does, with what was promised', async () => {
    const result = await judged(
      { objectives: [{ operation: 'chat.ask', p95Ms: 8, p99Ms: 20, errorRate: 0.01 }] },
      ({ number }) => ({ afterMs: 10, status: number % 10 === 9 ? 500 : 200 }),
    );
    expect(result.verdict.status).toBe('fail');
    expect(result.verdict.reasons.map(({ text }) => text)).toEqual([
      'chat.ask p95 is 10.0 ms, the objective is under 8 ms',
      'chat.ask error rate is 10%, the objective is under 1%',
    ]);
  });

  it('when code of a scenario threw, whatever the thresholds say', async () => {
    const result = await judged({
      scenarios: [
        chat({
          run: async (user: { iteration: number; request(spec: object): Promise<unknown> }) => {
            await user.request({ operation: 'chat.ask', path: '/' });
            if (user.iteration === 1) throw new Error('no message in the answer');
          },
        }),
      ],
      thresholds: { response_time: ['p(95)<500'] },
    });
    expect(result.verdict).toEqual({
      status: 'fail',
      reasons: [{ code: 'exceptions', text: 'scenario chat threw 2 exceptions' }],
    });
    expect(result.exceptions).toMatchObject([
      { scenario: 'chat', message: 'Error: no message in the answer', count: 2 },
    ]);
    expect(result.iterations.failed).toBe(2);
  });

  it('when nothing succeeded', async () => {
    const result = await judged({}, () => ({ afterMs: 10, status: 404 }));
    expect(result.verdict.status).toBe('fail');
    expect(codes(result)).toEqual(['nothing-succeeded']);
  });

  it('when no user can log in: this is not an idle scenario', async () => {
    const result = await judged({
      scenarios: [
        chat({
          operations: [
            { name: 'login', method: 'POST', route: '/login' },
            { name: 'chat.ask', method: 'GET', route: '/chat' },
          ],
          onStart: async (user: { request(spec: object): Promise<{ json(): unknown }> }) => {
            const answer = (await user.request({ operation: 'login', path: '/login' })).json() as {
              token?: string;
            };
            if (answer.token === undefined) throw new Error('the login answered without a token');
          },
        }),
      ],
    });
    expect(result.verdict).toMatchObject({
      status: 'fail',
      reasons: [{ code: 'exceptions', text: 'scenario chat threw 6 exceptions' }],
    });
    expect(result.iterations).toMatchObject({ planned: 6, failed: 6, completed: 0 });
  });

  it('is not valid first, where both hold', async () => {
    const result = await judged({ thresholds: { response_time: ['p(95)<5'], checks: ['rate>0.9'] } });
    expect(result.verdict.status).toBe('not-valid');
    expect(codes(result)).toEqual(['threshold-no-data', 'threshold']);
  });
});

describe('a generator that was the limit', () => {
  /** A run in which the generator is blocked for a while. */
  async function blocked(options: Partial<Options>): Promise<RunResult> {
    const load = virtualLoad({
      scenarios: [asking('chat', { kind: 'constant-arrival-rate', rate: 100, duration: '5s', maxVUs: 500 })],
      thresholds: { service_time: ['p(95)<500'] },
      ...options,
    });
    await load.clock.advance(2000);
    load.clock.block(600);
    return load.result();
  }

  it('is named, and the run still passes', async () => {
    const result = await blocked({});
    expect(result.health).toMatchObject({
      generatorLimited: true,
      reasons: [
        'iterations were handed out late: p99 of the pacer lag is 540 ms',
        'the generator was blocked for 590 ms',
      ],
    });
    expect(result.verdict.status).toBe('pass');
    expect(codes(result)).toEqual(['generator-limited']);
    expect(result.totals.responseTime.maxMs!).toBeGreaterThan(590);
    expect(result.totals.serviceTime.maxMs!).toBeLessThan(620);
    expect(result.health.pacerLag.maxMs!).toBeGreaterThan(580);
  });

  it('makes a strict run not valid', async () => {
    const result = await blocked({ strict: true });
    expect(result.verdict.status).toBe('not-valid');
    expect(codes(result)).toEqual(['generator-limited']);
  });
});

const perSecond = (requestsPerSecondPer100Users: number) => ({
  objectives: [{ operation: 'chat.ask', requestsPerSecondPer100Users }],
});
const demanding = (vus: number, seconds: number) =>
  asking(
    'chat',
    { kind: 'constant-vus', vus, duration: '10s' },
    {
      demand: { iterationSeconds: seconds, requests: { 'chat.ask': 1 } },
      wait: { kind: 'constant', seconds },
    },
  );

describe('an objective of throughput', () => {
  it('is scaled to the number of users', async () => {
    const { objectives } = await judged({ scenarios: [demanding(10, 0.1)], ...perSecond(500) });
    // 10 users with 110 ms per iteration make 91/s; the objective is 50/s for 10 users.
    expect(objectives).toMatchObject([{ aspect: 'requestsPerSecond', limit: 50, status: 'pass' }]);
    expect(objectives[0]!.measured!).toBeGreaterThan(85);
  });

  it('fails when the target is too slow for what is asked of it', async () => {
    const { objectives, verdict } = await judged(
      { scenarios: [demanding(10, 0.1)], ...perSecond(500) },
      () => ({
        afterMs: 400,
      }),
    );
    expect(objectives).toMatchObject([{ limit: 50, status: 'fail' }]);
    expect(verdict.status).toBe('fail');
  });

  it('is not measurable where the profile asks for less than is promised', async () => {
    const { objectives, verdict } = await judged({ scenarios: [demanding(10, 2)], ...perSecond(500) });
    expect(objectives).toMatchObject([
      {
        status: 'not-measurable',
        limit: 50,
        margin: null,
        detail: 'this profile can reach at most 5.00/s',
      },
    ]);
    // Nothing else judged the run, so nothing was proven.
    expect(verdict).toEqual({
      status: 'not-valid',
      reasons: [
        {
          code: 'not-measurable',
          text: 'no objective can be measured in this run: chat.ask throughput (this profile can reach at most 5.00/s)',
        },
      ],
    });
  });

  it('of an open model is the rate that it offers', async () => {
    const open = asking('chat', { kind: 'constant-arrival-rate', rate: 20, duration: '5s', maxVUs: 100 });
    const low = await judged({ scenarios: [open], ...perSecond(50) });
    expect(low.objectives).toMatchObject([{ limit: 50, status: 'not-measurable' }]);
    const fit = await judged({ scenarios: [open], ...perSecond(10) });
    expect(fit.objectives).toMatchObject([{ limit: 10, status: 'pass' }]);
  });
});

describe('an objective of an operation that no scenario has', () => {
  it('is an error at the start, with what may have been meant', async () => {
    await expect(judged({ objectives: [{ operation: 'chat.aks', p95Ms: 100 }] })).rejects.toThrow(
      "objectives has operation 'chat.aks', which no scenario declares; expected one of: chat.ask. Did you mean 'chat.ask'?",
    );
  });
});

describe('objectives of which none can be measured', () => {
  it('beside a threshold that is proven do not decide', async () => {
    const { verdict } = await judged({
      scenarios: [demanding(10, 2)],
      ...perSecond(500),
      thresholds: { http_req_failed: ['rate<0.5'] },
    });
    expect(verdict.status).toBe('pass');
  });

  it('make no run not valid that failed', async () => {
    const { verdict } = await judged({ scenarios: [demanding(10, 2)], ...perSecond(500) }, () => ({
      status: 500,
    }));
    expect(verdict.status).toBe('fail');
  });
});

describe('an objective of latency', () => {
  it('judges responses that are ok, so that fast refusals do not pass', async () => {
    const { objectives } = await judged(
      { objectives: [{ operation: 'chat.ask', p95Ms: 100 }] },
      // 4 % have status 200: p95 of all responses would be that of the refusals.
      ({ number }) => (number % 25 === 0 ? { afterMs: 300 } : { afterMs: 1, status: 429 }),
    );
    expect(objectives).toMatchObject([{ aspect: 'p95', measured: 300, status: 'fail' }]);
    expect(objectives[0]!.samples).toBeLessThan(30);
  });

  it('says when it rests on few samples', async () => {
    const { objectives } = await judged({ objectives: [{ operation: 'chat.ask', p50Ms: 100, p99Ms: 100 }] });
    expect(objectives).toMatchObject([
      { aspect: 'p50', status: 'pass', lowSamples: false },
      { aspect: 'p99', status: 'pass', lowSamples: true },
    ]);
  });
});

describe('the reason for dropped iterations', () => {
  it.each([
    [1004, '1.004% of its iterations (1,004 of 100,000), more than 1%'],
    [50_000, '50% of its iterations (50,000 of 100,000), more than 1%'],
  ])('has a share on its side of the limit: %d', (dropped, words) => {
    const iterations = { planned: 100_000, completed: 100_000 - dropped, failed: 0, dropped, interrupted: 0 };
    const { reasons } = judgeRun({
      end: { kind: 'completed' },
      requests: 90_000,
      retries: 0,
      scenarios: [{ name: 'chat', model: 'open', iterations, exceptions: 0 } as unknown as ScenarioResult],
      requestsOf: new Map([['chat', { requests: 90_000, ok: 90_000 }]]),
      thresholds: [],
      objectives: [],
      strict: false,
      restated: false,
      findings: [],
      withoutRequests: new Set(),
      maxDroppedShare: 0.01,
      notAwaited: [],
      unhandledErrors: 0,
      health: { generatorLimited: null, reasons: [], machine: null } as unknown as GeneratorHealth,
    });
    expect(reasons.find(({ code }) => code === 'dropped-iterations')?.text).toContain(`dropped ${words}`);
  });
});
