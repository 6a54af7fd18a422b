import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunResult } from '../src/document/schema.ts';
import type { ExecutorOptions } from '../src/model/executor-options.ts';
import type { VirtualUser } from '../src/model/scenario.ts';
import type { ScriptedRequest } from '../src/testing/scripted-target.ts';
import type { ScriptedAnswer } from '../src/testing/scripted-answer.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

type Options = Parameters<typeof virtualLoad>[0];

const chat = (parts = {}) => asking('chat', { kind: 'constant-vus', vus: 2, duration: '10s' }, parts);
const shared = (iterations: number, more = {}): ExecutorOptions => ({
  kind: 'shared-iterations',
  vus: 2,
  iterations,
  maxDuration: '2s',
  ...more,
});
const perVu = (iterations: number, more = {}): ExecutorOptions => ({
  kind: 'per-vu-iterations',
  vus: 2,
  iterations,
  maxDuration: '2s',
  ...more,
});

async function judged(
  options: Partial<Options>,
  answer?: (request: ScriptedRequest) => ScriptedAnswer,
): Promise<RunResult> {
  return virtualLoad({ scenarios: [chat()], ...options }, answer).result();
}

const codes = ({ verdict }: RunResult): string[] => verdict.reasons.map(({ code }) => code);

function expectConserved({ iterations, scenarios }: RunResult): void {
  for (const counts of [iterations, ...scenarios.map((scenario) => scenario.iterations)]) {
    const { planned, completed, failed, dropped, interrupted } = counts;
    expect(completed + failed + dropped + interrupted!).toBe(planned);
  }
}

describe('the outcome that ended a run', () => {
  const failed = { threshold: 'rate<0.5', abortOnFail: true } as const;
  /** Six quick failures, then slow successes that were in flight. */
  const sixFailures = ({ number }: ScriptedRequest): ScriptedAnswer =>
    number < 6 ? { afterMs: 100, status: 500 } : { afterMs: 2500, status: 200 };

  it('keeps its value, whatever is measured while the run ends', async () => {
    const result = await judged(
      {
        scenarios: [asking('chat', { kind: 'constant-arrival-rate', rate: 20, duration: '5s', maxVUs: 200 })],
        thresholds: { http_req_failed: [failed] },
      },
      sixFailures,
    );
    expect(result.totals.failureShare!).toBeLessThan(0.5);
    expect(result.thresholds).toMatchObject([{ status: 'fail', aborted: true, measured: 1, samples: 6 }]);
    expect(result.verdict.status).toBe('fail');
    expect(result.run.end.kind).toBe('threshold');
  });

  it('is of each threshold that failed in that second, and of none that fails only later', async () => {
    const result = await judged(
      {
        thresholds: {
          http_req_failed: [failed],
          'http_reqs{status:500}': [{ threshold: 'count<5', abortOnFail: true }],
          http_reqs: [{ threshold: 'count<20', abortOnFail: true }],
        },
      },
      ({ number }) => (number < 18 ? { afterMs: 100, status: 500 } : { afterMs: 1200, status: 200 }),
    );
    expect(result.totals.requests).toBe(20);
    expect(result.thresholds.map(({ status, aborted }) => [status, aborted])).toEqual([
      ['fail', true],
      ['fail', true],
      ['fail', false],
    ]);
  });

  it('is not caused by chance: too few samples do not end a run', async () => {
    const result = await judged(
      { thresholds: { response_time: [{ threshold: 'p(95)<500', abortOnFail: true }] } },
      ({ number }) => ({ afterMs: number === 0 ? 900 : 100 }),
    );
    // After the first second, one of 9 responses was slow: too few to judge p95.
    expect(result.run.end.kind).toBe('completed');
    expect(result.thresholds).toMatchObject([{ status: 'pass', aborted: false }]);
  });

  it('may rest on few samples where chance does not explain them', async () => {
    const result = await judged(
      { thresholds: { response_time: [{ threshold: 'p(95)<500', abortOnFail: true }] } },
      () => ({ afterMs: 900 }),
    );
    expect(result.run.end.kind).toBe('threshold');
    expect(result.thresholds).toMatchObject([
      { status: 'fail', aborted: true, samples: 2, samplesNeeded: 20 },
    ]);
    expect(result.verdict.status).toBe('fail');
  });

  it('does not change the end of a run that had already ended', async () => {
    const result = await judged({
      scenarios: [chat({ executor: undefined })].map((scenario) => ({
        ...scenario,
        executor: { kind: 'constant-vus', vus: 1, duration: 500 } as const,
      })),
      thresholds: { http_reqs: [{ threshold: 'count<5', abortOnFail: true }] },
    });
    expect(result.run.end.kind).toBe('completed');
    expect(result.thresholds).toMatchObject([{ status: 'fail', aborted: false }]);
    expect(result.verdict.status).toBe('fail');
  });
});

describe('executors with a number of iterations', () => {
  it.each([shared(1000), perVu(500)])(
    'plan all of it and drop what maxDuration cuts: $kind',
    async (executor) => {
      const result = await judged({ scenarios: [asking('chat', executor)] }, () => ({ afterMs: 100 }));
      expect(result.iterations).toEqual({
        planned: 1000,
        completed: 40,
        failed: 0,
        dropped: 960,
        interrupted: 0,
      });
      expect(result.verdict).toMatchObject({
        status: 'not-valid',
        reasons: [
          {
            code: 'dropped-iterations',
            text: 'scenario chat dropped 96% of its iterations (960 of 1,000), more than 1%: the run ended before they could start',
          },
        ],
      });
    },
  );

  it.each([shared(40), perVu(20)])('that were all begun drop nothing: $kind', async (executor) => {
    const result = await judged({ scenarios: [asking('chat', executor)] }, () => ({ afterMs: 100 }));
    expect(result.iterations).toMatchObject({ planned: 40, completed: 40, dropped: 0 });
    expect(result.verdict.status).toBe('pass');
  });

  it.each([
    [0.97, 'pass'],
    [0.95, 'not-valid'],
  ])('may drop maxDroppedShare, here %d: %s', async (maxDroppedShare, status) => {
    const result = await judged({ scenarios: [asking('chat', shared(1000))], maxDroppedShare }, () => ({
      afterMs: 100,
    }));
    expect(result.verdict.status).toBe(status);
  });

  it('that a threshold cut short are a failure, not an invalid run', async () => {
    const result = await judged(
      {
        scenarios: [asking('chat', shared(1000, { maxDuration: '60s' }))],
        thresholds: { http_req_failed: [{ threshold: 'rate<0.1', abortOnFail: true }] },
      },
      ({ number }) => ({ afterMs: 100, status: number % 2 === 0 ? 500 : 200 }),
    );
    expect(result.run.end.kind).toBe('threshold');
    expect(result.iterations.dropped).toBeGreaterThan(900);
    expectConserved(result);
    expect(result.verdict.status).toBe('fail');
    expect(codes(result)).toEqual(['threshold']);
  });

  it('are all dropped where the run ended before their start time', async () => {
    const load = virtualLoad({
      scenarios: [chat(), asking('late', shared(10, { startTime: '5s' }))],
    });
    await load.clock.advance(1500);
    load.run.stop('seen enough');
    const result = await load.result();
    expect(result.scenarios[1]!.iterations).toMatchObject({ planned: 10, completed: 0, dropped: 10 });
    expectConserved(result);
    expect(result.verdict.status).toBe('not-valid');
  });

  it('are accounted for in intervals that add up to the total', async () => {
    const load = virtualLoad({ scenarios: [asking('chat', shared(1000))] }, () => ({ afterMs: 100 }));
    const result = await load.result();
    const dropped = load.events.flatMap((event) => (event.type === 'interval' ? event.dropped : []));
    // During the run, the number of dropped iterations of its end is not known yet.
    expect(dropped.slice(0, -1).every((count) => count === 0)).toBe(true);
    expect(dropped.reduce((sum, count) => sum + count, 0)).toBe(result.iterations.dropped);
  });

  it('have the time of a pause on top of maxDuration, so that nothing is dropped for it', async () => {
    const load = virtualLoad({ scenarios: [asking('chat', shared(30))] }, () => ({ afterMs: 100 }));
    await load.clock.advance(550);
    load.run.pause();
    await load.clock.advance(1800);
    load.run.resume();
    const result = await load.result();
    expect(result.iterations).toMatchObject({ planned: 30, completed: 30, dropped: 0 });
    expect(result.run.pausedMs).toBe(1800);
    expect(result.verdict.status).toBe('pass');
  });

  it('are not cut off by a pause at the end that was planned', async () => {
    const executor = shared(30, { gracefulStop: 0 });
    const load = virtualLoad({ scenarios: [asking('chat', executor)] }, () => ({ afterMs: 100 }));
    await load.clock.advance(1050);
    load.run.pause();
    await load.clock.advance(900);
    load.run.resume();
    const result = await load.result();
    expect(result.iterations).toMatchObject({ planned: 30, completed: 30, interrupted: 0 });
  });

  it('end at twice maxDuration where a pause was forgotten', async () => {
    const load = virtualLoad({ scenarios: [asking('chat', shared(30))] }, () => ({ afterMs: 100 }));
    await load.clock.advance(550);
    load.run.pause();
    const result = await load.result();
    expect(result.run.durationMs).toBeLessThan(4100);
    expect(result.iterations).toMatchObject({ planned: 30, completed: 12, dropped: 18 });
  });

  it('are conserved however and whenever a run ends', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(shared(60), perVu(30), shared(3), perVu(2, { startTime: '1s' })),
        fc.constantFrom('stop', 'abort', 'breaker', 'threshold', 'nothing'),
        fc.integer({ min: 0, max: 3000 }),
        fc.integer({ min: 5, max: 900 }),
        async (executor, how, atMs, afterMs) => {
          const load = virtualLoad(
            {
              scenarios: [
                asking('chat', executor),
                asking('voice', { kind: 'constant-vus', duration: '1s' }),
              ],
              circuitBreaker: how === 'breaker' ? { failureShare: 0.5, forMs: 1000, minRequests: 1 } : false,
              thresholds:
                how === 'threshold' ? { http_reqs: [{ threshold: 'count<4', abortOnFail: true }] } : {},
            },
            () => ({ afterMs, status: how === 'breaker' ? 500 : 200 }),
          );
          await load.clock.advance(atMs);
          if (how === 'stop') load.run.stop('test');
          if (how === 'abort') load.run.abort('test');
          const result = await load.result();
          expectConserved(result);
          const { planned } = result.scenarios[0]!.iterations;
          // A run that ended before its clock started had no planned iterations.
          if (result.run.durationMs > 0)
            expect(planned).toBe(
              executor.kind === 'per-vu-iterations'
                ? executor.iterations! * 2
                : (executor as { iterations: number }).iterations,
            );
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('an open scenario', () => {
  const slow = (duration: string) =>
    asking('chat', { kind: 'constant-arrival-rate', rate: 100, duration, maxVUs: 10 });

  it('that dropped more than it may makes the run not valid', async () => {
    const result = await judged({ scenarios: [slow('5s')] }, () => ({ afterMs: 1000 }));
    expect(result.iterations.dropped / result.iterations.planned).toBeGreaterThan(0.8);
    expect(result.verdict.status).toBe('not-valid');
    expect(codes(result)).toEqual(['dropped-iterations']);
    expect(result.verdict.reasons[0]!.text).toMatch(/more than 1%: no user was free below maxVUs$/);
  });

  it('does so also where a threshold ended the run: its load was not what was planned', async () => {
    const result = await judged(
      {
        scenarios: [slow('5s')],
        thresholds: { response_time: [{ threshold: 'avg<500', abortOnFail: true }] },
      },
      () => ({ afterMs: 1000 }),
    );
    expect(result.run.end.kind).toBe('threshold');
    expect(result.verdict.status).toBe('not-valid');
    expect(codes(result)).toEqual(['dropped-iterations', 'threshold']);
  });

  it('does not hide another scenario because of its size', async () => {
    const big = asking('big', { kind: 'constant-arrival-rate', rate: 1000, duration: '5s', maxVUs: 100 });
    const small = asking('small', { kind: 'constant-arrival-rate', rate: 5, duration: '5s', maxVUs: 1 });
    const result = await judged({ scenarios: [big, small] }, ({ path }) => ({
      afterMs: path === '/small' ? 1000 : 10,
    }));
    expect(result.iterations.dropped / result.iterations.planned).toBeLessThan(0.01);
    expect(result.verdict.status).toBe('not-valid');
    expect(result.verdict.reasons[0]!.text).toMatch(/^scenario small dropped/);
  });
});

describe('a run in which no iteration was completed', () => {
  it('is not valid, however many requests it made', async () => {
    const result = await judged({
      scenarios: [
        chat({
          executor: { kind: 'constant-vus', duration: '2s', gracefulStop: 0 },
          run: async (user: VirtualUser) => {
            for (let k = 0; k < 1000; k++) await user.request({ operation: 'chat.ask', path: '/chat' });
          },
        }),
      ].map((scenario) => ({
        ...scenario,
        executor: { kind: 'constant-vus', duration: '2s', gracefulStop: 0 } as const,
      })),
    });
    expect(result.iterations).toMatchObject({ planned: 1, completed: 0, interrupted: 1 });
    expect(result.totals.requests).toBeGreaterThan(100);
    expect(result.verdict).toMatchObject({
      status: 'not-valid',
      reasons: [{ code: 'no-iterations', text: 'scenario chat completed no iteration' }],
    });
  });
});
