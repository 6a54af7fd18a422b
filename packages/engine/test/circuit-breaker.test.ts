import { describe, expect, it } from 'vitest';
import type { CircuitBreakerOptions } from '../src/model/run-options.ts';
import type { ScriptedRequest } from '../src/testing/scripted-target.ts';
import type { ScriptedAnswer } from '../src/testing/scripted-answer.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

const REFUSED = {
  afterMs: 10,
  failure: { outcome: 'connection_error', code: 'ECONNREFUSED', message: 'refused' } as const,
};

function broken(
  answer: (request: ScriptedRequest) => ScriptedAnswer,
  circuitBreaker?: CircuitBreakerOptions | false,
) {
  return virtualLoad(
    {
      scenarios: [asking('chat', { kind: 'constant-arrival-rate', rate: 20, duration: '60s', maxVUs: 100 })],
      ...(circuitBreaker === undefined ? {} : { circuitBreaker }),
    },
    answer,
  );
}

describe('the circuit breaker', () => {
  it('ends a run whose target is down for ten seconds, and says so', async () => {
    const load = broken(({ atMs }) => (atMs < 20_000 ? { afterMs: 10 } : REFUSED));
    const document = await load.result();
    expect(document.run.end).toEqual({
      kind: 'circuit-breaker',
      reason: 'the target is down: 100% of 200 requests failed in the last 10 s',
    });
    expect(document.run.durationMs).toBeCloseTo(30_000, -1);
    expect(document.verdict).toMatchObject({ status: 'fail', reasons: [{ code: 'circuit-breaker' }] });
    expect(load.events).toContainEqual({
      type: 'notice',
      level: 'warning',
      code: 'circuit-breaker',
      text: document.run.end.reason,
    });
  });

  it('ends one that fails from the start after ten seconds', async () => {
    const document = await broken(() => ({ afterMs: 10, status: 500 })).result();
    expect(document.run.end.reason).toBe('100% of 200 requests failed in the last 10 s');
    expect(document.run.durationMs).toBeCloseTo(10_000, -1);
  });

  it('ends one whose limit is every request, once every request fails', async () => {
    const document = await broken(() => ({ afterMs: 10, status: 500 }), { failureShare: 1 }).result();
    expect(document.run.end.reason).toBe('100% of 200 requests failed in the last 10 s');
    const nearly = await broken(({ number }) => ({ afterMs: 10, status: number % 50 === 0 ? 200 : 500 }), {
      failureShare: 1,
    }).result();
    expect(nearly.run.end.kind).toBe('completed');
  });

  it('does not end a run that fails less, or for less time', async () => {
    const most = await broken(({ number }) => ({
      afterMs: 10,
      status: number % 10 < 2 ? 200 : 500,
    })).result();
    expect(most.run.end.kind).toBe('completed');
    const burst = await broken(({ atMs }) => ({
      afterMs: 10,
      status: atMs % 20_000 < 8000 ? 500 : 200,
    })).result();
    expect(burst.run.end.kind).toBe('completed');
  });

  it('does not count refusals by a rate limit as failures', async () => {
    const document = await broken(() => ({ afterMs: 10, status: 429 })).result();
    expect(document.run.end.kind).toBe('completed');
  });

  it('does not count users who hang up as failures', async () => {
    const spec = { operation: 'chat', path: '/chat', hangUpAfterMs: 50 };
    const document = await virtualLoad(
      {
        scenarios: [
          asking(
            'chat',
            { kind: 'constant-arrival-rate', rate: 20, duration: '30s', maxVUs: 100 },
            {
              operations: [{ name: 'chat', method: 'POST', route: '/chat', stream: 'sse' }],
              run: async (user) => void (await user.stream(spec).response),
            },
          ),
        ],
      },
      () => ({ pieces: [10, 4000].map((atMs) => ({ atMs, bytes: 'data: a\n\n' })) }),
    ).result();
    expect(document.totals.outcomes).toMatchObject({ hung_up: 600, ok: 0 });
    expect(document.run.end.kind).toBe('completed');
  });

  it('does not judge few requests', async () => {
    const load = virtualLoad(
      { scenarios: [asking('chat', { kind: 'constant-arrival-rate', rate: 1, duration: '30s' })] },
      () => ({ afterMs: 10, status: 500 }),
    );
    expect((await load.result()).run.end.kind).toBe('completed');
  });

  it('has limits that can be set, and can be turned off', async () => {
    const failing = () => ({ afterMs: 10, status: 500 });
    const soon = await broken(failing, { forMs: 3000 }).result();
    expect(soon.run.durationMs).toBeCloseTo(3000, -1);
    const half = await broken(({ number }) => ({ afterMs: 10, status: number % 2 ? 500 : 200 }), {
      failureShare: 0.4,
    }).result();
    expect(half.run.end.kind).toBe('circuit-breaker');
    const off = await broken(failing, false).result();
    expect(off.run).toMatchObject({ end: { kind: 'completed' } });
    expect(off.run.durationMs).toBeGreaterThan(59_900);
  });
});
