import { Histogram } from '@jarvis-load/engine/recorder';
import { describe, expect, it } from 'vitest';
import type { Point } from '../src/api/run-schema.ts';
import { PointSeries } from '../src/record/point-series.ts';

const HOURS = 3;

/** The second of a run whose latency grows, with as many requests as it has values. */
function second(
  index: number,
  all: Histogram,
): { readonly point: Point; readonly times: ReturnType<Histogram['snapshot']> } {
  const times = new Histogram();
  for (let request = 0; request < 1 + (index % 5); request++) {
    const us = 1000 + index * 10 + request;
    times.record(us);
    all.record(us);
  }
  const point: Point = {
    atMs: index * 1000 + 0.3, // Timers are late by fractions of a millisecond.
    durationMs: 1000,
    users: index,
    targetUsers: index,
    inFlight: 0,
    iterations: 1,
    dropped: 0,
    requests: times.count,
    outcomes: { ok: times.count - 1, timeout: 1 },
    p50Ms: null,
    p95Ms: null,
    p99Ms: null,
    stage: null,
  };
  return { point, times: times.snapshot() };
}

describe('the history of a run', () => {
  it('has at most 600 points however long the run is, and loses no request', () => {
    const series = new PointSeries<Point>(600, (_, b) => b);
    const all = new Histogram();
    let widened = 0;
    for (let index = 0; index < HOURS * 3600; index++) {
      const { point, times } = second(index, all);
      if (series.add(point, times).isWidened) widened += 1;
      expect(series.history.points.length).toBeLessThanOrEqual(600);
    }
    const { binMs, points } = series.history;
    expect(binMs).toBe(32_000);
    expect(widened).toBe(5);
    const sum = (read: (point: Point) => number): number =>
      points.reduce((total, point) => total + read(point), 0);
    expect(sum(({ requests }) => requests)).toBe(all.count);
    expect(sum(({ outcomes }) => (outcomes['ok'] ?? 0) + (outcomes['timeout'] ?? 0))).toBe(all.count);
    expect(sum(({ durationMs }) => durationMs)).toBe(HOURS * 3_600_000);
    expect(points.every(({ atMs }, index) => index === 0 || atMs > (points[index - 1]?.atMs ?? 0))).toBe(
      true,
    );
  });

  it('has exact quantiles in wide points, as if they had been measured at once', () => {
    const series = new PointSeries<Point>(600, (_, b) => b);
    for (let index = 0; index < 700; index++) {
      const { point, times } = second(index, new Histogram());
      series.add(point, times);
    }
    const both = new Histogram();
    second(10, both);
    second(11, both);
    const wide = series.history.points[5];
    expect(wide?.atMs).toBeCloseTo(10_000, 0);
    expect(wide?.p50Ms).toBe((both.quantile(0.5) ?? 0) / 1000);
    expect(wide?.p99Ms).toBe((both.quantile(0.99) ?? 0) / 1000);
  });

  it('has the same quantiles however often its points were merged', () => {
    const series = new PointSeries<Point>(100, (_, b) => b);
    const recorded: Histogram[] = [];
    for (let index = 0; index < 3000; index++) {
      const { point, times } = second(index, new Histogram());
      const own = new Histogram();
      own.addSnapshot(times);
      recorded.push(own);
      series.add(point, times);
    }
    const { binMs, points } = series.history;
    const seconds = binMs / 1000;
    expect(points).toHaveLength(Math.ceil(recorded.length / seconds));
    points.forEach((point, bin) => {
      const all = new Histogram();
      for (const own of recorded.slice(bin * seconds, (bin + 1) * seconds)) all.addSnapshot(own.snapshot());
      expect(point.requests).toBe(all.count);
      expect(point.p50Ms).toBe((all.quantile(0.5) ?? 0) / 1000);
      expect(point.p95Ms).toBe((all.quantile(0.95) ?? 0) / 1000);
    });
  });

  it('adds the last fraction of a second to the point before it, which would look like a high rate', () => {
    const series = new PointSeries<Point>(600, (_, b) => b);
    const whole = second(0, new Histogram());
    series.add(whole.point, whole.times);
    const part = second(1, new Histogram());
    series.add({ ...part.point, durationMs: 20 }, part.times);
    expect(series.history.points).toHaveLength(1);
    expect(series.history.points[0]).toMatchObject({ durationMs: 1020, requests: 3 });
  });
});
