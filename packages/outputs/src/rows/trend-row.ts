import { quantileOfTrend } from '@jarvis-load/engine/recorder';
import type { SnapshotPart } from '@jarvis-load/engine';
import type { TimeStats } from './time-stats.ts';

type Trend = NonNullable<SnapshotPart['metrics'][number]['trend']>;

/** Statistics of a custom trend in its own unit, by the names that times have; null without a value. */
export function trendStats(trend: Trend): TimeStats {
  const { count, sum, min, max } = trend;
  if (count === 0) return { min: null, mean: null, p50: null, p90: null, p95: null, p99: null, max: null };
  const quantile = (p: number): number => quantileOfTrend(trend, p) ?? max;
  return {
    min,
    mean: sum / count,
    p50: quantile(0.5),
    p90: quantile(0.9),
    p95: quantile(0.95),
    p99: quantile(0.99),
    max,
  };
}
