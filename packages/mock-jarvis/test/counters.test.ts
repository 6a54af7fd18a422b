import { afterEach, describe, expect, it } from 'vitest';
import { startMock } from '../src/index.ts';
import type { RunningMock } from '../src/index.ts';
import { Counters } from '../src/counters/counters.ts';
import { call, logIn } from './support/call.ts';
import { eventually } from './support/eventually.ts';

let mock: RunningMock;
afterEach(async () => mock?.close());

describe('counters', () => {
  it('tell requests apart by run, phase, operation and outcome', async () => {
    mock = await startMock({ preset: 'fast' });
    const token = await logIn(mock.url);
    const tagged = (path: string, phase: string, own?: string) =>
      call(mock.url, 'GET', path, {
        ...(own && { token: own }),
        headers: { 'x-load-run-id': 'r1', 'x-load-phase': phase },
      });
    await tagged('/health', 'probe');
    await tagged('/health', 'run');
    await tagged('/health', 'run');
    await tagged('/api/chat/conversations', 'run', token);
    await tagged('/api/chat/conversations', 'run');
    await tagged('/api/memory/search', 'run', token);
    await tagged('/nowhere', 'dance');
    const { json } = await call(mock.url, 'GET', '/__mock/counters');
    expect(json).toEqual({
      rows: [
        {
          runId: 'none',
          phase: 'none',
          operation: 'auth.login',
          arrived: 1,
          settled: 1,
          outcomes: { ok: 1 },
        },
        { runId: 'r1', phase: 'probe', operation: 'health', arrived: 1, settled: 1, outcomes: { ok: 1 } },
        { runId: 'r1', phase: 'run', operation: 'health', arrived: 2, settled: 2, outcomes: { ok: 2 } },
        {
          runId: 'r1',
          phase: 'run',
          operation: 'chat.conversations',
          arrived: 2,
          settled: 2,
          outcomes: { ok: 1, unauthorized: 1 },
        },
        {
          runId: 'r1',
          phase: 'run',
          operation: 'memory.search',
          arrived: 1,
          settled: 1,
          outcomes: { client_error: 1 },
        },
        {
          runId: 'r1',
          phase: 'other',
          operation: 'other',
          arrived: 1,
          settled: 1,
          outcomes: { client_error: 1 },
        },
      ],
    });
  });

  it('show what has arrived before it is answered', async () => {
    mock = await startMock({ preset: 'fast', settings: ['latency.health=150ms'] });
    const answer = call(mock.url, 'GET', '/health');
    await eventually(() =>
      expect(mock.counters().rows).toMatchObject([{ arrived: 1, settled: 0, outcomes: {} }]),
    );
    await answer;
    await eventually(() =>
      expect(mock.counters().rows).toMatchObject([{ arrived: 1, settled: 1, outcomes: { ok: 1 } }]),
    );
  });

  it('agree with a client request by request under every fault at once', async () => {
    mock = await startMock({
      preset: 'flaky',
      settings: [
        'latency.health=1ms',
        'faults.server_error=15%',
        'faults.reset=15%',
        'faults.truncated=15%',
        'faults.garbage=10%',
        'faults.wrong_json=10%',
        'faults.slow=5%',
        'faults.slow.spread=5ms',
        'faults.hang=0',
      ],
    });
    const seen: Record<string, number> = {};
    const one = async (): Promise<void> => {
      let kind: string;
      try {
        const reply = await call(mock.url, 'GET', '/health');
        kind =
          reply.status === 500 ? 'server_error' : reply.text.includes('unexpected') ? 'wrong_json' : 'ok';
      } catch {
        kind = 'broken';
      }
      seen[kind] = (seen[kind] ?? 0) + 1;
    };
    for (let round = 0; round < 20; round += 1) await Promise.all(Array.from({ length: 10 }, one));
    await eventually(() => {
      const [row] = mock.counters().rows;
      const { reset = 0, truncated = 0, garbage = 0, ...others } = row!.outcomes;
      expect(row).toMatchObject({ arrived: 200, settled: 200 });
      expect({ ...others, broken: reset + truncated + garbage }).toEqual(seen);
      expect(Math.min(reset, truncated, garbage)).toBeGreaterThan(0);
    });
  });

  it('keep a bounded number of runs, and add up the older ones', () => {
    const counters = new Counters(3);
    for (const run of ['none', 'a', 'b', 'c', 'd']) {
      const cell = counters.cell(run === 'none' ? undefined : run, 'run', 'health');
      cell.arrived += 1;
      cell.settle('ok');
    }
    const { rows } = counters.snapshot();
    expect(new Set(rows.map(({ runId }) => runId)).size).toBeLessThanOrEqual(4);
    expect(rows.find(({ runId }) => runId === 'older')).toMatchObject({ arrived: 2, outcomes: { ok: 2 } });
    expect(rows.reduce((sum, { arrived }) => sum + arrived, 0)).toBe(5);
  });
});
