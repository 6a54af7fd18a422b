import { decodeHistogram, Histogram } from '@jarvis-load/engine/recorder';
import type { RunResult } from '@jarvis-load/engine/result';
import type { OperationCourse, StreamPoint } from '../api/run-schema.ts';
import { distributionOf } from './distribution.ts';

/**
 * The course of an operation in a document. Its points are those of the operation over all scenarios, as the document has no
 * others; the distribution is that of this scenario. Of outcomes it knows `ok` (not failed) alone.
 * @returns undefined for an operation that the document does not have
 */
export function courseOfResult(
  result: RunResult,
  scenario: string,
  operation: string,
): OperationCourse | undefined {
  const stats = result.operations.find((each) => each.scenario === scenario && each.operation === operation);
  if (stats === undefined) return undefined;
  const times = new Histogram();
  const { histogram, sumMs, minMs, maxMs } = stats.responseTime;
  if (histogram !== undefined && minMs !== null && maxMs !== null)
    times.addSnapshot(
      decodeHistogram(histogram, { sum: sumMs * 1000, min: minMs * 1000, max: maxMs * 1000 }),
    );
  return {
    binMs: result.series.binMs,
    points: result.series.points.flatMap(({ atMs, durationMs, operations }) => {
      const own = operations[operation];
      if (own === undefined) return [];
      const { requests, failed, p50Ms, p95Ms, p99Ms } = own;
      return [{ atMs, durationMs, requests, outcomes: { ok: requests - failed }, p50Ms, p95Ms, p99Ms }];
    }),
    distribution: distributionOf(times),
    streams: stats.streams === undefined ? null : streamPoints(result, operation),
  };
}

function streamPoints({ series }: RunResult, operation: string): StreamPoint[] {
  return series.points.flatMap(({ atMs, durationMs, operations }) => {
    const own = operations[operation]?.streams;
    if (own === undefined) return [];
    const { streams, tokens, judged, good, ttftP50Ms, ttftP95Ms } = own;
    return [
      { atMs, durationMs, streams, tokens, judged, good, p50Ms: ttftP50Ms, p95Ms: ttftP95Ms, p99Ms: null },
    ];
  });
}
