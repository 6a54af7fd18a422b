import { failuresIn, OUTCOMES, type Outcome } from '@jarvis-load/engine/outcome';
import type { OperationPart } from '@jarvis-load/engine';
import { streamRow, type StreamRow } from './stream-row.ts';
import { timeStats, type TimeStats } from './time-stats.ts';

/** What completed of one operation in one interval. NDJSON lines hold it as it is: its names are part of that format. */
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
  readonly streams: StreamRow | undefined;
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
    streams: streamRow(part),
  };
}
