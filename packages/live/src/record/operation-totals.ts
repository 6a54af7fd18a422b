import type { IntervalEvent, SnapshotPart } from '@jarvis-load/engine';
import { failuresIn } from '@jarvis-load/engine/outcome';
import { Histogram } from '@jarvis-load/engine/recorder';
import type { OperationCourse, OperationRow } from '../api/run-schema.ts';
import { distributionOf } from './distribution.ts';
import { PointSeries, sumOutcomes, type CountedPoint } from './point-series.ts';

/** Points of one operation: half of those of the run, as there may be dozens of operations. */
const MOST_POINTS = 300;

interface Total {
  readonly scenario: string;
  readonly operation: string;
  requests: number;
  retries: number;
  outcomes: Record<string, number>;
  readonly times: Histogram;
  readonly series: PointSeries<CountedPoint>;
  last: OperationRow['last'];
}

const keyOf = (scenario: string, operation: string): string => `${scenario}\n${operation}`;

/**
 * Adds up the intervals of a run for each operation of each scenario, exactly: `add` gets each of them once.
 */
export class OperationTotals {
  readonly #totals = new Map<string, Total>();

  /** @param parts of the same interval: they have what the event leaves out */
  add({ operations, startMs, endMs }: IntervalEvent, { operations: parts }: SnapshotPart): void {
    const durationMs = endMs - startMs;
    for (const total of this.#totals.values()) total.last = null;
    for (const { scenario, operation, requests, outcomes, responseTime, p50Ms, p95Ms, p99Ms } of operations) {
      const total = this.#totalOf(scenario, operation);
      total.requests += requests;
      total.outcomes = sumOutcomes(total.outcomes, outcomes);
      total.times.addSnapshot(responseTime);
      total.last = {
        requests,
        failed: failuresIn(outcomes),
        durationMs,
        p50Ms,
        p95Ms,
        p99Ms,
      };
      total.series.add({ atMs: startMs, durationMs, requests, outcomes, p50Ms, p95Ms, p99Ms }, responseTime);
    }
    // A request that was sent again may end in a later interval.
    for (const { scenario, operation, retries } of parts)
      if (retries > 0) this.#totalOf(scenario, operation).retries += retries;
  }

  rows(): OperationRow[] {
    return [...this.#totals.values()].map(
      ({ scenario, operation, requests, retries, outcomes, times, last }) => ({
        scenario,
        operation,
        requests,
        requestsPerSecond: null,
        retries,
        outcomes,
        p50Ms: ms(times.quantile(0.5)),
        p95Ms: ms(times.quantile(0.95)),
        p99Ms: ms(times.quantile(0.99)),
        minMs: ms(times.min),
        maxMs: ms(times.max),
        meanMs: ms(times.mean),
        last,
      }),
    );
  }

  /** The course of one operation; undefined: it had no answer and no retry yet. */
  course(scenario: string, operation: string): Omit<OperationCourse, 'streams'> | undefined {
    const total = this.#totals.get(keyOf(scenario, operation));
    if (total === undefined) return undefined;
    return { ...total.series.history, distribution: distributionOf(total.times) };
  }

  #totalOf(scenario: string, operation: string): Total {
    const key = keyOf(scenario, operation);
    const known = this.#totals.get(key);
    if (known !== undefined) return known;
    const total: Total = {
      scenario,
      operation,
      requests: 0,
      retries: 0,
      outcomes: {},
      times: new Histogram(),
      series: new PointSeries<CountedPoint>(MOST_POINTS, (_, b) => b),
      last: null,
    };
    this.#totals.set(key, total);
    return total;
  }
}

function ms(us: number | undefined): number | null {
  return us === undefined ? null : us / 1000;
}
