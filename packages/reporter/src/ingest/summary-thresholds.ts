import { bindThreshold, evaluateThreshold, parseThresholds } from '@jarvis-load/engine/ingest';
import type { ThresholdResult } from '@jarvis-load/engine/result';
import type { UnreadableThreshold } from './unreadable-threshold.ts';
import type { K6Summary, K6ThresholdVerdict } from './k6-summary.ts';
import { samplesOf, summaryMetric } from './summary-metrics.ts';

/**
 * Thresholds as k6 judged them, with what it measured. One without samples has no data, while k6 passes it; one that too few
 * samples prove is unproven, where the summary tells their number.
 */
export function summaryThresholds(summary: K6Summary, durationMs: number) {
  const results: ThresholdResult[] = [];
  const unreadable: UnreadableThreshold[] = [];
  for (const threshold of summary.thresholds) {
    const result = summaryThreshold(threshold, summary, durationMs);
    if (result === undefined) unreadable.push(threshold);
    else results.push(result);
  }
  return { results, unreadable };
}

/** One threshold; undefined if it cannot be read here. */
export function summaryThreshold(
  { metric, expression, ok }: K6ThresholdVerdict,
  summary: K6Summary,
  durationMs: number,
): ThresholdResult | undefined {
  const found = summaryMetric(metric, summary, durationMs);
  if (found === undefined) return undefined;
  try {
    const [parsed] = parseThresholds({ [metric]: [expression] });
    if (parsed === undefined) return undefined;
    const bound = bindThreshold(parsed, new Map([[parsed.selector.metric, found]]));
    const { aggregate, limit, unit } = bound;
    const name =
      aggregate.kind === 'quantile' ? `p(${Number((aggregate.p * 100).toPrecision(12))})` : aggregate.kind;
    const samples = samplesOf(metric, summary);
    const { samplesNeeded } = evaluateThreshold(bound, undefined);
    // A counter without samples is 0.
    const isEmpty = samples === 0 && found.kind !== 'counter';
    const isFew = samples !== undefined && found.kind !== 'counter' && samples < samplesNeeded;
    return {
      metric,
      expression,
      scenario: null,
      status: isEmpty ? 'no-data' : !ok ? 'fail' : isFew ? 'unproven' : 'pass',
      measured: isEmpty ? null : (found.values[name] ?? null),
      limit,
      unit,
      samples: samples ?? 0,
      samplesNeeded: samples === undefined ? null : samplesNeeded,
      lowSamples: false,
      aborted: false,
      ...(samples === undefined ? { detail: 'as k6 judged it; the summary has no number of samples' } : {}),
    };
  } catch {
    return undefined;
  }
}
