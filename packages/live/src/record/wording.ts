import type { ObjectiveResult, RunResult, ThresholdResult } from '@jarvis-load/engine/result';
import type { VerdictView } from '../api/run-schema.ts';

/** Promises with what was measured. */
export interface Judged {
  readonly thresholds: readonly ThresholdResult[];
  readonly objectives: readonly ObjectiveResult[];
}

/** A stage of the plan by name. */
interface NamedStage {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly label: string;
}

/** What the report says of a run. The page gets its sentences from here, so that both say the same. */
export interface Wording {
  /** Words every promise that it is given as missed, by operation: call it through `failingInWords`. */
  readonly missed: (judged: Judged) => readonly string[];
  readonly verdict: (result: RunResult) => VerdictView;
  readonly stages: (result: RunResult) => readonly NamedStage[];
}

/** For those that show no sentences, and tests. */
export const BARE_WORDING: Wording = {
  missed: ({ thresholds, objectives }) => [
    ...thresholds.map(({ metric, expression }) => `${metric} ${expression}`),
    ...objectives.map(({ operation, aspect }) => `${operation} ${aspect}`),
  ],
  verdict: ({ verdict }) => ({
    status: verdict.status,
    headline: '',
    reasons: verdict.reasons.map(({ text }) => text),
  }),
  stages: () => [],
};

/** Sentences on the promises that fail. */
export function failingInWords({ thresholds, objectives }: Judged, wording: Wording): readonly string[] {
  const failing = {
    thresholds: thresholds.filter(({ status }) => status === 'fail'),
    objectives: objectives.filter(({ status }) => status === 'fail'),
  };
  return failing.thresholds.length + failing.objectives.length === 0 ? [] : wording.missed(failing);
}
