/*
 * Judges a threshold with `over`: every full sliding window of the run, one step an interval. One failed window decides.
 * Otherwise the result is, in this order: "no data" when no window was full or one was empty, machine-limited or unproven when
 * one was, passed. Keeps the intervals of one window, nothing more.
 *
 * Must hold: `push` gets every interval of the run once, in order, also the last ones and those in which the metric has no value.
 */

import { formatDuration } from '../duration.ts';
import type { AnswerDelays } from '../machine/lost-time.ts';
import { excuseWindow, type TimedValues } from './excuse-threshold.ts';
import type { BoundThreshold } from '../thresholds/bind.ts';
import { evaluateThreshold, noData, type ThresholdOutcome } from '../thresholds/evaluate.ts';
import { freezeValues, mergeValues, type MetricValues } from '../thresholds/metric-values.ts';

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

interface JudgedWindow {
  readonly startMs: number;
  readonly endMs: number;
  readonly outcome: ThresholdOutcome;
}

/** Judges a threshold with `over`. */
export class WindowedThreshold {
  readonly #threshold: BoundThreshold;
  readonly #windowMs: number;
  readonly #fromMs: number;
  #intervals: TimedValues[] = [];
  #worst: JudgedWindow | undefined;
  #firstEmpty: JudgedWindow | undefined;
  #windows = 0;
  #failed = 0;
  #excused = 0;
  #unproven = 0;
  #empty = 0;
  #counted = false;

  /** @param fromMs start of what it measures, since the start of the run: windows begin there */
  constructor(threshold: BoundThreshold, fromMs = 0) {
    if (threshold.windowMs === undefined) throw new TypeError('a threshold without a window');
    this.#threshold = threshold;
    this.#fromMs = fromMs;
    this.#windowMs = threshold.windowMs;
  }

  /**
   * Takes the next interval, and judges the window that ends with it.
   * @param values of this interval alone; `undefined` when the metric had none in it
   * @param waiting for a processor in it
   * @returns the outcome of that window, `undefined` while it is not yet full
   */
  push(
    startMs: number,
    endMs: number,
    values: MetricValues | undefined,
    { shares, lostMs }: Waiting = NOT_KNOWN,
  ): ThresholdOutcome | undefined {
    if (startMs < this.#fromMs) return undefined;
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
    this.#note({ startMs: windowStartMs, endMs, outcome });
    return outcome;
  }

  /** Over all windows so far: the measured value is that of the worst one. */
  outcome(): ThresholdOutcome {
    const length = formatDuration(this.#windowMs);
    const nothing = noData(this.#threshold);
    if (this.#windows === 0) return { ...nothing, detail: `the run had no full window of ${length}` };
    const neverCounted = this.#threshold.kind === 'counter' && !this.#counted;
    if (this.#worst === undefined || neverCounted)
      return { ...nothing, detail: `no data in any window of ${length}` };
    const { outcome } = this.#worst;
    if (this.#failed === 0 && this.#firstEmpty !== undefined) {
      const detail = `no data in ${this.#empty} of ${this.#windows} windows, first ${span(this.#firstEmpty)}`;
      return { ...outcome, status: 'no-data', detail };
    }
    return { ...outcome, detail: `${this.#count()}, worst ${span(this.#worst)}` };
  }

  #count(): string {
    if (this.#failed > 0) return `${this.#failed} of ${this.#windows} windows failed`;
    if (this.#excused > 0) {
      return `${this.#excused} of ${this.#windows} windows failed, and waiting for a processor can explain it`;
    }
    if (this.#unproven > 0) return `${this.#unproven} of ${this.#windows} windows have too few samples`;
    return `${this.#windows} windows`;
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

  #note(window: JudgedWindow): void {
    this.#windows++;
    if (window.outcome.status === 'no-data') {
      this.#empty++;
      this.#firstEmpty ??= window;
      return;
    }
    if (window.outcome.status === 'fail') this.#failed++;
    if (window.outcome.status === 'machine-limited') this.#excused++;
    if (window.outcome.status === 'unproven') this.#unproven++;
    if (this.#worst === undefined || this.#isWorse(window.outcome, this.#worst.outcome)) this.#worst = window;
  }

  #isWorse(candidate: ThresholdOutcome, worst: ThresholdOutcome): boolean {
    if (candidate.status !== worst.status) return SEVERITY[candidate.status] > SEVERITY[worst.status];
    const { operator, limit } = this.#threshold;
    const [a, b] = [candidate.measured ?? limit, worst.measured ?? limit];
    if (operator.startsWith('<')) return a > b;
    if (operator.startsWith('>')) return a < b;
    return operator === '!='
      ? Math.abs(a - limit) < Math.abs(b - limit)
      : Math.abs(a - limit) > Math.abs(b - limit);
  }
}

const SEVERITY: Readonly<Record<ThresholdOutcome['status'], number>> = {
  pass: 0,
  'no-data': 0,
  unproven: 1,
  'machine-limited': 2,
  fail: 3,
};

function span({ startMs, endMs }: JudgedWindow): string {
  return `from ${formatDuration(Math.round(startMs))} to ${formatDuration(Math.round(endMs))}`;
}
