import {
  parseExpression,
  parseSelector,
  type Aggregate,
  type OperationStats,
  type RunResult,
  type ThresholdResult,
} from '@jarvis-load/engine/result';
import { isOfScript } from './metric-of-script.ts';

/** Which requests a threshold judges, and by what. */
export interface ThresholdScope {
  /** Without its selector. */
  readonly metric: string;
  /** By the tag `operation` or `name`; null: all. */
  readonly operation: string | null;
  readonly scenario: string | null;
  /** Only answers with outcome ok. */
  readonly isOfGood: boolean;
  /** Other tags select a part of these requests. */
  readonly isPart: boolean;
  readonly aggregate: Aggregate;
  /** The limit is the highest value that is allowed. */
  readonly isUpper: boolean;
  /** Every sliding window of this length is judged; undefined: the run. */
  readonly windowMs: number | undefined;
}

const LATENCIES: ReadonlySet<string> = new Set(['response_time', 'service_time', 'http_req_duration']);
/** All operations of a run together. */
export const ALL = '*';

/** Whether a metric of a run is times of requests from their start to the last byte, in milliseconds. */
export function isLatency(metric: string, run: Pick<RunResult, 'generator' | 'metrics'>): boolean {
  return LATENCIES.has(metric) && !isOfScript(metric, run);
}

/** Reads a threshold of a document; undefined for one that our syntax does not have, as a tool that wrote the document may. */
export function scopeOf({
  metric,
  expression,
  limit,
  scenario: declaredBy,
}: ThresholdResult): ThresholdScope | undefined {
  try {
    const selector = parseSelector(metric);
    const { aggregate, operator, windowMs } = parseExpression(expression, metric);
    const { operation, name, scenario, outcome, expected_response: expected, ...others } = selector.tags;
    const isOfGood = outcome === 'ok' || expected === 'true';
    return {
      metric: selector.metric,
      operation: operation ?? name ?? null,
      scenario: scenario ?? declaredBy,
      isOfGood,
      isPart:
        Object.keys(others).length > 0 ||
        (operation !== undefined && name !== undefined && operation !== name) ||
        (!isOfGood && (outcome !== undefined || expected !== undefined)),
      aggregate,
      isUpper: operator.startsWith('<') || (operator.startsWith('==') && limit === 0),
      windowMs,
    };
  } catch {
    return undefined;
  }
}

/** The statistic that a threshold is on: `p95` (also for `med`: `p50`), `avg`, `max`; undefined for another one. */
export function statisticOf(scope: ThresholdScope): string | undefined {
  const percentile = percentileOf(scope);
  if (percentile !== undefined) return `p${percentile}`;
  const { kind } = scope.aggregate;
  return kind === 'avg' || kind === 'max' ? kind : undefined;
}

/** The percentile that a threshold is on: 95; undefined for another statistic. */
function percentileOf({ aggregate }: ThresholdScope): number | undefined {
  if (aggregate.kind === 'med') return 50;
  return aggregate.kind === 'quantile' ? Number((aggregate.p * 100).toPrecision(12)) : undefined;
}

/**
 * The operation whose requests a threshold judges, {@link ALL} if it judges all; undefined where they are not those of one
 * operation in all scenarios, which is what series have.
 */
export function judgedOperation(
  { operation, scenario, isPart }: ThresholdScope,
  operations: readonly Pick<OperationStats, 'scenario' | 'operation'>[],
): string | undefined {
  const judged = operations.filter(
    (each) =>
      (operation === null || each.operation === operation) &&
      (scenario === null || each.scenario === scenario),
  );
  const [first] = judged;
  if (isPart || first === undefined) return undefined;
  if (judged.length === operations.length) return ALL;
  const sameName = operations.filter((each) => each.operation === first.operation);
  return judged.length === sameName.length && judged.every((each) => sameName.includes(each))
    ? first.operation
    : undefined;
}
