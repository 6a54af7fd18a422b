import { excuseLatency, excuseThroughput } from '../machine/excuse.ts';
import type { SecondLook } from '../machine/second-look.ts';
import { judgeClaim, samplesForQuantile } from '../proof/judge-claim.ts';
import type { Histogram } from '../recorder/histogram.ts';
import type { ObjectiveResult } from '../document/schema.ts';

/** Machine measurements needed besides the totals of the run. */
export interface MachineFacts {
  /** By operation name. */
  readonly looks: ReadonlyMap<string, Pick<SecondLook, 'quiet' | 'corrected'>>;
  /** Share of the run that loud seconds can have taken from a thread. */
  readonly lostShare: number;
}

const QUANTILES: Partial<Record<ObjectiveResult['aspect'], number>> = { p50: 0.5, p95: 0.95, p99: 0.99 };

/**
 * Marks a failed objective as machine-limited if waiting for a processor can explain it; returns others unchanged. Never an error
 * rate. Judges by the same rule as `judge-objectives.ts`: both change together.
 */
export function excuseObjective(
  objective: ObjectiveResult,
  machine: MachineFacts | undefined,
): ObjectiveResult {
  const { aspect, status, operation, limit, measured } = objective;
  if (status !== 'fail' || machine === undefined) return objective;
  const q = QUANTILES[aspect];
  const excuse =
    q !== undefined
      ? excuseLatency(machine.looks.get(operation), (samples) => judgeQuantile(samples, q, limit))
      : aspect === 'requestsPerSecond'
        ? excuseThroughput(machine.lostShare, (factor) => measured !== null && measured * factor > limit)
        : undefined;
  return excuse === undefined ? objective : { ...objective, status: 'machine-limited', detail: excuse };
}

function judgeQuantile(samples: Histogram, q: number, limitMs: number) {
  const valueUs = samples.quantile(q);
  if (valueUs === undefined) return { status: 'no-data' as const, measured: null };
  const measured = valueUs / 1000;
  const status = judgeClaim({
    holds: measured < limitMs,
    samples: samples.count,
    needed: samplesForQuantile(q),
    beyond: { allowedShare: 1 - q, count: samples.countAbove(limitMs * 1000) },
  });
  return { status, measured };
}
