import { runLoad, type Objective, type RunResult } from '@jarvis-load/engine';
import { ScriptedTarget, VirtualClock, type ScriptedAnswer } from '@jarvis-load/engine/testing';
import { describe, expect, it } from 'vitest';
import { CapacitySearch, driveSteps, isProven, judgeStep, type StepPlan } from '../src/index.ts';
import { reportOf } from './support/report-of.ts';

const OBJECTIVES: readonly Objective[] = [{ operation: 'work', p99Ms: 50, errorRate: 0.01 }];

/** One step in the real engine on a virtual clock. */
async function run(
  { level, durationMs, step }: Pick<StepPlan, 'level' | 'durationMs' | 'step'>,
  answer: (atMs: number) => ScriptedAnswer,
  objectives = OBJECTIVES,
  arrivals: 'poisson' | 'uniform' = 'poisson',
  setup?: () => Promise<void>,
) {
  const clock = new VirtualClock();
  const result = runLoad({
    baseUrl: 'http://jarvis.test',
    clock,
    transport: new ScriptedTarget(clock, ({ atMs }) => answer(atMs)),
    seed: step,
    objectives,
    scenarios: [
      {
        name: 'user',
        ...(setup === undefined ? {} : { setup }),
        operations: [
          { name: 'work', method: 'GET', route: '/work' },
          { name: 'rest', method: 'GET', route: '/rest' },
        ],
        run: async (user) => void (await user.request({ operation: 'work', path: '/work' })),
        executor: {
          kind: 'constant-arrival-rate',
          rate: level,
          duration: durationMs,
          arrivals,
          maxVUs: 5000,
        },
      },
    ],
  });
  return clock.until(result);
}

/** A server with one place and a queue. */
function queue(serviceMs: number): (atMs: number) => ScriptedAnswer {
  let free = 0;
  return (atMs) => {
    free = Math.max(atMs, free) + serviceMs;
    return { afterMs: free - atMs };
  };
}

const plan = { step: 1, level: 50, durationMs: 10_000 };

describe('the judgement of a run', () => {
  it('passes where every promise holds, and names the tightest', async () => {
    const outcome = judgeStep(await run(plan, () => ({ afterMs: 30 })));
    expect(outcome).toMatchObject({ status: 'pass', reasons: [] });
    expect(outcome.tightest?.name).toBe('objective work p99');
    expect(outcome.figures?.goodPerSecond).toBeGreaterThan(40);
  });

  it('knows how far the means of parts of the run lie apart', async () => {
    const errorOf = async (answer: () => ScriptedAnswer) =>
      judgeStep(await run(plan, answer, OBJECTIVES, 'uniform')).figures?.meanError;
    let number = 0;
    expect(await errorOf(() => ({ afterMs: 20 }))).toBeCloseTo(0, 5);
    // Five parts with a mean of 40 ms, five of 20 ms: a deviation of 10.54 ms, by the root of 10, of 30 ms.
    expect(await errorOf(() => ({ afterMs: number++ < 250 ? 40 : 20 }))).toBeCloseTo(0.111, 2);
  });

  it('fails with the promise that was missed by most', async () => {
    const outcome = judgeStep(await run(plan, () => ({ afterMs: 80 })));
    expect(outcome.status).toBe('fail');
    expect(outcome.broken).toEqual({ name: 'objective work p99', measured: '80.9 ms', limit: '50 ms' });
  });

  it('names a missed limit of 0 first, as it is missed by more than any multiple', async () => {
    let number = 0;
    const outcome = judgeStep(
      await run(plan, () => ({ afterMs: 500, status: number++ % 100 === 0 ? 500 : 200 }), [
        { operation: 'work', p99Ms: 50, errorRate: 0 },
      ]),
    );
    expect(outcome.reasons.slice(0, 2)).toEqual([
      expect.stringMatching(/^objective work errors is 1(\.\d+)? ?%, the limit is 0 ?%$/),
      expect.stringMatching(/^objective work p99 is 5\d\d ms/),
    ]);
    expect(outcome.broken?.name).toBe('objective work errors');
  });

  it('does not call a kept limit of 0 the tightest', async () => {
    const objectives = [{ operation: 'work', p99Ms: 50, errorRate: 0 }];
    const outcome = judgeStep(await run(plan, () => ({ afterMs: 30 }), objectives));
    expect(outcome.tightest?.name).toBe('objective work p99');
  });

  it('does not prove a promise without data, or with too few samples', async () => {
    const objectives = [...OBJECTIVES, { operation: 'rest', p95Ms: 100 }];
    const without = judgeStep(await run(plan, () => ({ afterMs: 30 }), objectives));
    expect(without).toMatchObject({ status: 'pass', withoutData: ['objective rest p95'] });
    expect(without.reasons).toEqual(['objective rest p95 has no data']);
    expect(isProven(without)).toBe(false);
    const few = judgeStep(
      await run(
        { ...plan, level: 1 },
        () => ({ afterMs: 30 }),
        [{ operation: 'work', p99Ms: 50 }],
        'uniform',
      ),
    );
    expect(few).toMatchObject({ status: 'pass', reasons: [], unproven: ['objective work p99'] });
    expect(isProven(few)).toBe(false);
    expect(isProven(judgeStep(await run(plan, () => ({ afterMs: 30 }))))).toBe(true);
  });

  it('tells a run that went wrong itself from a target that failed', async () => {
    const forgotten = async (afterMs: number) => {
      const result = await run(plan, () => ({ afterMs }));
      const reason = { code: 'not-awaited', text: 'scenario user: 1 iteration ended before' };
      return judgeStep({
        ...result,
        verdict: { ...result.verdict, reasons: [...result.verdict.reasons, reason] },
      });
    };
    expect(await forgotten(30)).toMatchObject({ status: 'fail', isInvalid: true });
    const failed = await forgotten(80);
    expect(failed.status).toBe('fail');
    expect(failed).not.toHaveProperty('isInvalid');
  });

  it('proves nothing where none of the objectives can be measured', async () => {
    const outcome = judgeStep(
      await run(plan, () => ({ afterMs: 30 }), [{ operation: 'work', requestsPerSecondPer100Users: 1e9 }]),
    );
    expect(outcome).toMatchObject({
      status: 'pass',
      withoutData: ['objective work requestsPerSecond'],
    });
    expect(isProven(outcome)).toBe(false);
  });

  it('takes a run without requests, as its setup failed, for one that went wrong itself', async () => {
    const outcome = judgeStep(
      await run(
        plan,
        () => ({ afterMs: 30 }),
        OBJECTIVES,
        'uniform',
        () => {
          throw new Error('no login');
        },
      ),
    );
    expect(outcome).toMatchObject({ status: 'fail', isInvalid: true });
    expect(outcome.reasons).toEqual([expect.stringContaining('no login')]);
  });

  it('names a rate limit, with the rate that was accepted', async () => {
    let number = 0;
    // The last answers take 20 s: they belong to the 10 s in which they were asked for.
    const answer = (atMs: number) => ({
      status: number++ % 2 === 0 ? 429 : 200,
      afterMs: atMs > 9900 ? 20_000 : 1,
    });
    const outcome = judgeStep(await run(plan, answer, OBJECTIVES, 'uniform'));
    expect(outcome.status).toBe('fail');
    expect(outcome.rateLimit).toBe(
      'the target limits the rate: 50% of the requests were answered with status 429; 25.0/s were accepted',
    );
  });

  it('sees a backlog that grows, although no objective judges latency', async () => {
    const slow = queue(25);
    const outcome = judgeStep(
      await run({ ...plan, durationMs: 20_000 }, slow, [{ operation: 'work', errorRate: 0.01 }]),
    );
    expect(outcome).toMatchObject({ status: 'fail' });
    expect(outcome.reasons[0]).toMatch(/^the backlog grows: /);
  });

  it('does not believe a failure while the generator was the limit, but believes a pass', async () => {
    const limited = <T extends { health: object }>(result: T): T => ({
      ...result,
      health: { ...result.health, generatorLimited: true, reasons: ['late'] },
    });
    expect(judgeStep(limited(await run(plan, () => ({ afterMs: 80 })))).status).toBe('busy');
    expect(judgeStep(limited(await run(plan, () => ({ afterMs: 8 })))).status).toBe('pass');
    // Nor a promise that is not said to have failed only because the machine can have made it fail.
    const slow = await run(plan, () => ({ afterMs: 80 }));
    const excused: RunResult = {
      ...slow,
      objectives: slow.objectives.map((each) =>
        each.aspect === 'errorRate' ? each : { ...each, status: 'machine-limited' },
      ),
      verdict: { status: 'not-valid', reasons: [{ code: 'machine-limited', text: 'the machine was busy' }] },
    };
    for (const result of [excused, limited(excused)])
      expect(judgeStep(result)).toMatchObject({ status: 'busy' });
  });

  it('takes a target that gets slower with time for not monotonic, and says where', async () => {
    let answered = 0;
    const leak = () => ({ afterMs: 2 + answered++ / 60 });
    const search = new CapacitySearch({
      unit: 'rate',
      from: 10,
      to: 10_000,
      precision: 0.1,
      stepMs: 5000,
      confirmMs: 5000,
    });
    await driveSteps(search, async (next) => judgeStep(await run(next, leak)));
    expect(search.answer).toMatchObject({ kind: 'not-monotonic' });
    const report = reportOf([{ answer: search.answer!, steps: search.steps }]);
    expect(report.notes.join()).toMatch(/slower with time: at \d+\/s p50 was/);
  });

  it('finds 50/s for a server that takes 20 ms for each request', async () => {
    const search = new CapacitySearch({
      unit: 'rate',
      from: 20,
      to: 10_000,
      precision: 0.05,
      stepMs: 10_000,
      confirmMs: 10_000,
    });
    await driveSteps(search, async (next) => judgeStep(await run(next, queue(20), OBJECTIVES, 'uniform')));
    const level = search.answer?.kind === 'found' ? search.answer.level : 0;
    expect(level).toBeGreaterThan(47.5);
    expect(level).toBeLessThanOrEqual(50.5);
  });
});
