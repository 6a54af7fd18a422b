import { describe, expect, it } from 'vitest';
import { OUTCOMES } from '../src/outcome.ts';
import { CounterLayout } from '../src/recorder/counters.ts';
import { Histogram } from '../src/recorder/histogram.ts';
import { Measures } from '../src/recorder/measures.ts';
import { ThreadRecorder } from '../src/recorder/thread-recorder.ts';
import { SeriesRecorder } from '../src/result/series.ts';
import { compileRun } from '../src/definition/compile.ts';
import { NO_WIRE } from '../src/user/no-wire.ts';
import { asking } from './fixtures/virtual-load.ts';

const run = compileRun([
  asking('chat', { kind: 'constant-vus', duration: '1s' }),
  asking('voice', { kind: 'constant-vus', duration: '1s' }),
]);

/** Records intervals of one second with the given number of requests each, as a run hands them over. */
function record(
  seconds: number,
  requestsAt: (second: number) => number,
  jitterMs: (second: number) => number = () => 0,
) {
  const layout = new CounterLayout(run.scenarios.length, run.operations.length);
  const recorder = new ThreadRecorder(run, 0, layout.allocate(), new Map());
  const series = new SeriesRecorder();
  const total = new Measures(run);
  const exact = new Histogram();
  const seen = new Float64Array(layout.length);
  const level = { users: 3, targetUsers: 3, inFlight: 1, maxUsers: 3, userMs: 0, loadMs: 0, loadUserMs: 0 };
  let startMs = 0;
  let requests = 0;
  for (let second = 0; second < seconds; second++) {
    for (let k = 0; k < requestsAt(second); k++) {
      const responseTimeMs = 10 + ((second * 31 + k * 7) % 500);
      const timings = {
        responseTimeMs,
        serviceTimeMs: responseTimeMs,
        queueWaitMs: 0,
        connectMs: 0,
        tlsMs: 0,
        sendingMs: 0,
        waitingMs: responseTimeMs,
        receivingMs: 0,
      };
      recorder.request(
        k % 2,
        k % OUTCOMES.length === 3 ? 4 : 0,
        200,
        second * 1000 + k,
        timings,
        5,
        0,
        100,
        NO_WIRE,
      );
      exact.record(responseTimeMs * 1000);
      requests++;
    }
    const interval = recorder.flush([level, level]);
    const delta = interval.counters.map((count, slot) => count - seen[slot]!);
    seen.set(interval.counters);
    const measures = new Measures(run);
    measures.addInterval(interval, delta);
    total.addInterval(interval, delta);
    const endMs = (second + 1) * 1000 + jitterMs(second);
    series.add(measures, total, startMs, endMs, interval.intended);
    startMs = endMs;
  }
  return { ...series.result(), requests, exact, endMs: startMs };
}

describe('the series of a run', () => {
  it('has a point a second while there are few', () => {
    const { binMs, points, byIntendedStart } = record(300, () => 3);
    expect(binMs).toBe(1000);
    expect(points).toHaveLength(300);
    expect(points.map(({ atMs }) => atMs)).toEqual(Array.from({ length: 300 }, (_, k) => k * 1000));
    expect(byIntendedStart).toHaveLength(300);
  });

  it.each([
    [301, 2000],
    [900, 4000],
    [3600, 16_000],
    [3 * 3600, 64_000],
  ])('of %i seconds has bins of %i ms, at most 300 of them, and loses nothing', (seconds, width) => {
    const jitter = (second: number): number => [0.2, 1.7, 0, 0.9][second % 4]!;
    const { binMs, points, byIntendedStart, requests, exact, endMs } = record(seconds, (s) => s % 4, jitter);
    expect(binMs).toBe(width);
    expect(points.length).toBeLessThanOrEqual(300);
    expect(byIntendedStart.length).toBeLessThanOrEqual(300);
    expect(points.reduce((sum, point) => sum + point.requests, 0)).toBe(requests);
    expect(byIntendedStart.reduce((sum, { count }) => sum + count, 0)).toBe(requests);
    expect(points.at(-1)!.cumulative).toMatchObject({
      requests,
      medianMs: exact.quantile(0.5)! / 1000,
      maxMs: exact.max! / 1000,
    });
    // Bins are contiguous multiples of the width, up to the end.
    let atMs = 0;
    for (const [index, point] of points.entries()) {
      expect(point.atMs).toBe(atMs);
      expect(Math.abs(point.atMs - index * width)).toBeLessThan(10);
      atMs += point.durationMs;
    }
    expect(atMs).toBeCloseTo(endMs, 3);
  });

  it('has percentiles of the good answers of an operation where others failed, in wide bins too', () => {
    const times = (second: number, k: number): number => 10 + ((second * 31 + k * 7) % 500);
    const seconds = 600;
    const { points } = record(seconds, (second) => (second % 2 === 0 ? 40 : 2));
    const good = new Histogram();
    for (const second of [0, 1])
      for (let k = 0; k < (second === 0 ? 40 : 2); k++)
        if (k % 2 === 1 && k % OUTCOMES.length !== 3) good.record(times(second, k) * 1000);
    const voice = points[0]!.operations['voice.ask']!;
    expect(voice.failed).toBeGreaterThan(0);
    expect(voice.ok).toEqual({
      p50Ms: good.quantile(0.5)! / 1000,
      p95Ms: good.quantile(0.95)! / 1000,
      p99Ms: good.quantile(0.99)! / 1000,
      p90Ms: good.quantile(0.9)! / 1000,
      meanMs: Math.round(good.mean!) / 1000,
      maxMs: good.max! / 1000,
    });
    expect(record(3, () => 2).points[0]!.operations['voice.ask']).not.toHaveProperty('ok');
  });

  it('has in a wide bin what the narrow ones had: exact counts, and percentiles of all of it', () => {
    const wide = record(600, (second) => (second < 4 ? 50 : 1)).points[0]!;
    const narrow = record(4, () => 50);
    expect(wide.requests).toBe(100);
    expect(wide.durationMs).toBe(2000);
    const both = record(2, () => 50);
    expect(wide.responseTime.maxMs).toBe(both.exact.max! / 1000);
    expect(wide.responseTime.meanMs).toBe(Math.round(both.exact.mean!) / 1000);
    expect(wide.responseTime.percentiles.p50).toBe(both.exact.quantile(0.5)! / 1000);
    expect(wide.operations['chat.ask']!.requests + wide.operations['voice.ask']!.requests).toBe(100);
    expect(narrow.points.map(({ requests }) => requests)).toEqual([50, 50, 50, 50]);
  });

  it('takes a fraction of a second at the end into the last bin: its few requests are no high rate', () => {
    const { points } = record(
      3,
      () => 5,
      (second) => (second === 2 ? -700 : 0),
    );
    expect(points.map(({ atMs, durationMs, requests }) => [atMs, durationMs, requests])).toEqual([
      [0, 1000, 5],
      [1000, 1300, 10],
    ]);
  });

  it('has outcomes and bytes of each bin', () => {
    const { points } = record(2, () => 8);
    expect(points[0]).toMatchObject({ requests: 8, bytesReceived: 800 });
    expect(points[0]!.outcomes.ok + points[0]!.outcomes.server_error).toBe(8);
    expect(points[0]!.failed).toBe(points[0]!.outcomes.server_error);
  });

  it('of a run that measured nothing has points without numbers', () => {
    const { points } = record(2, () => 0);
    expect(points).toHaveLength(2);
    expect(points[0]).toMatchObject({
      requests: 0,
      responseTime: { maxMs: null, percentiles: { p50: null } },
    });
  });

  it('has the mean of each custom trend in each bin, weighted by its values when bins merge', () => {
    const series = new SeriesRecorder();
    const total = new Measures(run);
    const values = Array.from({ length: 301 }, (_, second) => (second < 150 ? 0 : 1));
    values.forEach((value, second) => {
      const interval = new Measures(run);
      interval.addTrend('stt_wer', 1, value);
      // Even seconds have three more values.
      if (second % 2 === 0) interval.addTrend('stt_wer', 3, 1.5 * value);
      series.add(interval, total, second * 1000, (second + 1) * 1000, []);
    });
    const { points, binMs } = series.result();
    expect(binMs).toBe(2000);
    expect(points[0]!.trends).toEqual({ stt_wer: { count: 5, mean: 0 } });
    expect(points[100]!.trends).toEqual({ stt_wer: { count: 5, mean: (1 + 1.5 + 1) / 5 } });
    expect(points.reduce((sum, { trends }) => sum + trends!['stt_wer']!.count, 0)).toBe(301 + 3 * 151);
  });

  it('keeps no trend in a bin without a value', () => {
    const series = new SeriesRecorder();
    series.add(new Measures(run), new Measures(run), 0, 1000, []);
    expect(series.result().points[0]!.trends).toEqual({});
  });
});
