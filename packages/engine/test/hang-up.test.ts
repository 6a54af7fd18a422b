import { describe, expect, it } from 'vitest';
import type { RunResult } from '../src/document/schema.ts';
import type { ExecutorOptions } from '../src/model/executor-options.ts';
import type { Operation, RequestSpec } from '../src/model/scenario.ts';
import type { ScriptedAnswer } from '../src/testing/scripted-answer.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

const ONCE: ExecutorOptions = { kind: 'per-vu-iterations', vus: 1, iterations: 1 };
const CHAT: Operation = { name: 'chat', method: 'POST', route: '/chat', stream: 'sse', idleTimeout: '60s' };

function patient(answer: ScriptedAnswer, hangUpAfterMs: number): Promise<RunResult> {
  const spec: RequestSpec = { operation: 'chat', path: '/chat', hangUpAfterMs };
  const run = async (user: Parameters<NonNullable<ReturnType<typeof asking>['run']>>[0]): Promise<void> => {
    const stream = user.stream(spec);
    for await (const part of stream) expect(part.kind).toBe('token');
    await stream.response;
  };
  return virtualLoad(
    { scenarios: [asking('chat', ONCE, { operations: [CHAT], run })] },
    () => answer,
  ).result();
}

describe('a user who hangs up', () => {
  it('leaves in the middle of an answer, and keeps what was measured', async () => {
    const pieces = [10, 20, 4000].map((atMs) => ({ atMs, bytes: 'data: a\n\n' }));
    const { totals } = await patient({ pieces }, 1500);
    expect(totals.outcomes).toMatchObject({ hung_up: 1, ok: 0 });
    expect(totals.failed).toBe(0);
    expect(totals.responseTime.maxMs).toBeCloseTo(1500, 0);
    expect(totals.streams).toMatchObject({ parts: 2, ttft: { count: 1 } });
  });

  it('leaves before anything came', async () => {
    const { totals } = await patient({ pieces: [{ atMs: 9000, bytes: 'data: a\n\n' }] }, 1500);
    expect(totals.outcomes).toMatchObject({ hung_up: 1 });
    expect(totals.responseTime.maxMs).toBeCloseTo(1500, 0);
  });

  it('stays to the end of an answer that comes in time', async () => {
    const { totals } = await patient({ pieces: [{ atMs: 10, bytes: 'data: a\n\ndata: [DONE]\n\n' }] }, 1500);
    expect(totals.outcomes).toMatchObject({ ok: 1 });
  });

  it('has nothing to leave where an answer has no body', async () => {
    const { totals, operations } = await patient({ afterMs: 20, pieces: [] }, 1500);
    expect(totals.outcomes).toMatchObject({ truncated: 1 });
    expect(operations[0]!.statuses).toEqual({ 200: 1 });
    expect(totals.responseTime.maxMs).toBeCloseTo(20, 0);
  });

  it('is refused a time that is none', async () => {
    const { exceptions } = await patient({ pieces: [] }, -1);
    expect(exceptions[0]?.message).toContain('hangUpAfterMs -1; expected milliseconds above 0');
  });
});

it('a body that is judged with no text is one failed request and one exception that says so', async () => {
  const operation = {
    ...({ name: 'command', method: 'POST', route: '/command' } as const),
    inBandError: async () => Promise.reject(new Error('late')),
  } as unknown as Operation;
  const { totals, errors, exceptions, verdict } = await virtualLoad(
    {
      scenarios: [
        asking('command', ONCE, {
          operations: [operation],
          run: async (user) => void (await user.request({ operation: 'command', path: '/command' })),
        }),
      ],
    },
    () => ({ pieces: [{ atMs: 1, bytes: '{}' }] }),
  ).result();
  expect(totals.outcomes).toMatchObject({ invalid_body: 1, ok: 0 });
  expect(errors[0]!.message).toBe(
    'cannot be judged: its inBandError returned a promise; expected text, or undefined for none',
  );
  expect(exceptions[0]!.message).toContain('scenario "command": a request of "command" cannot be judged');
  expect(verdict.status).toBe('fail');
});

it('a body that reports an error fails in band, with its message', async () => {
  const operation: Operation = {
    name: 'command',
    method: 'POST',
    route: '/command',
    inBandError: (response) => (response.text().includes('CRITICAL') ? 'CRITICAL' : undefined),
    accepts: () => 'is not asked about an error',
  };
  const { totals, errors } = await virtualLoad(
    {
      scenarios: [
        asking('command', ONCE, {
          operations: [operation],
          run: async (user) => void (await user.request({ operation: 'command', path: '/command' })),
        }),
      ],
    },
    () => ({ pieces: [{ atMs: 1, bytes: '{"speech_status":"CRITICAL"}' }] }),
  ).result();
  expect(totals.outcomes).toMatchObject({ failed_in_band: 1 });
  expect(errors[0]).toMatchObject({ outcome: 'failed_in_band', message: 'CRITICAL' });
});
