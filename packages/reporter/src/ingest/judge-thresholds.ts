import {
  bindThreshold,
  evaluateThreshold,
  keepsThreshold,
  parseThresholds,
  type ThresholdOutcome,
} from '@jarvis-load/engine/ingest';
import type { ThresholdResult } from '@jarvis-load/engine/result';
import type { K6Summary } from './k6-summary.ts';
import type { MetricTable } from './metric-table.ts';

/** Thresholds by metric or selection, as k6 has them. */
export type K6Thresholds = Readonly<Record<string, readonly string[]>>;

/** A threshold that only k6 can read. */
export interface UnreadableThreshold {
  readonly metric: string;
  readonly expression: string;
  /** Whether it holds, where k6 says so. */
  readonly ok: boolean | undefined;
}

/** What became of the thresholds, and those that could not be read. */
export interface JudgedThresholds {
  readonly results: readonly ThresholdResult[];
  readonly unreadable: readonly UnreadableThreshold[];
}

/**
 * Judges what k6 judged, over the same samples. Without data a threshold has no data, which k6 calls a pass; where k6
 * decides otherwise over data (its percentiles interpolate), its word stands, because its exit code says the same.
 * @param durationMs time that counters are relative to
 */
export function judgeThresholds(
  declared: readonly K6Thresholds[],
  table: MetricTable,
  summary: K6Summary | undefined,
  durationMs: number,
): JudgedThresholds {
  const wanted = new Map<string, { readonly metric: string; readonly expression: string }>();
  const want = (metric: string, expression: string): void => {
    wanted.set(`${metric}\n${expression}`, { metric, expression });
  };
  for (const list of declared) {
    for (const [metric, expressions] of Object.entries(list)) {
      for (const expression of expressions) want(metric, expression);
    }
  }
  for (const { metric, expression } of summary?.thresholds ?? []) want(metric, expression);

  const results: ThresholdResult[] = [];
  const unreadable: UnreadableThreshold[] = [];
  for (const { metric, expression } of wanted.values()) {
    const verdict = summary?.thresholds.find(
      (each) => each.metric === metric && each.expression === expression,
    );
    const result = judge(metric, expression, table, durationMs, verdict?.ok, summary?.metrics[metric]);
    if (result === undefined) unreadable.push({ metric, expression, ok: verdict?.ok });
    else {
      // k6 ends a run where such a threshold fails, and writes nothing else of it.
      const aborted = result.status === 'fail' && table.aborting.has(`${metric}: ${expression}`);
      results.push(aborted ? { ...result, aborted } : result);
    }
  }
  return { results, unreadable };
}

function judge(
  metric: string,
  expression: string,
  table: MetricTable,
  durationMs: number,
  k6: boolean | undefined,
  values: Readonly<Record<string, number>> | undefined,
): ThresholdResult | undefined {
  const sink = table.sink(metric);
  try {
    const [parsed] = parseThresholds({ [metric]: [expression] });
    if (parsed === undefined) return undefined;
    const identity = { metric, expression, scenario: null, aborted: false };
    if (sink === undefined) {
      const { limit } = parsed.expression;
      // A counter that nobody added to is 0: k6 writes no line of it, but its summary has it.
      if (k6 !== undefined && values?.['count'] !== undefined && values['avg'] === undefined) {
        const measured = values['count'];
        return {
          ...identity,
          status: k6 ? 'pass' : 'fail',
          measured,
          samples: 0,
          samplesNeeded: 1,
          lowSamples: false,
          limit,
          unit: 'count',
        };
      }
      const detail = 'k6 measured nothing of this metric';
      const none = { measured: null, samples: 0, samplesNeeded: null, lowSamples: false };
      return { ...identity, status: 'no-data', ...none, limit, unit: '', detail };
    }
    const bound = bindThreshold(parsed, table.types);
    const samples = sink.values(durationMs);
    const outcome = evaluateThreshold(bound, samples);
    const holds = keepsThreshold(bound, samples);
    return { ...identity, ...settle(outcome, k6, holds), limit: bound.limit, unit: bound.unit };
  } catch {
    return undefined;
  }
}

function settle(
  { status, measured, samples, samplesNeeded, lowSamples }: ThresholdOutcome,
  k6: boolean | undefined,
  holds: boolean | undefined,
): Pick<ThresholdResult, 'status' | 'measured' | 'samples' | 'samplesNeeded' | 'lowSamples' | 'detail'> {
  const base = { status, measured, samples, samplesNeeded, lowSamples };
  if (status === 'unproven') {
    // k6 judges few samples, too: what it fails ends it with 99, which is no pass here.
    if (k6 ?? holds ?? true) return base;
    return { ...base, status: 'fail', detail: 'k6 fails it, over however few samples' };
  }
  if (k6 === undefined || status === 'no-data' || k6 === (status === 'pass')) return base;
  const detail = `k6, which interpolates between samples, says ${k6 ? 'passed' : 'failed'}`;
  return { ...base, status: k6 ? 'pass' : 'fail', detail };
}
