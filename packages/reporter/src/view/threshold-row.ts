import { formatMeasured, type ThresholdResult } from '@jarvis-load/engine/result';
import { samplesRemark, type Status } from './status.ts';

/** A threshold as text, unescaped. */
export interface ThresholdRow {
  readonly status: Status;
  readonly expression: string;
  readonly measured: string;
  /** Few samples lie beyond the percentile. */
  readonly low: boolean;
  readonly remark: string;
}

/** Formats a threshold as text. */
export function thresholdRow(threshold: ThresholdResult): ThresholdRow {
  const low = threshold.lowSamples && threshold.measured !== null;
  const { status, samples, samplesNeeded } = threshold;
  const unproven = status === 'unproven';
  const remarks = [
    ...(unproven ? [samplesRemark(samples, samplesNeeded)] : []),
    ...(low && !unproven ? [`low samples (${samples})`] : []),
    ...(threshold.aborted ? ['ended the run'] : []),
    ...(threshold.detail === undefined ? [] : [threshold.detail]),
  ];
  return {
    status,
    expression: threshold.expression,
    measured: formatMeasured(threshold.measured, threshold.limit, threshold.unit),
    low,
    remark: remarks.join('; '),
  };
}

/** The metric without a selector that only repeats the scenario shown beside it. */
export function thresholdMetric({ metric, scenario }: ThresholdResult): string {
  const selector = `{scenario:${scenario ?? ''}}`;
  return metric.endsWith(selector) ? metric.slice(0, -selector.length) : metric;
}

/** Thresholds in their order, grouped by metric and scenario. */
export function groupThresholds(
  thresholds: readonly ThresholdResult[],
): { readonly metric: string; readonly scenario: string; readonly rows: ThresholdRow[] }[] {
  const groups = new Map<string, { metric: string; scenario: string; rows: ThresholdRow[] }>();
  for (const threshold of thresholds) {
    const key = JSON.stringify([threshold.scenario, threshold.metric]);
    const group = groups.get(key) ?? {
      metric: thresholdMetric(threshold),
      scenario: threshold.scenario ?? '',
      rows: [],
    };
    group.rows.push(thresholdRow(threshold));
    groups.set(key, group);
  }
  return [...groups.values()];
}
