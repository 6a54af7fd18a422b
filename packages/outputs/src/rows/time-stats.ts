import { mergeSnapshots, quantileOfSnapshot, type HistogramSnapshot } from '@jarvis-load/engine/recorder';

/** Statistics of one second in milliseconds, to the microsecond; null without a value. Names of NDJSON, CSV and InfluxDB. */
export interface TimeStats {
  readonly min: number | null;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** The names of {@link TimeStats}, in their order. */
export const TIME_STATS = ['min', 'mean', 'p50', 'p90', 'p95', 'p99', 'max'] as const;

/** @param snapshots together */
export function timeStats(snapshots: readonly HistogramSnapshot[]): TimeStats {
  const merged = mergeSnapshots(snapshots);
  if (merged.count === 0)
    return { min: null, mean: null, p50: null, p90: null, p95: null, p99: null, max: null };
  const ms = (us: number | undefined): number => Math.round(us ?? 0) / 1000;
  return {
    min: ms(merged.min),
    mean: ms(merged.sum / merged.count),
    p50: ms(quantileOfSnapshot(merged, 0.5)),
    p90: ms(quantileOfSnapshot(merged, 0.9)),
    p95: ms(quantileOfSnapshot(merged, 0.95)),
    p99: ms(quantileOfSnapshot(merged, 0.99)),
    max: ms(merged.max),
  };
}
