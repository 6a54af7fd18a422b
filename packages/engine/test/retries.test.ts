import { describe, expect, it } from 'vitest';
import type { ScriptedAnswer } from '../src/testing/scripted-answer.ts';
import { neverRead } from '../src/transport/failure.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

/** 100 requests; every n-th uses a connection whose close has not been read yet. */
function load(every: number, parts: Partial<Parameters<typeof virtualLoad>[0]> = {}) {
  let asked = 0;
  const answer = (): ScriptedAnswer => {
    asked++;
    return asked % (every + 1) === every ? { afterMs: 1, failure: neverRead() } : { afterMs: 10 };
  };
  const scenarios = [asking('chat', { kind: 'per-vu-iterations', vus: 1, iterations: 100 })];
  return virtualLoad({ scenarios, ...parts }, answer).result();
}

describe('requests that were sent again', () => {
  it('are counted beside the requests, and the user waits for both sendings', async () => {
    const { totals, errors } = await load(20);
    expect(totals).toMatchObject({ requests: 100, failed: 0, retries: 5 });
    expect(totals.responseTime.maxMs).toBeCloseTo(11, 0);
    expect(errors).toEqual([]);
  });

  it('are a sentence of the verdict above 1 %, and change nothing of it', async () => {
    const { verdict } = await load(20, { thresholds: { http_req_failed: ['rate<0.05'] } });
    expect(verdict).toEqual({
      status: 'pass',
      reasons: [
        {
          code: 'retried',
          text: expect.stringMatching(/^5\S* ?% of the requests \(5 of 100\) were sent again/) as string,
        },
      ],
    });
  });

  it('are no sentence up to 1 %', async () => {
    const { totals, verdict } = await load(90, { thresholds: { http_req_failed: ['rate<0.05'] } });
    expect(totals.retries).toBe(1);
    expect(verdict).toEqual({ status: 'pass', reasons: [] });
  });

  it('have a metric that thresholds judge', async () => {
    const { thresholds } = await load(20, {
      thresholds: { http_req_retried: ['rate<0.04'], 'http_req_retried{scenario:chat}': ['rate<0.06'] },
    });
    expect(thresholds.map(({ status, measured }) => [status, measured])).toEqual([
      ['fail', 0.05],
      ['pass', 0.05],
    ]);
  });

  it('are sent again once: what meets another end is a failure', async () => {
    const { totals, errors } = await virtualLoad(
      { scenarios: [asking('chat', { kind: 'per-vu-iterations', vus: 1, iterations: 10 })] },
      () => ({ afterMs: 1, failure: neverRead() }),
    ).result();
    expect(totals).toMatchObject({ requests: 10, failed: 10, retries: 10 });
    expect(errors).toMatchObject([{ code: 'stale_connection', count: 10 }]);
  });
});
