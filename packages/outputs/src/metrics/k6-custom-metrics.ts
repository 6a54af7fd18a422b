import type { RunInfo, SnapshotPart } from '@jarvis-load/engine';
import { TrendHistogram } from '@jarvis-load/engine/recorder';
import { validName, type FamilySet, type Series } from './family.ts';
import { K6_FAMILIES } from './k6-names.ts';
import { K6Trend } from './k6-trend.ts';
import { WINDOW_STATS, type WindowStats } from './window.ts';

type MetricPart = SnapshotPart['metrics'][number];

/** What the families of a metric are called when they are written. */
function familiesOf(kind: RunInfo['metrics'][number]['kind'], base: string): readonly string[] {
  if (kind === 'trend') return WINDOW_STATS.map((stat) => `${base}_${stat}`);
  return kind === 'counter' ? [base, `${base}_total`] : [kind === 'rate' ? `${base}_rate` : base];
}

/** Seconds and bytes are what Prometheus counts in; other units stay. */
function perUnit(unit: RunInfo['metrics'][number]['unit']): number {
  return unit === 'ms' ? 1000 : 1;
}

/**
 * Custom metrics and checks by k6's names. `add` gets each second: counters and gauges. `window` sets trends, rates and checks
 * of the given intervals: before each reading. Parts with a `selection` of 0 or more are skipped: that of -1 has all samples.
 */
export class K6CustomMetrics {
  readonly #set: FamilySet;
  readonly #metrics: RunInfo['metrics'];
  /** By scenario and name. */
  readonly #series = new Map<string, Series>();
  readonly #trends = new Map<string, K6Trend>();
  readonly #checks = new Map<string, Series>();

  constructor(set: FamilySet, run: RunInfo) {
    this.#set = set;
    this.#metrics = run.metrics;
    const taken = new Set(K6_FAMILIES);
    for (const { name, kind, scenarios } of run.metrics) {
      const valid = this.#nameOf(name, kind, taken);
      const base = `k6_${valid}`;
      const help = `As k6 names it: the ${kind} ${name}.`;
      for (const scenario of scenarios) {
        const key = `${scenario}\n${name}`;
        if (kind === 'trend') this.#trends.set(key, new K6Trend(set, valid, { scenario }));
        else if (kind === 'counter')
          this.#series.set(key, set.add({ name: base, type: 'counter', help }, { scenario }));
        else {
          const full = kind === 'rate' ? `${base}_rate` : base;
          const series = set.add({ name: full, type: 'gauge', help }, { scenario });
          series.set(null);
          this.#series.set(key, series);
        }
      }
    }
  }

  /** A valid name whose families no other metric has, k6's own first: `a.b` beside `a-b` is `a_b_2`. */
  #nameOf(name: string, kind: RunInfo['metrics'][number]['kind'], taken: Set<string>): string {
    const valid = validName(name);
    for (let number = 1; ; number++) {
      const candidate = number === 1 ? valid : `${valid}_${number}`;
      const families = familiesOf(kind, `k6_${candidate}`);
      if (families.some((family) => taken.has(family))) continue;
      for (const family of families) taken.add(family);
      return candidate;
    }
  }

  add({ metrics }: SnapshotPart): void {
    for (const { name, kind, unit } of this.#metrics) {
      if (kind !== 'counter' && kind !== 'gauge') continue;
      for (const part of metrics) {
        if (part.name !== name || part.selection >= 0) continue;
        const series = this.#series.get(`${part.scenario}\n${name}`);
        if (series === undefined) continue;
        if (kind === 'counter') series.value += part.value / perUnit(unit);
        // Without one, all samples were rejected: 0 is no value of it.
        else if (part.samples > 0) series.set(part.value / perUnit(unit));
      }
    }
  }

  window(parts: readonly SnapshotPart[]): void {
    for (const { name, kind, unit, scenarios } of this.#metrics) {
      for (const scenario of scenarios) {
        const mine = parts.flatMap(({ metrics }) =>
          metrics.filter((part) => part.name === name && part.scenario === scenario && part.selection < 0),
        );
        const key = `${scenario}\n${name}`;
        if (kind === 'trend') this.#trends.get(key)?.set(trendStats(mine, perUnit(unit)));
        if (kind !== 'rate') continue;
        const samples = mine.reduce((sum, part) => sum + part.samples, 0);
        const nonZero = mine.reduce((sum, { value }) => sum + value, 0);
        this.#series.get(key)?.set(samples === 0 ? null : nonZero / samples);
      }
    }
    this.#windowOfChecks(parts);
  }

  #windowOfChecks(parts: readonly SnapshotPart[]): void {
    const counts = new Map<string, { passes: number; all: number }>();
    for (const { scenario, name, passes, fails } of parts.flatMap(({ checks }) => checks)) {
      const key = `${scenario}\n${name}`;
      const count = counts.get(key) ?? { passes: 0, all: 0 };
      count.passes += passes;
      count.all += passes + fails;
      counts.set(key, count);
      if (!this.#checks.has(key)) {
        const family = {
          name: 'k6_checks_rate',
          type: 'gauge',
          help: 'As k6 names it: share of passed checks in the last window.',
        } as const;
        this.#checks.set(key, this.#set.add(family, { scenario, check: name }));
      }
    }
    for (const [key, series] of this.#checks) {
      const { passes, all } = counts.get(key) ?? { passes: 0, all: 0 };
      series.set(all === 0 ? null : passes / all);
    }
  }
}

function trendStats(parts: readonly MetricPart[], unit: number): WindowStats | undefined {
  const merged = new TrendHistogram();
  for (const { trend } of parts) if (trend !== null) merged.addSnapshot(trend);
  const { count, sum, min, max } = merged;
  if (count === 0 || min === undefined || max === undefined) return undefined;
  const quantile = (p: number): number => (merged.quantile(p) ?? 0) / unit;
  return {
    min: min / unit,
    max: max / unit,
    avg: sum / count / unit,
    med: quantile(0.5),
    p90: quantile(0.9),
    p95: quantile(0.95),
    p99: quantile(0.99),
    count,
    sum: sum / unit,
  };
}
