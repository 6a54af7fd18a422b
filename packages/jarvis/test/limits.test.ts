import { recordings } from './recordings.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chatJourney,
  describeLimitHit,
  DIALECT_LIMITS,
  documentedDialect,
  limitAdvice,
  memoryWorkflow,
  profileExecutor,
  voiceJourney,
  type JarvisScenarioOptions,
  type LimitHit,
  type PlannedScenario,
} from '../src/index.ts';

const options: JarvisScenarioOptions = {
  dialect: documentedDialect,
  credentials: { token: 't' },
  runId: 'run-1',
  recordings,
};
const planned = (
  create: typeof chatJourney | typeof voiceJourney | typeof memoryWorkflow,
  executor: PlannedScenario['executor'],
): PlannedScenario => {
  const { name, demand } = create(options);
  if (demand === undefined) throw new Error('no demand');
  return { name, demand, executor };
};
const limits = DIALECT_LIMITS.documented;
const shared = { identity: 'shared' } as const;

/** Iterations in each window that starts at a quarter of a second, by adding up a rate that is sampled four times a second. */
function grid(
  executors: readonly {
    readonly startSeconds: number;
    readonly stages: readonly { readonly duration: number; readonly target: number }[];
  }[],
  windowSeconds: number,
): readonly number[] {
  const quarters = Array.from({ length: 4 * 600 }, () => 0);
  for (const { startSeconds, stages } of executors) {
    let [from, level] = [startSeconds, 0];
    for (const { duration, target } of stages) {
      for (let quarter = 0; quarter < duration * 4; quarter++)
        quarters[from * 4 + quarter]! += (level + ((target - level) * (quarter + 0.5)) / (duration * 4)) / 4;
      [from, level] = [from + duration, target];
    }
  }
  const width = windowSeconds * 4;
  return quarters.map((_, start) =>
    quarters.slice(start, start + width).reduce((sum, each) => sum + each, 0),
  );
}

describe('limitAdvice', () => {
  it('says that the load profile of chat asks for 33 times what is allowed', () => {
    const [chat, search, ...others] = limitAdvice(
      [planned(chatJourney, profileExecutor('load'))],
      limits,
      shared,
    );
    expect(others).toEqual([]);
    expect(chat).toMatchObject({ requestsPerWindow: 2000, fittingUsers: 3 });
    expect(chat?.factor).toBeCloseTo(33.3, 1);
    expect(chat?.text).toMatchInlineSnapshot(
      `"100 users ask for about 2000 chat requests per minute, 33 times the limit of 60 per minute per token. With 3 users it fits; so it does with a token per user (identity per-user)."`,
    );
    expect(search?.limit.name).toBe('memory search');
    expect(search?.factor).toBe(20);
  });

  it('counts synthesis and transcription against one voice limit', () => {
    const [voice] = limitAdvice([planned(voiceJourney, profileExecutor('voice'))], limits, shared);
    expect(voice).toMatchObject({ requestsPerWindow: 800, fittingUsers: 0 });
    expect(voice?.text).toMatchInlineSnapshot(
      `"20 users ask for about 800 voice requests per minute, 27 times the limit of 30 per minute per token. Not even one user fits."`,
    );
  });

  it('finds the busiest window wherever it lies: no window on a fine grid holds more', () => {
    const stage = fc.record({
      duration: fc.integer({ min: 0, max: 90 }),
      target: fc.integer({ min: 0, max: 40 }),
    });
    const executor = fc.record({
      startSeconds: fc.integer({ min: 0, max: 60 }),
      stages: fc.array(stage, { minLength: 1, maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(executor, { minLength: 1, maxLength: 2 }), (executors) => {
        const scenarios = executors.map(({ startSeconds, stages }) =>
          planned(chatJourney, {
            kind: 'ramping-arrival-rate',
            startTime: startSeconds * 1000,
            stages: stages.map(({ duration, target }) => ({ duration: duration * 1000, target })),
            preAllocatedVUs: 1,
          }),
        );
        const [advice] = limitAdvice(scenarios, [{ ...limits[0]!, requests: 1e-9 }], shared);
        const most = Math.max(0, ...grid(executors, limits[0]!.perSeconds));
        const perIteration = limits[0]!.operations.reduce(
          (sum, name) => sum + (scenarios[0]!.demand.requests[name] ?? 0),
          0,
        );
        const found = advice?.requestsPerWindow ?? 0;
        expect(found).toBeGreaterThanOrEqual(most * perIteration * (1 - 1e-9));
        expect(found).toBeLessThanOrEqual(most * perIteration * 1.02 + perIteration);
      }),
    );
  });

  it('takes a shape of a day that changes each second', () => {
    const shape = (second: number) =>
      second < 86_400 ? { users: 20 + Math.round(10 * Math.sin(second / 5000)) } : undefined;
    const [chat] = limitAdvice([planned(chatJourney, { kind: 'load-shape', shape })], limits, shared);
    expect(chat).toMatchObject({ requestsPerWindow: 600 });
  });

  it('adds up scenarios that ask for the same at the same time, and only then', () => {
    const memory = (startTime: string) =>
      planned(memoryWorkflow, { kind: 'constant-vus', vus: 2, duration: '2m', startTime });
    expect(limitAdvice([memory('0s')], limits, shared)).toEqual([]);
    expect(limitAdvice([memory('0s'), memory('2m')], limits, shared)).toEqual([]);
    expect(limitAdvice([memory('0s'), memory('0s')], limits, shared)[0]).toMatchObject({
      requestsPerWindow: 120,
      fittingUsers: 3,
    });
  });

  it('gives no advice on a run that is too short to exceed the limit', () => {
    const short = planned(chatJourney, { kind: 'constant-vus', vus: 10, duration: '10s' });
    expect(limitAdvice([short], limits, shared)).toEqual([]);
    const long = planned(chatJourney, { kind: 'constant-vus', vus: 10, duration: '20s' });
    expect(limitAdvice([long], limits, shared)).toHaveLength(1);
  });

  it('divides by tokens, by accounts, or not at all, as the scope of the limit says', () => {
    const load = [planned(chatJourney, { kind: 'constant-vus', vus: 100, duration: '5m' })];
    const chat = limits.filter(({ name }) => name === 'chat');
    const factor = (scope: 'token' | 'user' | 'address', accounts: number) =>
      limitAdvice(
        load,
        chat.map((limit) => ({ ...limit, scope })),
        { identity: 'per-user', accounts },
      )[0]?.factor;
    expect(factor('token', 1)).toBeUndefined();
    expect(factor('user', 1)).toBeCloseTo(33.3, 1);
    expect(factor('user', 10)).toBeCloseTo(3.33, 1);
    expect(factor('address', 100)).toBeCloseTo(33.3, 1);
  });

  it('does not advise fewer users where one alone is over the limit', () => {
    const voice = [planned(voiceJourney, { kind: 'constant-vus', vus: 20, duration: '5m' })];
    const [advice] = limitAdvice(voice, limits, { identity: 'per-user' });
    expect(advice?.fittingUsers).toBeUndefined();
    expect(advice?.text).toContain('fewer users do not help');
  });

  it('speaks of rates for an open model', () => {
    const open = planned(chatJourney, { kind: 'constant-arrival-rate', rate: 50, duration: '1m' });
    const [chat] = limitAdvice([open], limits, shared);
    expect(chat).toMatchObject({ requestsPerWindow: 3000, factor: 50, fittingUsers: undefined });
    expect(chat?.text).toContain('A rate 50 times lower fits.');
  });
});

describe('describeLimitHit', () => {
  const hit: LimitHit = {
    operation: 'chat.send',
    method: 'POST',
    route: '/api/chat',
    requests: 2000,
    rateLimited: 1940,
    accepted: 60,
    durationMs: 60_000,
  };
  const failure = {
    code: 'RATE_LIMIT_ERROR',
    message: 'slow down',
    retryAfterSeconds: 60,
    rateLimit: { limit: 60, remaining: 0, resetAtSeconds: undefined },
    format: 'documented-a',
  } as const;

  it('names the limit and what it allows', () => {
    expect(describeLimitHit({ ...hit, failure }, limits)).toMatchInlineSnapshot(
      `"POST /api/chat: 1940 of 2000 requests (97%) were refused with 429. The chat limit is 60 per minute per token. The run asked for 2000 per minute; 60 per minute got through. The target says to try again after 60 s."`,
    );
  });

  it('takes the number of the target where no limit is known, and makes none up', () => {
    expect(describeLimitHit({ ...hit, failure })).toContain(
      'The target names a limit of 60 (X-RateLimit-Limit).',
    );
    expect(describeLimitHit(hit)).toBe(
      'POST /api/chat: 1940 of 2000 requests (97%) were refused with 429. The run asked for 2000 per minute; 60 per minute got through.',
    );
  });

  it('extrapolates no short run: it may have spent the allowance of a whole window at once', () => {
    expect(describeLimitHit({ ...hit, durationMs: 31_400 })).toContain(
      'In 31 s the run asked for 2000; 60 got through.',
    );
  });
});
