import { OUTCOMES, type Outcome } from '../outcome.ts';
import { mergeOutcomes, type OperationMeasures } from '../recorder/measures.ts';
import { latencyStats } from './latency-stats.ts';
import type { OperationStats } from './schema.ts';

const OK = OUTCOMES.indexOf('ok');
const RATE_LIMITED = OUTCOMES.indexOf('rate_limited');

/** Who the statistics are of. */
export interface OperationIdentity {
  readonly scenario: string;
  readonly operation: string;
  readonly method: string;
  readonly route: string;
}

/** @param durationMs of the run: what rates are relative to */
export function operationStats(
  identity: OperationIdentity,
  measures: OperationMeasures,
  durationMs: number,
): OperationStats {
  const { requests, failed } = measures;
  const seconds = durationMs / 1000;
  const [blocked, connecting, tlsHandshaking, sending, waiting, receiving] = measures.phases.map((phase) =>
    latencyStats(phase),
  );
  return {
    ...identity,
    requests,
    failed,
    interrupted: measures.interrupted,
    outcomes: outcomeCounts(measures.outcomes),
    statuses: Object.fromEntries(
      [...measures.statuses].sort(([a], [b]) => a - b).map(([status, count]) => [String(status), count]),
    ),
    failureShare: requests === 0 ? null : failed / requests,
    rateLimitedShare: requests === 0 ? null : measures.outcomes[RATE_LIMITED]! / requests,
    requestsPerSecond: seconds > 0 ? requests / seconds : 0,
    failuresPerSecond: seconds > 0 ? failed / seconds : 0,
    bytesSent: measures.bytesSent,
    bytesReceived: measures.bytesReceived,
    meanBodyBytes: requests === 0 ? null : measures.bytesReceived / requests,
    responseTime: latencyStats(mergeOutcomes(measures.response), true),
    responseTimeOk: latencyStats(mergeOutcomes(measures.response, [OK]), true),
    serviceTime: latencyStats(mergeOutcomes(measures.service), true),
    queueWait: latencyStats(measures.queueWait),
    phases: {
      blocked: blocked!,
      connecting: connecting!,
      tlsHandshaking: tlsHandshaking!,
      sending: sending!,
      waiting: waiting!,
      receiving: receiving!,
    },
  };
}

/** Counts by name from counts by index. */
export function outcomeCounts(counts: Float64Array): Record<Outcome, number> {
  return Object.fromEntries(OUTCOMES.map((outcome, index) => [outcome, counts[index]!])) as Record<
    Outcome,
    number
  >;
}
