/*
 * Whether waiting for a processor can explain that a threshold failed. Callers ask only for one that failed, or a threshold that
 * holds would become machine-limited. Looks are opened before the first interval.
 */

import { excuseGoodput, excuseLatency, excuseThroughput } from '../machine/excuse.ts';
import { GoodputLook } from '../machine/goodput-look.ts';
import type { AnswerDelays } from '../machine/lost-time.ts';
import { addLess, SecondLook } from '../machine/second-look.ts';
import type { SecondLooks } from '../machine/second-looks.ts';
import type { MetricReader } from '../metrics/metric-catalog.ts';
import { Histogram } from '../recorder/histogram.ts';
import type { BoundThreshold } from '../thresholds/bind.ts';
import { evaluateThreshold, type ThresholdOutcome } from '../thresholds/evaluate.ts';
import { mergeValues, type FrozenValues, type MetricValues } from '../thresholds/metric-values.ts';

/** One interval of a window, and the time lost to waiting for a processor in it. */
export interface TimedValues {
  readonly startMs: number;
  readonly endMs: number;
  readonly values: FrozenValues | undefined;
  /** Its values by machine, and upper bounds of what waiting there added to them; empty: not known. */
  readonly shares: readonly {
    readonly values: FrozenValues | undefined;
    readonly delays: AnswerDelays;
  }[];
  /** Upper bound of the interval's time lost to waiting. */
  readonly lostMs: number;
}

/**
 * Which kind of threshold waiting for a processor can break: an upper limit on a latency, a lower limit on a rate per
 * second or on a goodput. Thresholds on errors, checks and counts are never excused.
 */
function brokenByWaiting({
  kind,
  unit,
  aggregate,
  operator,
  selector,
}: BoundThreshold): 'latency' | 'throughput' | 'goodput' | undefined {
  const upper = operator === '<' || operator === '<=';
  const lower = operator === '>' || operator === '>=';
  if (kind === 'trend' && upper && (unit === 'ms' || unit === 's')) return 'latency';
  if (kind === 'counter' && lower && aggregate.kind === 'rate') return 'throughput';
  if (selector.metric === 'goodput' && lower) return 'goodput';
  return undefined;
}

/** The limit of a latency threshold, in milliseconds. */
function limitMsOf({ limit, unit }: BoundThreshold): number {
  return unit === 's' ? limit * 1000 : limit;
}

/** Starts a second record of a threshold's samples, if waiting can break the threshold. */
export function openLook(
  threshold: BoundThreshold,
  read: MetricReader,
  looks: SecondLooks | undefined,
): SecondLook | GoodputLook | undefined {
  if (looks === undefined || threshold.windowMs !== undefined) return undefined;
  if (brokenByWaiting(threshold) === 'goodput') {
    return looks.openGoodput((measures) => {
      const values = read(measures);
      return values?.kind === 'rate' ? values : undefined;
    });
  }
  if (brokenByWaiting(threshold) !== 'latency') return undefined;
  return looks.open(
    (measures) => {
      const values = read(measures);
      return values?.kind === 'trend' ? values.distribution : undefined;
    },
    threshold.unit === 's' ? 1e6 : 1000,
  );
}

/**
 * Why waiting for a processor may explain a threshold that failed over the whole run; `undefined`: the failure stands.
 */
export function excuseThreshold(
  threshold: BoundThreshold,
  values: MetricValues | undefined,
  look: SecondLook | GoodputLook | undefined,
  lostShare: number | undefined,
): string | undefined {
  switch (brokenByWaiting(threshold)) {
    case 'latency':
      return excuseLatency(look instanceof SecondLook ? look : undefined, (samples) =>
        judgeAgain(threshold, samples),
      );
    case 'goodput':
      return excuseGoodput(look instanceof GoodputLook ? look : undefined, (streams) =>
        evaluateThreshold(threshold, streams),
      );
    case 'throughput':
      return excuseThroughput(lostShare, (factor) => holdsFaster(threshold, values, factor));
    case undefined:
      return undefined;
  }
}

/** The same of one window. */
export function excuseWindow(
  threshold: BoundThreshold,
  intervals: readonly TimedValues[],
  values: MetricValues | undefined,
): string | undefined {
  const durationMs = intervals.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  switch (brokenByWaiting(threshold)) {
    case 'latency': {
      const quiet = new Histogram();
      const corrected = new Histogram();
      for (const { values: frozen, delays } of intervals.flatMap(({ shares }) => shares)) {
        const each = frozen === undefined ? undefined : mergeValues([frozen]);
        if (each?.kind !== 'trend') continue;
        const unitUs = threshold.unit === 's' ? 1e6 : 1000;
        const delayMs = (ms: number): number => delays.ofMs(ms);
        addLess(corrected, each.distribution, unitUs, delayMs);
        addLess(quiet, each.distribution, unitUs, (ms) => (delayMs(ms) === 0 ? 0 : undefined));
      }
      if (quiet.count === corrected.count) return undefined;
      return excuseLatency({ quiet, corrected }, (samples) => judgeAgain(threshold, samples));
    }
    case 'throughput': {
      const lostMs = intervals.reduce((sum, each) => sum + each.lostMs, 0);
      return excuseThroughput(durationMs > 0 ? Math.min(1, lostMs / durationMs) : 0, (factor) =>
        holdsFaster(threshold, values, factor),
      );
    }
    // A window keeps no counts by second: a goodput over one is not judged again.
    case 'goodput':
    case undefined:
      return undefined;
  }
}

/** Over samples in microseconds, whatever scale the metric has. */
function judgeAgain(threshold: BoundThreshold, samples: Histogram): ThresholdOutcome {
  return evaluateThreshold(
    { ...threshold, limit: limitMsOf(threshold), unit: 'ms' },
    { kind: 'trend', distribution: samples },
  );
}

function holdsFaster(threshold: BoundThreshold, values: MetricValues | undefined, factor: number): boolean {
  if (values?.kind !== 'counter') return false;
  return evaluateThreshold(threshold, { ...values, count: values.count * factor }).status === 'pass';
}
