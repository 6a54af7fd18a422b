import type { SnapshotPart } from '@jarvis-load/engine';
import { Histogram } from '@jarvis-load/engine/recorder';
import type { StreamPoint, StreamRow } from '../api/run-schema.ts';
import { PointSeries, type CountedPoint } from './point-series.ts';

/*
 * Streamed responses of a run in the making, exact: `StreamTotals.add` gets each interval once, in order. An operation none of whose
 * streams has ended or was interrupted has no row. Quantiles of points and of the last interval are those of the time to the first
 * token. `judged` and `good` are those of `StreamCounts` in the engine. Times are in milliseconds since the
 * start of the run.
 */

/** Points of one operation, as many as its course has. */
const MOST_POINTS = 300;

/** A point whose requests are streams and whose quantiles are those of the first token. */
interface SeriesPoint extends CountedPoint {
  readonly tokens: number;
  readonly judged: number;
  readonly good: number;
}

interface Total {
  readonly scenario: string;
  readonly operation: string;
  streams: number;
  tokens: number;
  judged: number;
  good: number;
  readonly ttft: Histogram;
  readonly ttlt: Histogram;
  readonly gap: Histogram;
  readonly longestGap: Histogram;
  readonly series: PointSeries<SeriesPoint>;
  last: StreamRow['last'];
}

const keyOf = (scenario: string, operation: string): string => `${scenario}\n${operation}`;

/** Adds up the streamed responses of a run for each operation of each scenario. */
export class StreamTotals {
  readonly #totals = new Map<string, Total>();

  add({ operations }: SnapshotPart, startMs: number, endMs: number): void {
    const durationMs = endMs - startMs;
    for (const total of this.#totals.values()) total.last = null;
    for (const { scenario, operation, streams } of operations) {
      if (streams === undefined || streams.counts.streams === 0) continue;
      const { counts, times } = streams;
      const { tokens, judged, good } = counts;
      const total = this.#totalOf(scenario, operation);
      for (const count of ['streams', 'tokens', 'judged', 'good'] as const) total[count] += counts[count];
      for (const time of ['ttft', 'ttlt', 'gap', 'longestGap'] as const) total[time].addSnapshot(times[time]);
      const first = new Histogram();
      first.addSnapshot(times.ttft);
      const quantiles = quantilesOf(first);
      total.last = { streams: counts.streams, tokens, judged, good, durationMs, ...quantiles };
      total.series.add(
        {
          atMs: startMs,
          durationMs,
          requests: counts.streams,
          outcomes: {},
          tokens,
          judged,
          good,
          ...quantiles,
        },
        times.ttft,
      );
    }
  }

  rows(): StreamRow[] {
    return [...this.#totals.values()].map(
      ({ scenario, operation, streams, tokens, judged, good, ttft, ttlt, gap, longestGap, last }) => ({
        scenario,
        operation,
        streams,
        tokens,
        judged,
        good,
        ttft: quantilesOf(ttft),
        ttlt: quantilesOf(ttlt),
        gap: quantilesOf(gap),
        longestGap: quantilesOf(longestGap),
        last,
      }),
    );
  }

  /** The course of one operation; undefined: no stream of it has ended yet. */
  course(scenario: string, operation: string): StreamPoint[] | undefined {
    const total = this.#totals.get(keyOf(scenario, operation));
    return total?.series.history.points.map(
      ({ atMs, durationMs, requests, tokens, judged, good, p50Ms, p95Ms, p99Ms }) => ({
        atMs,
        durationMs,
        streams: requests,
        tokens,
        judged,
        good,
        p50Ms,
        p95Ms,
        p99Ms,
      }),
    );
  }

  #totalOf(scenario: string, operation: string): Total {
    const key = keyOf(scenario, operation);
    const known = this.#totals.get(key);
    if (known !== undefined) return known;
    const total: Total = {
      scenario,
      operation,
      streams: 0,
      tokens: 0,
      judged: 0,
      good: 0,
      ttft: new Histogram(),
      ttlt: new Histogram(),
      gap: new Histogram(),
      longestGap: new Histogram(),
      series: new PointSeries<SeriesPoint>(MOST_POINTS, (a, b) => ({
        ...b,
        tokens: a.tokens + b.tokens,
        judged: a.judged + b.judged,
        good: a.good + b.good,
      })),
      last: null,
    };
    this.#totals.set(key, total);
    return total;
  }
}

function quantilesOf(times: Histogram) {
  const ms = (p: number): number | null => {
    const us = times.quantile(p);
    return us === undefined ? null : us / 1000;
  };
  return { p50Ms: ms(0.5), p95Ms: ms(0.95), p99Ms: ms(0.99) };
}
