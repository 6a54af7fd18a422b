import type { Limit } from '@jarvis-load/charts';
import { formatLimit, type RunResult } from '@jarvis-load/engine/result';
import { ALL, isLatency, judgedOperation, scopeOf, statisticOf } from '../../view/threshold-scope.ts';

/**
 * A higher limit would scale the data down to a flat line: limits above this multiple of the highest value are not
 * drawn.
 */
const MOST_ABOVE = 3;
/** Limits to draw, and a sentence about those above the range of the chart. */
export interface DrawnLimits {
  readonly shown: readonly Limit[];
  readonly note: string;
}

/** Thresholds and objectives of a run, and the operations that they may be about. */
type Promises = Pick<RunResult, 'thresholds' | 'objectives' | 'generator' | 'metrics'> & {
  readonly operations: readonly Pick<RunResult['operations'][number], 'scenario' | 'operation'>[];
};

/** Limits of the chart of the whole run: thresholds on percentiles, average and maximum of all its requests. */
export function latencyLimits(run: Promises, highestMs: number): DrawnLimits {
  return within(thresholdLimits(run, ALL), highestMs);
}

/** Limits of the chart of one operation: its objectives of latency, thresholds that select it, and, if it is the only one, those on all. */
export function operationLimits(run: Promises, operation: string, highestMs: number): DrawnLimits {
  const objectives = run.objectives.flatMap((objective) =>
    objective.operation === operation && objective.aspect.startsWith('p')
      ? [{ label: `${objective.aspect} < ${formatLimit(objective.limit, 'ms')}`, value: objective.limit }]
      : [],
  );
  return within([...objectives, ...thresholdLimits(run, operation)], highestMs);
}

/** Upper limits on percentiles, average and maximum of all requests of an operation in the whole run. */
function thresholdLimits(run: Promises, operation: string): Limit[] {
  const { thresholds, operations } = run;
  const isOnly = operations.every((each) => each.operation === operation);
  return thresholds.flatMap((threshold) => {
    const scope = scopeOf(threshold);
    const statistic = scope && statisticOf(scope);
    if (scope?.isUpper !== true || scope.windowMs !== undefined || statistic === undefined) return [];
    if (threshold.unit !== 'ms' || !isLatency(scope.metric, run)) return [];
    // The chart of the whole run shows all outcomes.
    if (operation === ALL && scope.isOfGood) return [];
    const judged = judgedOperation(scope, operations);
    if (judged !== operation && !(isOnly && judged === ALL)) return [];
    const label = `${scope.metric} ${statistic} < ${formatLimit(threshold.limit, 'ms')}`;
    return [{ label, value: threshold.limit }];
  });
}

/** What panels of streams draw. */
const DRAWN_OF_STREAMS: ReadonlySet<string> = new Set(['p50', 'p95']);

/** Limits of a panel of streams of an operation: thresholds on what it draws of `metric`, such as `ttft`. */
export function streamLimits(
  { thresholds, operations }: Pick<RunResult, 'thresholds' | 'operations'>,
  operation: string,
  metric: string,
  highestMs: number,
): DrawnLimits {
  const streaming = operations.filter(({ streams }) => streams !== undefined);
  const limits = thresholds.flatMap((threshold): Limit[] => {
    const scope = scopeOf(threshold);
    const statistic = scope && statisticOf(scope);
    if (scope?.metric !== metric || !scope.isUpper || scope.windowMs !== undefined) return [];
    if (statistic === undefined || !DRAWN_OF_STREAMS.has(statistic) || scope.isOfGood) return [];
    const judged = judgedOperation(scope, streaming);
    if (judged !== operation && !(judged === ALL && streaming.every((each) => each.operation === operation)))
      return [];
    return [
      { label: `${metric} ${statistic} < ${formatLimit(threshold.limit, 'ms')}`, value: threshold.limit },
    ];
  });
  return within(limits, highestMs);
}

function within(limits: readonly Limit[], highestMs: number): DrawnLimits {
  const shown = limits.filter(({ value }) => value <= highestMs * MOST_ABOVE);
  const above = limits.filter((limit) => !shown.includes(limit));
  const note =
    above.length === 0 ? '' : ` Far above this chart: ${above.map(({ label }) => label).join('; ')}.`;
  return { shown, note };
}
