import { hasLowSamples } from '@jarvis-load/engine/recorder';
import { PERCENTILES, type LatencyStats, type MetricResult } from '@jarvis-load/engine/result';
import { knownMetric, type MetricFacts } from './known-metrics.ts';
import type { K6Summary } from './k6-summary.ts';
import { unitOf } from './metric-table.ts';

type Values = Readonly<Record<string, number>>;

/** Type and content of a metric or selection: as the summary says, as k6 has it, or by the names of its values. */
function factsOfMetric(name: string, { facts, metrics }: K6Summary): MetricFacts | undefined {
  return facts[name] ?? knownMetric(baseOf(name)) ?? guessed(metrics[name] ?? {});
}

/** A metric in k6's words, of a summary. */
export function summaryMetric(
  name: string,
  summary: K6Summary,
  durationMs: number,
): MetricResult | undefined {
  const facts = factsOfMetric(name, summary);
  if (facts === undefined) return undefined;
  const unit = unitOf({ ...facts, name: baseOf(name) });
  const values = valuesOf(facts.type, summary.metrics[name] ?? {}, durationMs);
  return { name, kind: facts.type, unit, scenario: null, values, rejected: 0 };
}

/** Number of samples behind a metric or selection; undefined where the summary does not tell. */
export function samplesOf(name: string, { metrics }: K6Summary): number | undefined {
  const values = metrics[name] ?? {};
  const { passes, fails, count } = values;
  if (passes !== undefined && fails !== undefined) return passes + fails;
  if (count !== undefined) return count;
  const base = baseOf(name);
  const counted = metrics[`${counterOf(base)}${name.slice(base.length)}`]?.['count'];
  if (counted !== undefined) return counted;
  // k6 writes zeros for a trend without a sample. Measured zeros, such as of TLS over plain HTTP, have a count.
  return 'avg' in values && Object.values(values).every((value) => value === 0) ? 0 : undefined;
}

/** Times of a trend. Percentiles that the summary does not have are null. */
export function summaryTimes(values: Values | undefined, count: number): LatencyStats {
  const of = (name: string): number | null => (count === 0 ? null : (values?.[name] ?? null));
  const percentiles = Object.fromEntries(
    PERCENTILES.map((p) => [`p${p}`, of(`p(${p})`) ?? (p === 50 ? of('med') : null)]),
  ) as LatencyStats['percentiles'];
  return {
    count,
    minMs: of('min'),
    meanMs: of('avg'),
    maxMs: of('max'),
    sumMs: (of('avg') ?? 0) * count,
    percentiles,
    lowSamples: PERCENTILES.filter((p) => percentiles[`p${p}`] !== null && hasLowSamples(p / 100, count)).map(
      (p) => `p${p}`,
    ),
  };
}

/** k6's counter that grows by one with each sample of one of its trends; empty: there is none. */
function counterOf(trend: string): string {
  if (trend === 'iteration_duration') return 'iterations';
  return trend.startsWith('http_req_') && knownMetric(trend)?.type === 'trend' ? 'http_reqs' : '';
}

function baseOf(name: string): string {
  return name.split('{', 1)[0] ?? name;
}

function guessed(values: Values): MetricFacts | undefined {
  const has = (...names: string[]): boolean => names.every((name) => name in values);
  if (has('passes', 'fails')) return { type: 'rate', contains: 'default' };
  if (has('count', 'rate')) return { type: 'counter', contains: 'default' };
  if (has('value')) return { type: 'gauge', contains: 'default' };
  const isTrend =
    ['avg', 'min', 'med', 'max'].some((name) => name in values) || /\bp\(/.test(Object.keys(values).join());
  return isTrend ? { type: 'trend', contains: 'default' } : undefined;
}

function valuesOf(type: MetricFacts['type'], values: Values, durationMs: number): MetricResult['values'] {
  const { passes, fails, count } = values;
  if (type === 'counter') {
    const rate = values['rate'] ?? (durationMs > 0 ? (count ?? 0) / (durationMs / 1000) : null);
    return { count: count ?? 0, rate };
  }
  if (type !== 'rate') return { ...values };
  // An export calls the rate `value`.
  return { rate: values['rate'] ?? values['value'] ?? null, passes: passes ?? null, fails: fails ?? null };
}
