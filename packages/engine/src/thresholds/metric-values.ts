import { Histogram, type HistogramSnapshot, TrendHistogram, type TrendSnapshot } from '../recorder/index.ts';

/*
 * Values that thresholds judge, by kind of metric. A `Histogram` holds microseconds and is judged in milliseconds; values of a
 * `TrendHistogram` are taken as they are. What is kept beyond the interval is frozen first, as the recorder reuses its objects.
 */

/** Sum of what was added. */
interface CounterValues {
  readonly kind: 'counter';
  readonly count: number;
  /** Number of opportunities to add to it; 0 means "no data". */
  readonly samples: number;
  /** Time that `count` belongs to, for its rate. */
  readonly durationMs: number;
}

/** The last value. */
interface GaugeValues {
  readonly kind: 'gauge';
  readonly value: number;
  readonly samples: number;
}

/** Number of passes out of a total. */
export interface RateValues {
  readonly kind: 'rate';
  readonly passes: number;
  readonly total: number;
  /** Of a goodput: answered streams that were too slow to be good. */
  readonly late?: number;
}

/** Operations of a distribution that thresholds need. */
export interface Distribution {
  readonly count: number;
  readonly mean: number | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  quantile(p: number): number | undefined;
  /** Number of values above `value`, without those in its own bucket. */
  countAbove(value: number): number;
}

/** A distribution. */
export interface TrendValues {
  readonly kind: 'trend';
  readonly distribution: Histogram | TrendHistogram;
}

/** What a metric, or the part of it that a selector names, came to: in the whole run or in one interval. */
export type MetricValues = CounterValues | GaugeValues | RateValues | TrendValues;

/** The same with any distribution: what a threshold over a whole run is judged by, wherever the values come from. */
export type JudgedValues =
  Exclude<MetricValues, TrendValues> | { readonly kind: 'trend'; readonly distribution: Distribution };

/** A copy independent of the recorder; small, as histograms are stored as their occupied buckets. */
export type FrozenValues =
  | CounterValues
  | GaugeValues
  | RateValues
  | { readonly kind: 'latency'; readonly snapshot: HistogramSnapshot }
  | { readonly kind: 'own-scale'; readonly snapshot: TrendSnapshot };

export function freezeValues(values: MetricValues): FrozenValues {
  if (values.kind !== 'trend') return { ...values };
  const { distribution } = values;
  return distribution instanceof Histogram
    ? { kind: 'latency', snapshot: distribution.snapshot() }
    : { kind: 'own-scale', snapshot: distribution.snapshot() };
}

/** Adds up the values of consecutive intervals of one metric; `undefined` when there are none. `late` is not kept. */
export function mergeValues(list: readonly FrozenValues[]): MetricValues | undefined {
  const [first] = list;
  switch (first?.kind) {
    case undefined:
      return undefined;
    case 'counter': {
      const all = list.filter((item) => item.kind === 'counter');
      return {
        kind: 'counter',
        count: sumOf(all, (item) => item.count),
        samples: sumOf(all, (item) => item.samples),
        durationMs: sumOf(all, (item) => item.durationMs),
      };
    }
    case 'gauge': {
      const all = list.filter((item) => item.kind === 'gauge');
      const last = all.findLast((item) => item.samples > 0) ?? first;
      return { kind: 'gauge', value: last.value, samples: sumOf(all, (item) => item.samples) };
    }
    case 'rate': {
      const all = list.filter((item) => item.kind === 'rate');
      return {
        kind: 'rate',
        passes: sumOf(all, (item) => item.passes),
        total: sumOf(all, (item) => item.total),
      };
    }
    case 'latency': {
      const distribution = new Histogram();
      for (const item of list) if (item.kind === 'latency') distribution.addSnapshot(item.snapshot);
      return { kind: 'trend', distribution };
    }
    case 'own-scale': {
      const distribution = new TrendHistogram();
      for (const item of list) if (item.kind === 'own-scale') distribution.addSnapshot(item.snapshot);
      return { kind: 'trend', distribution };
    }
  }
}

function sumOf<Item>(list: readonly Item[], read: (item: Item) => number): number {
  return list.reduce((sum, item) => sum + read(item), 0);
}
