/*
 * Judges a threshold with `over`: every full sliding window of the run, one step an interval. A counter has no data as long as its
 * scenarios have planned no iteration. Otherwise one failed window decides; without one the result is, in this order: "no data" when
 * no window was full or one was empty, machine-limited or unproven when one was, passed. Keeps the intervals of one window alone.
 *
 * Windows belong to the load. Once it has ended, fewer and fewer answers come: a window that reaches beyond its end has no count
 * that a lower limit could be held against, and one that begins after it and is empty is no window. Other windows after it are
 * judged: late answers may be slow or fail. Likewise those that reach into a pause, or into time between scenarios in which none that
 * can make the samples is planned.
 *
 * Must hold: `push` gets every interval of the run once, in order, also the last ones and those in which the metric has no value.
 */

import { formatDuration } from '../duration.ts';
import type { AnswerDelays } from '../machine/lost-time.ts';
import { excuseWindow, type TimedValues } from './excuse-threshold.ts';
import type { BoundThreshold } from '../thresholds/bind.ts';
import { evaluateThreshold, noData, type ThresholdOutcome } from '../thresholds/evaluate.ts';
import { freezeValues, mergeValues, type MetricValues } from '../thresholds/metric-values.ts';
import { LOADED_SHARE } from './planned-gap.ts';
import { WindowTally, type JudgedWindow } from './window-tally.ts';

/** Counts are compared only in windows that exceed their length by at most this factor, which is normal jitter. */
const LONGEST_FOR_COUNT = 1.05;

/** What waiting for a processor can have done to an interval. */
interface Waiting {
  /** Values of the interval by machine, with upper bounds of what waiting there added to them. */
  readonly shares: readonly { readonly values: MetricValues | undefined; readonly delays: AnswerDelays }[];
  /** What it can have taken from a thread. */
  readonly lostMs: number;
}

const NOT_KNOWN: Waiting = { shares: [], lostMs: 0 };

/** Judges a threshold with `over`. */
export class WindowedThreshold {
  readonly #threshold: BoundThreshold;
  readonly #windowMs: number;
  readonly #fromMs: number;
  #intervals: TimedValues[] = [];
  readonly #judged: WindowTally;
  /** Those without load: they count once the load goes on. */
  #withoutLoad: WindowTally;
  #loadEndMs: number;
  /** End of the last interval in which the run was paused, or had no load by its plan. */
  #pauseEndMs = 0;
  #counted = false;

  /** @param fromMs start of what it measures, since the start of the run: windows begin there */
  constructor(threshold: BoundThreshold, fromMs = 0) {
    if (threshold.windowMs === undefined) throw new TypeError('a threshold without a window');
    this.#threshold = threshold;
    this.#fromMs = fromMs;
    this.#loadEndMs = fromMs;
    this.#judged = new WindowTally(threshold);
    this.#withoutLoad = new WindowTally(threshold);
    this.#windowMs = threshold.windowMs;
  }

  /**
   * Takes the next interval, and judges the window that ends with it.
   * @param values of this interval alone; `undefined` when the metric had none in it
   * @param waiting for a processor in it
   * @param loadedMs how long a scenario that it measures made load in this interval
   * @param isPaused a person had paused the run in this interval, or no load was planned (`isPlannedGap`)
   * @returns the outcome of that window; `undefined` while it is not yet full, or where it is not judged (see above)
   */
  push(
    startMs: number,
    endMs: number,
    values: MetricValues | undefined,
    { shares, lostMs }: Waiting = NOT_KNOWN,
    loadedMs = endMs - startMs,
    isPaused = false,
  ): ThresholdOutcome | undefined {
    if (startMs < this.#fromMs) return undefined;
    if (isPaused) this.#pauseEndMs = endMs;
    const isLoaded = loadedMs > 0 && loadedMs >= LOADED_SHARE * (endMs - startMs);
    if (loadedMs > 0) {
      this.#judged.add(this.#withoutLoad);
      this.#withoutLoad = new WindowTally(this.#threshold);
      this.#loadEndMs = isLoaded ? endMs : startMs + loadedMs;
    }
    if (values?.kind === 'counter' && values.samples > 0) this.#counted = true;
    this.#intervals.push({
      startMs,
      endMs,
      values: values && freezeValues(values),
      shares: shares.map(({ values: own, delays }) => ({ values: own && freezeValues(own), delays })),
      lostMs,
    });
    // Interval ends jitter by some milliseconds: use the number of intervals whose total is nearest to the window
    // length.
    const fullMs = this.#windowMs - (endMs - startMs) / 2;
    while (this.#intervals.length > 1 && endMs - this.#intervals[1]!.startMs >= fullMs)
      this.#intervals.shift();
    const windowStartMs = this.#intervals[0]!.startMs;
    const lengthMs = endMs - windowStartMs;
    if (lengthMs < fullMs) return undefined;
    // A window is made of whole intervals: one that ends with the short last interval is longer. Do not compare a count there.
    const counts = this.#threshold.aggregate.kind === 'count';
    if (counts && lengthMs > this.#windowMs * LONGEST_FOR_COUNT) return undefined;

    const outcome = this.#judge(lengthMs);
    const beginsAfter = windowStartMs + (endMs - startMs) / 2 >= this.#loadEndMs;
    const isOfLoad = needsLoad(this.#threshold) ? isLoaded : outcome.status !== 'no-data' || !beginsAfter;
    // What a person has paused, or nobody planned, is no fault of the target.
    const lacksLoad = needsLoad(this.#threshold) || outcome.status === 'no-data';
    if (lacksLoad && windowStartMs < this.#pauseEndMs) return undefined;
    const tally = isOfLoad ? this.#judged : this.#withoutLoad;
    tally.note({ startMs: windowStartMs, endMs, outcome });
    return isOfLoad ? outcome : undefined;
  }

  /** Over all windows so far: the measured value is that of the worst one. */
  outcome(): ThresholdOutcome {
    const length = formatDuration(this.#windowMs);
    const nothing = noData(this.#threshold);
    const { windows, worst, failed, firstEmpty, empty } = this.#judged;
    if (windows === 0) return { ...nothing, detail: `the run had no full window of ${length}` };
    const neverCounted = this.#threshold.kind === 'counter' && !this.#counted;
    if (worst === undefined || neverCounted)
      return { ...nothing, detail: `no data in any window of ${length}` };
    const { outcome } = worst;
    if (failed === 0 && firstEmpty !== undefined) {
      const detail = `no data in ${empty} of ${windows} windows, first ${span(firstEmpty)}`;
      return { ...outcome, status: 'no-data', detail };
    }
    return { ...outcome, detail: `${this.#judged.count}, worst ${span(worst)}` };
  }

  #judge(durationMs: number): ThresholdOutcome {
    const merged = mergeValues(this.#intervals.flatMap(({ values }) => values ?? []));
    if (this.#threshold.kind !== 'counter') return this.#evaluate(merged);
    // An interval or window without additions has a count of 0.
    const { count, samples } = merged?.kind === 'counter' ? merged : { count: 0, samples: 0 };
    const values: MetricValues = { kind: 'counter', count, samples: Math.max(samples, 1), durationMs };
    return { ...this.#evaluate(values), samples };
  }

  #evaluate(values: MetricValues | undefined): ThresholdOutcome {
    const outcome = evaluateThreshold(this.#threshold, values);
    const excused =
      outcome.status === 'fail' && excuseWindow(this.#threshold, this.#intervals, values) !== undefined;
    return excused ? { ...outcome, status: 'machine-limited' } : outcome;
  }
}

/** Whether less load alone can make it fail. */
function needsLoad({ kind, operator, aggregate, selector }: BoundThreshold): boolean {
  const counts =
    kind === 'counter' ||
    selector.metric === 'vus' ||
    aggregate.kind === 'count' ||
    aggregate.kind === 'passes' ||
    aggregate.kind === 'fails';
  return counts && operator !== '<' && operator !== '<=';
}

function span({ startMs, endMs }: JudgedWindow): string {
  return `from ${formatDuration(Math.round(startMs))} to ${formatDuration(Math.round(endMs))}`;
}
