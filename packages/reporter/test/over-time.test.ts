import { describe, expect, it } from 'vitest';
import { overTimeCharts } from '../src/html/sections/over-time.ts';
import { runResult } from './fixtures/run-result.ts';

function withHungUp(counts: { readonly failed: boolean }) {
  const run = runResult();
  const outcomes = { ...run.totals.outcomes, hung_up: 4 };
  const kept = counts.failed ? outcomes : { ...outcomes, server_error: 0 };
  const good = Object.fromEntries(
    Object.keys(kept).map((name) => [name, ['ok', 'hung_up'].includes(name) ? 4 : 0]),
  );
  return {
    ...run,
    totals: { ...run.totals, outcomes: counts.failed ? { ...kept, server_error: 3 } : { ...kept, ...good } },
  };
}

describe('charts of errors', () => {
  it('show failures, and not users who hung up', () => {
    const chart = overTimeCharts(withHungUp({ failed: true })).find(({ id }) => id === 'failures');
    expect(chart?.table).toContain('server error');
    expect(chart?.table).not.toContain('hung up');
  });

  it('are absent where users hung up and nothing failed', () => {
    const ids = overTimeCharts(withHungUp({ failed: false })).map(({ id }) => id);
    expect(ids).toContain('throughput');
    expect(ids).not.toContain('failures');
  });
});
