import type { ObjectiveResult, ThresholdResult } from '@jarvis-load/engine/result';
import type { PromiseRow } from '../api/run-schema.ts';

const UNITS: Readonly<Record<ObjectiveResult['aspect'], string>> = {
  p50: 'ms',
  p95: 'ms',
  p99: 'ms',
  errorRate: 'share',
  requestsPerSecond: 'per second',
};

/** Thresholds, then objectives, as they stand or as they were judged at the end. */
export function promisesOf(judged: {
  readonly thresholds: readonly (ThresholdResult & { readonly margin?: number | null })[];
  readonly objectives: readonly ObjectiveResult[];
}): PromiseRow[] {
  return [...judged.thresholds.map(thresholdRow), ...judged.objectives.map(objectiveRow)];
}

function thresholdRow(threshold: ThresholdResult & { readonly margin?: number | null }): PromiseRow {
  const { metric, expression, scenario, status, limit, measured, unit, samples } = threshold;
  return {
    kind: 'threshold',
    label: `${metric} ${expression}`,
    scenario,
    operation: null,
    aspect: null,
    status,
    limit,
    measured,
    unit,
    margin: threshold.margin ?? marginOf(threshold),
    samples,
    detail: threshold.detail ?? null,
  };
}

/** How far on the right side of the limit, as a share of its size; negative: missed. A document has it for objectives only. */
function marginOf({ expression, limit, measured }: ThresholdResult): number | null {
  const [operator] = /[<>]=?/.exec(expression) ?? [];
  if (operator === undefined || measured === null || limit === 0) return null;
  return (operator.startsWith('<') ? limit - measured : measured - limit) / Math.abs(limit);
}

function objectiveRow(objective: ObjectiveResult): PromiseRow {
  const { aspect, operation, status, limit, measured, margin, samples } = objective;
  return {
    kind: 'objective',
    label: aspect,
    scenario: null,
    operation,
    aspect,
    status,
    limit,
    measured,
    unit: UNITS[aspect],
    margin,
    samples,
    detail: objective.detail ?? null,
  };
}
