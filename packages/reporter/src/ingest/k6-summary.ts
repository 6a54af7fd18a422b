import type { K6MetricLine } from './k6-line.ts';
import { summaryChecks, type K6Check } from './summary-checks.ts';

/**
 * k6's verdict on one threshold.
 *
 * Must hold, for all that `readSummary` returns: only numbers of metrics, names, verdicts on thresholds, counts of checks and
 * times are copied. `setup_data` contains tokens, and the document holds what this returns.
 */
export interface K6ThresholdVerdict {
  /** Metric or selection. */
  readonly metric: string;
  readonly expression: string;
  readonly ok: boolean;
}

/** k6's end-of-test summary. */
export interface K6Summary {
  /** Whether it has the outcomes of thresholds, if the script has some: k6 1.8's machine-readable format does not. */
  readonly judges: boolean;
  /** k6's values by metric or selection, under the names of `--summary-export`. */
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly thresholds: readonly K6ThresholdVerdict[];
  /** From the start of `setup` to the end of `teardown`; `undefined` if unknown. */
  readonly durationMs: number | undefined;
  /** Type and content by metric, in the formats that have them. */
  readonly facts: Readonly<Record<string, Pick<K6MetricLine, 'type' | 'contains'>>>;
  readonly checks: readonly K6Check[];
  /** When it was written, Unix time; `undefined` if unknown. */
  readonly endedMs: number | undefined;
}

/**
 * Reads k6's summary in any of its formats: `--summary-export`, the data of `handleSummary`, and both with
 * `--new-machine-readable-summary`.
 *
 * @returns `undefined` when it has none of these formats
 */
export function readSummary(json: unknown): K6Summary | undefined {
  if (!isRecord(json)) return undefined;
  if (isRecord(json['results']) && Array.isArray(json['results']['metrics'])) {
    return readMachineReadable(json, json['results']['metrics']);
  }
  if (!isRecord(json['metrics'])) return undefined;
  const metrics: Record<string, Record<string, number>> = {};
  const facts: Record<string, Pick<K6MetricLine, 'type' | 'contains'>> = {};
  const thresholds: K6ThresholdVerdict[] = [];
  for (const [name, metric] of Object.entries(json['metrics'])) {
    if (!isRecord(metric)) continue;
    addFacts(facts, name, metric);
    // handleSummary: values in `values`, outcome in {ok}. Export: values at the top level, and `true` for a failed
    // threshold.
    metrics[name] = numbersOf(isRecord(metric['values']) ? metric['values'] : metric);
    const judged = metric['thresholds'];
    if (!isRecord(judged)) continue;
    for (const [expression, verdict] of Object.entries(judged)) {
      const ok = isRecord(verdict) ? verdict['ok'] : typeof verdict === 'boolean' ? !verdict : undefined;
      if (typeof ok === 'boolean') thresholds.push({ metric: name, expression, ok });
    }
  }
  return {
    judges: true,
    metrics,
    thresholds,
    durationMs: durationOf(json, metrics),
    facts,
    checks: summaryChecks(json['root_group']),
    endedMs: undefined,
  };
}

/** Whether a JSON value is a k6 summary in any format. */
export function isK6Summary(json: unknown): boolean {
  // A result document is rejected: its metrics are a list, those of a summary an object.
  return readSummary(json) !== undefined;
}

/** Version 1.0.0 of the format, as k6 1.8 writes it. Threshold outcomes are read if a later version contains them. */
function readMachineReadable(json: Record<string, unknown>, list: readonly unknown[]): K6Summary {
  const metrics: Record<string, Record<string, number>> = {};
  const facts: Record<string, Pick<K6MetricLine, 'type' | 'contains'>> = {};
  const thresholds: K6ThresholdVerdict[] = [];
  for (const metric of list) {
    if (!isRecord(metric) || typeof metric['name'] !== 'string') continue;
    const { name } = metric;
    addFacts(facts, name, metric);
    metrics[name] = withOldNames(numbersOf(isRecord(metric['values']) ? metric['values'] : {}));
    const judged = Array.isArray(metric['thresholds']) ? (metric['thresholds'] as readonly unknown[]) : [];
    for (const each of judged) {
      if (!isRecord(each) || typeof each['source'] !== 'string' || typeof each['ok'] !== 'boolean') continue;
      thresholds.push({ metric: name, expression: each['source'], ok: each['ok'] });
    }
  }
  const config = json['config'];
  const seconds = isRecord(config) ? config['duration'] : undefined;
  return {
    judges: thresholds.length > 0,
    metrics,
    thresholds,
    durationMs: typeof seconds === 'number' ? seconds * 1000 : undefined,
    facts,
    checks: summaryChecks(json['results']),
    endedMs: timeOf(json['metadata']),
  };
}

function timeOf(metadata: unknown): number | undefined {
  const text = isRecord(metadata) ? metadata['generated_at'] : undefined;
  const time = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

const TYPES: readonly string[] = ['counter', 'gauge', 'rate', 'trend'] satisfies K6MetricLine['type'][];

function addFacts(
  facts: Record<string, Pick<K6MetricLine, 'type' | 'contains'>>,
  name: string,
  { type, contains }: Record<string, unknown>,
): void {
  if (typeof type !== 'string' || !TYPES.includes(type)) return;
  facts[name] = {
    type: type as K6MetricLine['type'],
    contains: typeof contains === 'string' ? contains : 'default',
  };
}

function withOldNames({ p90, p95, matches, total, ...rest }: Record<string, number>): Record<string, number> {
  return {
    ...rest,
    ...(p90 === undefined ? {} : { 'p(90)': p90 }),
    ...(p95 === undefined ? {} : { 'p(95)': p95 }),
    ...(matches === undefined || total === undefined ? {} : { passes: matches, fails: total - matches }),
  };
}

function numbersOf(values: Record<string, unknown>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).filter((pair): pair is [string, number] => typeof pair[1] === 'number'),
  );
}

function durationOf(
  json: Record<string, unknown>,
  metrics: Readonly<Record<string, Readonly<Record<string, number>>>>,
): number | undefined {
  const state = json['state'];
  if (isRecord(state) && typeof state['testRunDurationMs'] === 'number') return state['testRunDurationMs'];
  // The export lacks the duration, but each of its counters has rate = count / duration.
  for (const { count, rate } of Object.values(metrics)) {
    if (count !== undefined && rate !== undefined && count > 0 && rate > 0) return (count / rate) * 1000;
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The thresholds that summaries of the runners of one run name, and whether each summary tells them: a threshold over the
 * samples of all runners has an outcome of its own.
 */
export function thresholdsOfSummaries(summaries: readonly unknown[]): {
  readonly thresholds: Readonly<Record<string, readonly string[]>>;
  readonly complete: boolean;
} {
  const read = summaries.map((json) => readSummary(json));
  const wanted = new Map<string, Set<string>>();
  for (const { metric, expression } of read.flatMap((summary) => summary?.thresholds ?? [])) {
    wanted.set(metric, (wanted.get(metric) ?? new Set()).add(expression));
  }
  return {
    thresholds: Object.fromEntries([...wanted].map(([metric, each]) => [metric, [...each]])),
    complete: read.length > 0 && read.every((summary) => summary?.judges === true),
  };
}
