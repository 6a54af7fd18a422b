import {
  bindThreshold,
  evaluateThreshold,
  keepsThreshold,
  parseThresholds,
  type ThresholdOutcome,
} from '@jarvis-load/engine/ingest';
import type { ThresholdResult } from '@jarvis-load/engine/result';
import type { K6Summary } from './k6-summary.ts';
import { summaryThreshold } from './summary-thresholds.ts';
import type { MetricTable } from './metric-table.ts';
import type { UnreadableThreshold } from './unreadable-threshold.ts';

/**
 * Thresholds by metric or selection, in k6's format.
 *
 * Must hold: where k6's verdict on a threshold with data is known, it wins over ours, so that the document agrees with k6's exit
 * code; only a pass that too few samples prove stays `unproven`. Without data the status is `no-data`, while k6 passes it. What cannot
 * be read is returned as `unreadable`: `k6Findings` makes the run fail if k6 failed it, and not valid if its outcome is not known.
 */
export type K6Thresholds = Readonly<Record<string, readonly string[]>>;

/** Judged thresholds, and those that could not be read. */
export interface JudgedThresholds {
  readonly results: readonly ThresholdResult[];
  readonly unreadable: readonly UnreadableThreshold[];
}

/**
 * Evaluates k6's thresholds over the same samples, or the summary's values of a metric without samples: those of `declared` and of the summary, each once. k6's verdict may differ
 * from ours, as its percentiles interpolate.
 * @param durationMs time base of counter rates
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
    const result = judge(metric, expression, table, durationMs, verdict?.ok, summary);
    if (result === undefined) unreadable.push({ metric, expression, ok: verdict?.ok });
    else {
      // A failed threshold with `abortOnFail` ended the run; k6's output does not say so itself.
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
  summary: K6Summary | undefined,
): ThresholdResult | undefined {
  const sink = table.sink(metric);
  try {
    const [parsed] = parseThresholds({ [metric]: [expression] });
    if (parsed === undefined) return undefined;
    const identity = { metric, expression, scenario: null, aborted: false };
    if (sink === undefined) {
      // Samples without the type of their metric, as in CSV, and a counter that stayed 0: the summary has its values.
      const known = summary?.metrics[metric] === undefined || k6 === undefined ? undefined : summary;
      const told = known && summaryThreshold({ metric, expression, ok: k6 === true }, known, durationMs);
      if (told !== undefined) return told;
      const { limit } = parsed.expression;
      const detail = 'k6 has no samples of this metric';
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
    // k6 also judges small samples: if it fails this one, it exits with 99, so the document must not pass.
    if (k6 ?? holds ?? true) return base;
    const said = k6 === undefined ? 'the few samples miss it, and k6 fails it then' : 'failed in k6';
    return { ...base, status: 'fail', detail: `${said}, whatever the number of samples` };
  }
  if (k6 === undefined || status === 'no-data' || k6 === (status === 'pass')) return base;
  const detail = `k6 says ${k6 ? 'passed' : 'failed'}; its percentiles interpolate between samples`;
  return { ...base, status: k6 ? 'pass' : 'fail', detail };
}
