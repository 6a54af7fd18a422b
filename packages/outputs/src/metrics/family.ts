import type { BucketCounts } from './bucket-counts.ts';

/*
 * The time series of a run: `FamilySet` has families, a family its series. Must hold:
 * - Whoever calls `add` does so once for a name and its labels, and keeps the series: a second one is a duplicate, which
 *   receivers reject. Names are valid for the writer of the set, which checks none: `validName` makes those for Prometheus, OTLP has
 *   dotted ones. Values of labels may be any text.
 * - Type and help of a family are those of its first series.
 * - Nothing is removed: writers keep what they know of a `Series` for the run. One without a value is not `present`.
 */

/** Names and values, sorted by name. */
export type Labels = readonly (readonly [name: string, value: string])[];

/** `unknown`: the gauges of k6 whose names end in `_count` and `_sum`, which the text format reserves for histograms. */
export type FamilyType = 'counter' | 'gauge' | 'histogram' | 'unknown';

/**
 * One time series, or one histogram. Its metric class changes `value`, or `buckets`, with each second; identity, name and labels
 * stay for the run. Made by `FamilySet.add` only.
 */
export class Series {
  readonly labels: Labels;
  /** Of histograms only. */
  readonly buckets: BucketCounts | undefined;
  value = 0;
  /** False: there is no value now, such as a quantile of a window without requests. */
  present = true;

  constructor(labels: Labels, buckets?: BucketCounts) {
    this.labels = labels;
    this.buckets = buckets;
  }

  /** Sets the value; a value that is not known removes the series until the next one. */
  set(value: number | null | undefined): void {
    this.present = value !== null && value !== undefined && !Number.isNaN(value);
    if (this.present) this.value = value as number;
  }

  /** From now on there is no value; NaN if there was one, so that readers of the last value do not find the old one. */
  withdraw(): void {
    this.value = Number.NaN;
  }
}

/** A metric with all its series. */
export interface Family {
  /** Without the suffixes `_total`, `_bucket`, `_sum` and `_count`, which counters and histograms get when written. */
  readonly name: string;
  readonly type: FamilyType;
  readonly help: string;
  readonly series: readonly Series[];
}

const VALID = /[^a-zA-Z0-9_]/g;

/** A name that Prometheus accepts for metrics and labels. */
export function validName(name: string): string {
  const cleaned = name.replace(VALID, '_');
  return /^\d/.test(cleaned) ? `_${cleaned}` : cleaned;
}

/** The metrics of one run; every series has the labels of the run. */
export class FamilySet {
  readonly #families = new Map<string, Family & { readonly series: Series[] }>();
  readonly #common: Labels;

  constructor(common: Readonly<Record<string, string>>) {
    this.#common = Object.entries(common);
  }

  get families(): readonly Family[] {
    return [...this.#families.values()];
  }

  /** Adds a series to the family of this name, which is created if needed. */
  add(
    family: Omit<Family, 'series'>,
    labels: Readonly<Record<string, string>> = {},
    buckets?: BucketCounts,
  ): Series {
    let entry = this.#families.get(family.name);
    if (entry === undefined) this.#families.set(family.name, (entry = { ...family, series: [] }));
    const series = new Series(this.labelsOf(labels), buckets);
    entry.series.push(series);
    return series;
  }

  /** All labels of a series with these of its own: what tells it apart. */
  labelsOf(labels: Readonly<Record<string, string>>): Labels {
    const all = new Map([...this.#common, ...Object.entries(labels)]);
    // An empty label is the same as an absent one.
    return [...all].filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : 1));
  }
}
