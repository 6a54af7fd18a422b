import { formatShare, type ObjectiveResult, type ThresholdResult } from '@jarvis-load/engine/result';
import { objectiveRow } from './objective-row.ts';
import type { Status } from './status.ts';
import { scopeOf } from './threshold-scope.ts';
import { thresholdMetric, thresholdRow } from './threshold-row.ts';

/** A threshold or an objective of a run, as texts. They are unescaped. */
export interface PromiseView {
  readonly kind: 'threshold' | 'objective';
  /** Index in `thresholds` or `objectives` of the document. */
  readonly index: number;
  /** An operation, a scenario, or `all requests`. */
  readonly subject: string;
  /** The operation it is about, if it is about one. */
  readonly operation: string | null;
  /** In a sentence after the subject: `p99`, `errors`, `http_req_duration p(95)<500`. */
  readonly aspect: string;
  /** In a table beside the limit: `p99`, `http_req_duration`. */
  readonly name: string;
  readonly status: Status;
  readonly measured: string;
  readonly limit: string;
  readonly margin: string;
  readonly remark: string;
}

/** Subject of a threshold on all requests. */
export const WHOLE_RUN = 'all requests';

/** Thresholds and objectives as they were judged. */
export interface Judged {
  readonly objectives: readonly ObjectiveResult[];
  readonly thresholds: readonly ThresholdResult[];
}

/** All promises of a run in the order of the document, objectives first: they name operations. */
export function promisesOf(result: Judged): PromiseView[] {
  return [
    ...result.objectives.map((objective, index) => ofObjective(objective, index)),
    ...result.thresholds.map((threshold, index) => ofThreshold(threshold, index)),
  ];
}

/** Failed, also where the machine can be the cause, or without data. Unproven and not measurable ones are neither missed nor kept. */
export function isMissed({ status }: PromiseView): boolean {
  return status === 'fail' || status === 'machine-limited' || status === 'no-data';
}

/** Whether a promise failed, and waiting for a processor can explain it. */
export function isLimitedByMachine({ objectives, thresholds }: Judged): boolean {
  return [...objectives, ...thresholds].some(({ status }) => status === 'machine-limited');
}

/** Missed promises that decide the verdict: those that waiting for a processor can explain only where all others were kept. */
export function decidingMisses(judged: Judged): PromiseView[] {
  const missed = promisesOf(judged).filter(isMissed);
  const standing = missed.filter(({ status }) => status !== 'machine-limited');
  return standing.length > 0 ? standing : missed;
}

const OPERATION_ALONE = /\{\s*(?:operation|name)\s*:\s*(?:'[^']*'|"[^"]*"|[^{},'"]*)\s*\}/;

/** The aspect without its limit and the operation: `http_req_duration p95` of `http_req_duration{operation:chat} p(95)<500`. */
export function measureOf({ aspect, operation }: PromiseView): string {
  const own = operation === null ? aspect : aspect.replace(OPERATION_ALONE, '');
  const measure = own.replace(/\s*(?:[<>]=?|[=!]==?)[^<>=]*$/, '').replace(/p\(([\d.]+)\)$/, 'p$1');
  return measure.replace(/ (?:rate|count|value)$/, '');
}

function ofObjective(objective: ObjectiveResult, index: number): PromiseView {
  const row = objectiveRow(objective);
  return {
    ...row,
    kind: 'objective',
    index,
    subject: objective.operation,
    operation: objective.operation,
    aspect: objective.aspect === 'errorRate' ? 'errors' : row.aspect,
    name: objective.aspect === 'errorRate' ? 'errors' : row.aspect,
    margin: marginOf(objective),
  };
}

function ofThreshold(threshold: ThresholdResult, index: number): PromiseView {
  const row = thresholdRow(threshold);
  const scope = scopeOf(threshold);
  const operation = scope?.operation ?? null;
  return {
    kind: 'threshold',
    index,
    subject: operation ?? scope?.scenario ?? threshold.scenario ?? WHOLE_RUN,
    operation,
    aspect: `${thresholdMetric(threshold)} ${threshold.expression}`,
    name: thresholdMetric(threshold),
    status: row.status,
    measured: row.measured,
    limit: threshold.expression,
    margin: '',
    remark: row.remark,
  };
}

/** The share of the limit that is left, or by which it was missed. */
function marginOf({ margin, aspect }: ObjectiveResult): string {
  if (margin === null) return '';
  const upper = aspect !== 'requestsPerSecond';
  const word = margin < 0 ? (upper ? 'over' : 'short') : upper ? 'left' : 'above';
  return `${formatShare(Math.abs(margin))} ${word}`;
}
