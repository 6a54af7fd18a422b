import type { IntervalEvent } from '@jarvis-load/engine';
import { Histogram } from '@jarvis-load/engine/recorder';
import type { OperationRow } from '../api/run-schema.ts';
import { sumOutcomes } from './point-series.ts';

interface Total {
  readonly scenario: string;
  readonly operation: string;
  requests: number;
  outcomes: Record<string, number>;
  readonly times: Histogram;
  last: OperationRow['last'];
}

/** Adds up the intervals of a run for each operation of each scenario, exactly. */
export class OperationTotals {
  readonly #totals = new Map<string, Total>();

  add({ operations, startMs, endMs }: IntervalEvent): void {
    for (const total of this.#totals.values()) total.last = null;
    for (const { scenario, operation, requests, outcomes, responseTime, p50Ms, p95Ms, p99Ms } of operations) {
      const key = `${scenario}\n${operation}`;
      let total = this.#totals.get(key);
      if (total === undefined) {
        total = { scenario, operation, requests: 0, outcomes: {}, times: new Histogram(), last: null };
        this.#totals.set(key, total);
      }
      total.requests += requests;
      total.outcomes = sumOutcomes(total.outcomes, outcomes);
      total.times.addSnapshot(responseTime);
      const failed = requests - outcomes.ok;
      total.last = { requests, failed, durationMs: endMs - startMs, p50Ms, p95Ms, p99Ms };
    }
  }

  rows(): OperationRow[] {
    return [...this.#totals.values()].map(({ scenario, operation, requests, outcomes, times, last }) => ({
      scenario,
      operation,
      requests,
      outcomes,
      p50Ms: ms(times.quantile(0.5)),
      p95Ms: ms(times.quantile(0.95)),
      p99Ms: ms(times.quantile(0.99)),
      minMs: ms(times.min),
      maxMs: ms(times.max),
      meanMs: ms(times.mean),
      last,
    }));
  }
}

function ms(us: number | undefined): number | null {
  return us === undefined ? null : us / 1000;
}
