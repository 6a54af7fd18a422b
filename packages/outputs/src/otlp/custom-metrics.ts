import type { RunInfo, SnapshotPart } from '@jarvis-load/engine';
import { BOUNDS_SECONDS, BucketCounts } from '../metrics/bucket-counts.ts';
import { FamilySet, type Series } from '../metrics/family.ts';
import { labelsOfRun } from '../metrics/labels-of-run.ts';
import type { ConventionMetric } from './convention-metric.ts';

type MetricInfo = RunInfo['metrics'][number];
type MetricPart = SnapshotPart['metrics'][number];

/** Of trends that are no times, as the SDKs of OpenTelemetry have them by default. */
const PLAIN_BOUNDS: readonly number[] = [
  0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000,
];
const UNITS = { ms: 's', s: 's', bytes: 'By', count: '' } as const;

/** What the samples of one metric in one scenario add to. */
interface Custom {
  readonly kind: MetricInfo['kind'];
  readonly perUnit: number;
  /** Of a rate: samples that were not 0, and those that were. */
  readonly series: readonly Series[];
  readonly buckets: BucketCounts | undefined;
}

/**
 * The custom metrics of a run, as `jarvis_load.custom.<name>`: a counter, a gauge, a trend as histogram, and a rate as the counter of
 * its samples with the attribute `condition`, as k6 has it. Milliseconds become seconds. `add` gets each second once.
 */
export class CustomMetrics {
  readonly #set: FamilySet;
  readonly #infos: ReadonlyMap<string, MetricInfo>;
  readonly #customs = new Map<string, Custom>();

  constructor(run: RunInfo) {
    this.#set = new FamilySet(labelsOfRun(run));
    this.#infos = new Map(run.metrics.map((info) => [nameOf(info), info]));
    for (const info of run.metrics)
      for (const scenario of info.scenarios)
        this.#customs.set(keyOf(scenario, info.name), this.#made(info, scenario));
  }

  get metrics(): readonly ConventionMetric[] {
    return this.#set.families.map((family) => ({
      descriptor: {
        name: family.name,
        description: family.help,
        unit: UNITS[this.#infos.get(family.name)?.unit ?? 'count'],
        // The enumeration of `@opentelemetry/api`: 1 is DOUBLE.
        valueType: 1,
      },
      family,
    }));
  }

  add({ metrics }: SnapshotPart): void {
    // That with a selection of -1 has all samples.
    for (const part of metrics) {
      const custom = this.#customs.get(keyOf(part.scenario, part.name));
      if (custom !== undefined && part.selection < 0) addPart(custom, part);
    }
  }

  #made(info: MetricInfo, scenario: string): Custom {
    const { kind, unit } = info;
    const name = nameOf(info);
    const perUnit = unit === 'ms' ? 1000 : 1;
    const help = `The ${kind} ${info.name}.`;
    if (kind === 'trend') {
      const buckets = new BucketCounts(unit === 'ms' || unit === 's' ? BOUNDS_SECONDS : PLAIN_BOUNDS);
      const series = this.#set.add({ name, type: 'histogram', help }, { scenario }, buckets);
      return { kind, perUnit, series: [series], buckets };
    }
    const type = kind === 'gauge' ? 'gauge' : 'counter';
    const conditions = kind === 'rate' ? [{ condition: 'nonzero' }, { condition: 'zero' }] : [{}];
    const series = conditions.map((condition) =>
      this.#set.add({ name, type, help }, { scenario, ...condition }),
    );
    if (kind === 'gauge') series[0]!.set(null);
    return { kind, perUnit, series, buckets: undefined };
  }
}

function nameOf({ name }: MetricInfo): string {
  return `jarvis_load.custom.${name}`;
}

function keyOf(scenario: string, name: string): string {
  return `${scenario}\n${name}`;
}

function addPart({ kind, perUnit, series, buckets }: Custom, { samples, value, trend }: MetricPart): void {
  const [first, other] = series;
  if (kind === 'rate') {
    first!.value += value;
    other!.value += samples - value;
  } else if (kind === 'counter') first!.value += value / perUnit;
  // Without one, all samples were rejected: 0 is no value of it.
  else if (kind === 'gauge') {
    if (samples > 0) first!.set(value / perUnit);
  } else if (trend !== null) buckets?.addTrend(trend, perUnit);
}
