import { describe, expect, it } from 'vitest';
import { QUEUE_CASES, searchQueue } from './support/queue-search.js';

describe('a search with runs of the engine on a virtual clock', () => {
  it('finds the rate of a server with a fixed time for each request, past a step on a busy generator', async () => {
    const each = QUEUE_CASES['busy machine'];
    const search = { ...each.search, from: 16, stepMs: 10_000, confirmMs: 20_000 };
    const { answer, steps } = await searchQueue({ ...each, search }, 1);
    expect(answer).toMatchObject({ kind: 'found' });
    const level = answer?.kind === 'found' ? answer.level : 0;
    expect(level).toBeGreaterThan(50 * 0.95);
    expect(level).toBeLessThanOrEqual(50);
    expect(steps.filter(({ step }) => step === 2).map(({ status }) => status)).toEqual(['busy', 'pass']);
  });

  it('finds the rate of a language model by thresholds on TTFT and goodput, with the figures of its streams', async () => {
    const each = QUEUE_CASES.streams;
    const search = { ...each.search, from: 8, stepMs: 15_000, confirmMs: 20_000 };
    const { answer, steps } = await searchQueue({ ...each, search }, 1);
    expect(answer).toMatchObject({ kind: 'found' });
    const level = answer?.kind === 'found' ? answer.level : 0;
    const slotsPerSecond = 8 / 0.705;
    expect(level).toBeGreaterThan(slotsPerSecond * 0.95);
    expect(level).toBeLessThan(slotsPerSecond * 1.05);
    const [first] = steps;
    expect(first).toMatchObject({
      level: 8,
      status: 'pass',
      figures: { streams: { operation: 'work', goodput: 1 } },
    });
    expect(first!.figures!.streams!.ttftP95Ms).toBeCloseTo(120, -1);
    const failed = steps.find(({ status }) => status === 'fail');
    expect(failed!.figures!.streams!.goodput).toBeLessThan(0.95);
  });
});
