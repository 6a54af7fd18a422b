import { OUTCOMES, type Outcome } from '@jarvis-load/engine';
import { spawnMock, type CountedOutcome, type CounterRow } from '@jarvis-load/mock-jarvis';
import { afterAll, describe, expect, it } from 'vitest';
import { Workspace } from './support/cli.ts';

/** Outcome that the engine must report for each outcome of the mock. */
const CALLED: Readonly<Record<Exclude<CountedOutcome, 'aborted'>, Outcome>> = {
  ok: 'ok',
  rate_limited: 'rate_limited',
  unauthorized: 'unauthorized',
  client_error: 'client_error',
  server_error: 'server_error',
  reset: 'connection_error',
  truncated: 'connection_error',
  garbage: 'connection_error',
  hang: 'timeout',
  wrong_json: 'invalid_body',
  cut: 'invalid_body',
  empty: 'invalid_body',
  in_band_error: 'invalid_body',
};

const workspace = new Workspace();
afterAll(() => workspace.remove());

const CASES = [
  { preset: 'typical', threads: 1, freeze: [], and: '' },
  { preset: 'flaky', threads: 1, freeze: [], and: '' },
  { preset: 'flaky', threads: 2, freeze: [], and: '' },
  {
    preset: 'flaky',
    threads: 3,
    freeze: ['freeze.startMs=2000', 'freeze.durationMs=2000'],
    and: ', frozen for a while',
  },
] as const;

describe('every request is counted as the mock counts it, by operation and outcome', () => {
  it.each(CASES)(
    'preset $preset, threads: $threads$and',
    { timeout: 90_000 },
    async ({ preset, threads, freeze }) => {
      const mock = await spawnMock({ preset, settings: ['seed=7', ...freeze] });
      try {
        const { code, err } = await workspace.run([
          'load',
          `--target=${mock.url}`,
          '--iterations=80',
          '--users=40',
          `--threads=${threads}`,
          '--request-timeout=5s',
          '--objectives=none',
          '--seed=11',
        ]);
        const result = workspace.result();
        expect(code, err).toBe(preset === 'typical' ? 0 : 99);

        const { planned, completed, failed, dropped, interrupted } = result.iterations;
        expect(completed + failed + dropped + interrupted!).toBe(planned);
        expect(planned).toBe(240);
        expect(result.health.threads).toHaveLength(threads);

        const { rows } = await mock.counters();
        const ours = rows.filter(({ runId, phase }) => runId === result.run.id && phase === 'run');
        expect(bySight(ours)).toEqual(byEngine(result.operations));
        // Check that the preset injected faults; otherwise the test proves nothing.
        const met = OUTCOMES.filter((outcome) => (result.totals.outcomes[outcome] ?? 0) > 0);
        expect(met.length).toBeGreaterThanOrEqual(preset === 'typical' ? 1 : 4);
        if (freeze.length > 0) expect(result.totals.responseTime.maxMs).toBeGreaterThan(1500);
      } finally {
        await mock.close();
      }
    },
  );
});

type Counts = Record<string, number>;

function bySight(rows: readonly CounterRow[]): Counts {
  const counts: Counts = {};
  for (const { operation, outcomes } of rows) {
    for (const [outcome, count] of Object.entries(outcomes)) {
      const key = `${operation} ${CALLED[outcome as keyof typeof CALLED] ?? outcome}`;
      counts[key] = (counts[key] ?? 0) + count;
    }
  }
  return counts;
}

/** A request that was sent again because its connection had been closed arrived twice. */
function byEngine(
  operations: readonly {
    operation: string;
    outcomes: Partial<Record<Outcome, number>>;
    interrupted: number;
    retries: number | null;
  }[],
): Counts {
  const counts: Counts = {};
  const add = (key: string, count: number): void => {
    if (count > 0) counts[key] = (counts[key] ?? 0) + count;
  };
  for (const { operation, outcomes, interrupted, retries } of operations) {
    for (const outcome of OUTCOMES) add(`${operation} ${outcome}`, outcomes[outcome] ?? 0);
    add(`${operation} aborted`, interrupted);
    add(`${operation} connection_error`, retries ?? 0);
  }
  return counts;
}
