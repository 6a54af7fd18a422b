import {
  NO_VALUE,
  formatLimit,
  formatMeasured,
  formatShare,
  type ObjectiveResult,
} from '@jarvis-load/engine/result';
import { samplesRemark, type Status } from './status.ts';

/** An objective as text, unescaped. */
export interface ObjectiveRow {
  readonly status: Status;
  readonly aspect: string;
  readonly limit: string;
  readonly measured: string;
  /** Few samples lie beyond the percentile. */
  readonly low: boolean;
  readonly margin: string;
  readonly remark: string;
}

const ASPECTS: Readonly<Record<ObjectiveResult['aspect'], { word: string; unit: string; sign: string }>> = {
  p50: { word: 'p50', unit: 'ms', sign: '<' },
  p95: { word: 'p95', unit: 'ms', sign: '<' },
  p99: { word: 'p99', unit: 'ms', sign: '<' },
  errorRate: { word: 'error rate', unit: 'share', sign: '<' },
  requestsPerSecond: { word: 'requests/s', unit: 'per second', sign: '>' },
};

/** Formats an objective as text. */
export function objectiveRow(objective: ObjectiveResult): ObjectiveRow {
  const { word, unit, sign } = ASPECTS[objective.aspect];
  const low = objective.lowSamples && objective.measured !== null;
  const { status, samples, samplesNeeded } = objective;
  const unproven = status === 'unproven';
  const remarks = [
    ...(unproven ? [samplesRemark(samples, samplesNeeded)] : []),
    ...(low && !unproven ? [`low samples (${samples})`] : []),
    ...(objective.detail === undefined ? [] : [objective.detail]),
  ];
  return {
    status,
    aspect: word,
    limit: `${sign} ${formatLimit(objective.limit, unit)}`,
    measured: formatMeasured(objective.measured, objective.limit, unit),
    low,
    margin: objective.margin === null ? NO_VALUE : formatMargin(objective.margin),
    remark: remarks.join('; '),
  };
}

/** Objectives in their order, grouped by operation. */
export function groupObjectives(
  objectives: readonly ObjectiveResult[],
): { readonly operation: string; readonly endpoint: string; readonly rows: ObjectiveRow[] }[] {
  const groups = new Map<string, { operation: string; endpoint: string; rows: ObjectiveRow[] }>();
  for (const objective of objectives) {
    const group = groups.get(objective.operation) ?? {
      operation: objective.operation,
      // Method and route are empty for an operation that the run does not have.
      endpoint: `${objective.method} ${objective.route}`.trim(),
      rows: [],
    };
    group.rows.push(objectiveRow(objective));
    groups.set(objective.operation, group);
  }
  return [...groups.values()];
}

function formatMargin(margin: number): string {
  const text = formatShare(Math.abs(margin));
  return margin < 0 ? `−${text}` : text;
}
