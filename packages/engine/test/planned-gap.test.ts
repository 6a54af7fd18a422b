import { describe, expect, it } from 'vitest';
import { resolveExecutor } from '../src/executors/resolve-executor.ts';
import { isPlannedGap } from '../src/judging/planned-gap.ts';
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
const later: ExecutorOptions = { ...TEN_A_SECOND, startTime: '30s' };
const thresholds = {
  http_reqs: [{ threshold: 'rate>5 over 5s', abortOnFail: true }],
  response_time: ['avg<500 over 5s'],
};

const judged = async (
  first: ExecutorOptions,
  answer: (request: ScriptedRequest) => { readonly afterMs: number } = () => ({ afterMs: 10 }),
) => {
  const scenarios = [asking('first', first), asking('later', later)];
  const { run, thresholds: results } = await virtualLoad(
    { scenarios, thresholds, circuitBreaker: false },
    answer,
  ).result();
  return { end: run.end.kind, results, statuses: results.map(({ status }) => status) };
};

describe('windows that reach into time for which no scenario is planned', () => {
  it.each([
    TEN_A_SECOND,
    { kind: 'constant-vus', vus: 1, duration: '10500ms' },
    // Ends by its number, long before its time limit.
    { kind: 'per-vu-iterations', vus: 1, iterations: 1000, maxDuration: '60s' },
  ] as const satisfies readonly ExecutorOptions[])('are none for what needs load: $kind', async (first) => {
    const { end, results, statuses } = await judged(first);
    expect(end).toBe('completed');
    expect(statuses).toEqual(['pass', 'pass']);
    // Six of each scenario, from its first to its last five seconds.
    expect(results[0]!.detail).toMatch(/^12 windows/);
  });

  it('are judged where late answers in it are slow', async () => {
    const { statuses } = await judged(TEN_A_SECOND, ({ atMs }) => ({
      afterMs: atMs >= 8000 && atMs < 9000 ? 8000 : 10,
    }));
    expect(statuses).toEqual(['pass', 'fail']);
  });

  it('do not hide a target that stopped answering after it', async () => {
    const { end, statuses } = await judged(TEN_A_SECOND, ({ atMs }) => ({
      afterMs: atMs > 33_000 ? 20_000 : 10,
    }));
    expect(end).toBe('threshold');
    expect(statuses[0]).toBe('fail');
  });
});

describe('a planned gap', () => {
  const measured = (options: ExecutorOptions, users: number, loadMs: number, loadedMs: number) => ({
    executor: resolveExecutor(options, 'work'),
    total: { users, loadMs },
    loadedMs,
  });
  const first = (users = 0, loadedMs = 0) => measured(TEN_A_SECOND, users, 5000, loadedMs);
  const next = measured(later, 0, 0, 0);

  it.each([
    ['in the plan, also where the threads hand over late', 5000, 6000, false],
    ['at the end of the plan, within the jitter of intervals', 9030, 10_030, false],
    ['where half of it is planned', 9500, 10_500, true],
    ['after the plan of one, before that of the other', 12_000, 13_000, true],
    ['which ends with the start of the other', 29_030, 30_030, true],
    ['within the other', 30_030, 31_030, false],
    ['after all', 45_000, 46_000, false],
  ] as const)('is an interval %s', (_, startMs, endMs, isGap) => {
    expect(isPlannedGap([first(), next], startMs, endMs)).toBe(isGap);
  });

  it('of a number of iterations begins when its users have left, not where they hand over late', () => {
    const options: ExecutorOptions = { kind: 'shared-iterations', vus: 2, iterations: 9 };
    const gap = (users: number, loadMs: number, loadedMs: number) =>
      isPlannedGap([measured(options, users, loadMs, loadedMs), next], 5000, 6000);
    expect(gap(2, 5000, 0)).toBe(false);
    expect(gap(0, 0, 0)).toBe(false);
    expect(gap(0, 6000, 1000)).toBe(false);
    expect(gap(0, 5200, 200)).toBe(true);
    expect(gap(0, 5000, 0)).toBe(true);
  });
});
