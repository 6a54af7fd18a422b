import type { Histogram } from '@jarvis-load/engine/recorder';
import type { LatencyBucket } from '../api/run-schema.ts';

/** Columns of a chart. */
const BUCKETS = 40;

/** How many values lie between two latencies, in buckets of equal width on a logarithmic axis. */
export function distributionOf(times: Histogram): LatencyBucket[] {
  const { min, max, count } = times;
  if (min === undefined || max === undefined) return [];
  const low = Math.max(min, 1);
  const ratio = (Math.max(max, low * 1.01) / low) ** (1 / BUCKETS);
  const edges = Array.from({ length: BUCKETS + 1 }, (_, index) => low * ratio ** index);
  const above = edges.map((edge, index) =>
    index === 0 ? count : index === BUCKETS ? 0 : times.countAbove(Math.round(edge)),
  );
  return edges.slice(1).map((toUs, index) => ({
    fromMs: (edges[index] ?? low) / 1000,
    toMs: toUs / 1000,
    count: (above[index] ?? 0) - (above[index + 1] ?? 0),
  }));
}
