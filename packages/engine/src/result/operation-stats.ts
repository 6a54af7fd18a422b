import { OUTCOMES, PLAIN_OUTCOMES, type Outcome, type PlainOutcome } from '../outcome.ts';
import { mergeOutcomes, type OperationMeasures } from '../recorder/operation-measures.ts';
import { known } from './known.ts';
import { latencyAtLeast, latencyStats } from './latency-stats.ts';
import type { Goodput } from '../metrics/goodput.ts';
import { streamStats } from './stream-stats.ts';
import type { OperationStats } from '../document/schema.ts';

const OK = OUTCOMES.indexOf('ok');
const RATE_LIMITED = OUTCOMES.indexOf('rate_limited');

/** Identifies the subject of the statistics. */
export interface OperationIdentity {
  readonly scenario: string;
  readonly operation: string;
  readonly method: string;
  readonly route: string;
}

/**
 * The document's form of measures: microseconds become milliseconds, and what is not known (NaN) null.
 * @param durationMs time in which the requests were made, the base of rates
 */
export function operationStats(
  identity: OperationIdentity,
  measures: OperationMeasures,
  durationMs: number,
  goodput?: Goodput,
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
    interruptedAgeMs: ageOf(measures),
    retries: known(measures.retries),
    outcomes: documentOutcomes(measures.outcomes),
    statuses: Object.fromEntries(
      [...measures.statuses].sort(([a], [b]) => a - b).map(([status, count]) => [String(status), count]),
    ),
    failureShare: requests === 0 ? null : failed / requests,
    rateLimitedShare: requests === 0 ? null : measures.outcomes[RATE_LIMITED]! / requests,
    requestsPerSecond: seconds > 0 ? requests / seconds : 0,
    failuresPerSecond: seconds > 0 ? failed / seconds : 0,
    bytesSent: known(measures.bytesSent),
    bytesReceived: known(measures.bytesReceived),
    meanBodyBytes: requests === 0 ? null : known(measures.bytesReceived / requests),
    responseTime: latencyAtLeast(mergeOutcomes(measures.response), measures.interrupted),
    responseTimeOk: latencyAtLeast(mergeOutcomes(measures.response, [OK]), measures.interrupted),
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
    ...(measures.streams === undefined
      ? {}
      : { streams: streamStats(measures.streams, durationMs, measures.interrupted, goodput) }),
  };
}

function ageOf({ interruptedAge }: OperationMeasures): OperationStats['interruptedAgeMs'] {
  const { min, max } = interruptedAge;
  return min === undefined || max === undefined ? null : { min: min / 1000, max: max / 1000 };
}

/** Counts by name from counts by index. */
export function outcomeCounts(counts: Float64Array): Record<Outcome, number> {
  return Object.fromEntries(OUTCOMES.map((outcome, index) => [outcome, counts[index]!])) as Record<
    Outcome,
    number
  >;
}

/** The same in the document, which has outcomes of streams only where they occurred. */
export function documentOutcomes(counts: Float64Array): OperationStats['outcomes'] {
  const all = outcomeCounts(counts);
  return Object.fromEntries(
    OUTCOMES.filter((outcome) => isPlain(outcome) || all[outcome] > 0).map((outcome) => [
      outcome,
      all[outcome],
    ]),
  ) as OperationStats['outcomes'];
}

function isPlain(outcome: Outcome): outcome is PlainOutcome {
  return PLAIN_OUTCOMES.some((plain) => plain === outcome);
}
