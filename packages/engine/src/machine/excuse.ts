import { formatMeasure } from '../format/measure.ts';
import { formatCount, formatShare } from '../format/number.ts';
import type { Histogram } from '../recorder/histogram.ts';
import type { RateValues } from '../thresholds/metric-values.ts';
import type { GoodputLook } from './goodput-look.ts';
import type { SecondLook } from './second-look.ts';

/** What a promise comes to over some of its samples. */
interface Judged {
  readonly status: 'pass' | 'fail' | 'machine-limited' | 'unproven' | 'no-data';
  /** Milliseconds. */
  readonly measured: number | null;
}

/**
 * Whether waiting could have made a latency promise fail: in words if so, `undefined` where the failure stands. As of the other
 * functions here, callers ask only for a promise that failed. It is judged again over the seconds with little waiting; where too
 * few samples are left there, over all samples less the most that waiting can have added to each.
 */
export function excuseLatency(
  look: Pick<SecondLook, 'quiet' | 'corrected'> | undefined,
  judge: (samples: Histogram) => Judged,
): string | undefined {
  const { quiet, corrected } = look ?? {};
  if (quiet === undefined || corrected === undefined) return undefined;
  const alone = judge(quiet);
  if (alone.status === 'fail') return undefined;
  if (alone.status === 'pass') {
    return `kept in the seconds with little waiting: ${formatMeasure(alone.measured, 'ms')} over ${formatCount(quiet.count)} samples`;
  }
  const less = judge(corrected);
  if (less.status === 'fail') return undefined;
  return `waiting for a processor can explain it: less the most that it can have added, it is ${formatMeasure(less.measured, 'ms')}`;
}

/**
 * The same of a goodput, whose late streams waiting can have delayed, but not its failed ones: what fails by those alone stands,
 * whatever the seconds with little waiting came to.
 */
export function excuseGoodput(
  look: Pick<GoodputLook, 'quiet' | 'forgiven'> | undefined,
  judge: (values: RateValues) => Pick<Judged, 'status'>,
): string | undefined {
  const { quiet, forgiven } = look ?? {};
  if (quiet === undefined || forgiven === undefined) return undefined;
  if (judge(forgiven).status === 'fail') return undefined;
  const { status } = judge(quiet);
  if (status === 'fail') return undefined;
  if (status === 'pass') {
    return `kept in the seconds with little waiting: ${formatShare(quiet.passes / quiet.total)} of ${formatCount(quiet.total)} streams`;
  }
  return 'waiting for a processor can explain it: too few streams ended in seconds with little waiting';
}

/**
 * Whether the time that loud seconds took could explain a rate that is too low: in words if so.
 * @param share of the time that they can have taken
 * @param holds whether the promise would hold if it had been so many times as fast
 */
export function excuseThroughput(
  share: number | undefined,
  holds: (factor: number) => boolean,
): string | undefined {
  if (share === undefined || share <= 0) return undefined;
  const factor = share < 1 ? 1 / (1 - share) : Number.POSITIVE_INFINITY;
  if (!holds(factor)) return undefined;
  return 'the time that threads waited for a processor can explain it';
}
