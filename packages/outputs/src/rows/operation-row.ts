import { failuresIn, OUTCOMES, type Outcome } from '@jarvis-load/engine/outcome';
import { mergeSnapshots, quantileOfSnapshot, type HistogramSnapshot } from '@jarvis-load/engine/recorder';
import type { OperationPart } from '@jarvis-load/engine';

/** Statistics of one second in milliseconds; null without a value. */
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

/** What completed of one operation in one interval. */
export interface OperationRow {
  readonly scenario: string;
  readonly operation: string;
  readonly requests: number;
  readonly failed: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly interrupted: number;
  readonly retries: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** From the intended start. */
  readonly responseMs: TimeStats;
  /** From the first byte sent. */
  readonly serviceMs: TimeStats;
  readonly queueWaitMs: TimeStats;
}

function timeStats(snapshots: readonly HistogramSnapshot[]): TimeStats {
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

/** The row of one operation. */
export function operationRow(part: OperationPart): OperationRow {
  const { scenario, operation, outcomes, interrupted, retries, bytesSent, bytesReceived } = part;
  const requests = OUTCOMES.reduce((sum, outcome) => sum + outcomes[outcome], 0);
  return {
    scenario,
    operation,
    requests,
    failed: failuresIn(outcomes),
    outcomes,
    interrupted,
    retries,
    bytesSent,
    bytesReceived,
    responseMs: timeStats(Object.values(part.response)),
    serviceMs: timeStats(Object.values(part.service)),
    queueWaitMs: timeStats([part.queueWait]),
  };
}
