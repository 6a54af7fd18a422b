import { describe, expect, it } from 'vitest';
import type { RunResult } from '../src/document/schema.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

/** 100 responses after 10, 20, ... 1000 ms, and a number of requests that the end of the run interrupts. */
async function cutOff(interrupted: number): Promise<RunResult> {
  const scenario = asking('chat', {
    kind: 'constant-arrival-rate',
    rate: 100 + interrupted,
    duration: '1s',
    maxVUs: 500,
    gracefulStop: 2000,
  });
  return virtualLoad({ scenarios: [scenario] }, ({ number }) => ({
    afterMs: number < 100 ? 10 * (number + 1) : 60_000,
  })).result();
}

describe('a percentile that requests without an answer could have raised', () => {
  it('is none where every request was answered', async () => {
    const { totals } = await cutOff(0);
    expect(totals.interrupted).toBe(0);
    expect(totals.responseTime.uncertain).toBeUndefined();
  });

  it.each([
    // With n slower requests in addition to 100, percentile p is the response with rank p(100 + n).
    [1, ['p50', 'p66', 'p75', 'p80', 'p90', 'p95', 'p98', 'p99', 'p99.9', 'p99.99']],
    [25, ['p50', 'p66', 'p75', 'p80', 'p90', 'p95', 'p98', 'p99', 'p99.9', 'p99.99']],
  ] as const)('is marked, with %i of them', async (interrupted, keys) => {
    const { totals } = await cutOff(interrupted);
    expect(totals).toMatchObject({ requests: 100, interrupted });
    expect(totals.responseTime.uncertain).toEqual(keys);
    expect(totals.responseTimeOk.uncertain).toEqual(keys);
  });

  it('is not marked where they change nothing: the answers around it took the same time', async () => {
    const scenario = asking('chat', {
      kind: 'constant-arrival-rate',
      rate: 100,
      duration: '1s',
      maxVUs: 500,
      gracefulStop: 2000,
    });
    const { totals } = await virtualLoad({ scenarios: [scenario] }, ({ number }) => ({
      afterMs: number === 99 ? 60_000 : number < 90 ? 10 : 500,
    })).result();
    expect(totals).toMatchObject({ requests: 99, interrupted: 1 });
    // 90 of 99 took 10 ms, 9 took 500 ms. With one slower the ranks of p50 to p90 still hold 10 ms, those of p95 to p99 500 ms.
    expect(totals.responseTime.uncertain).toEqual(['p99.9', 'p99.99']);
  });
});
