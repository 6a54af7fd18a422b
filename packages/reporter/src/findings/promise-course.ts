import type { RunResult, SeriesPoint } from '@jarvis-load/engine/result';
import { goodQuantiles, QUANTILE_KEYS } from '../view/operation-quantiles.ts';
import type { PromiseView } from '../view/promise.ts';
import { ALL, judgedOperation, LATENCIES, percentileOf, scopeOf } from '../view/threshold-scope.ts';

/** What a promise limits. */
export type Family = 'latency' | 'errors';

/** How far a promise was from its limit over time. */
export interface PromiseCourse {
  /** The operation that it is about, or {@link ALL}. */
  readonly operation: string;
  /** Of an interval: positive where the limit was exceeded, 0 without data. The sum over a stretch says whether it was there. */
  excess(point: SeriesPoint): number;
}

/** Above its limit by this share at most, the response time stands for the service time. */
const MOST_WAITED = 0.1;

/** Whether a promise limits times from above, or the share of failed requests; undefined for anything else. */
export function familyOf(result: RunResult, { kind, index }: PromiseView): Family | undefined {
  if (kind === 'objective') {
    const aspect = result.objectives[index]?.aspect;
    return aspect === 'errorRate' ? 'errors' : aspect === 'requestsPerSecond' ? undefined : 'latency';
  }
  const threshold = result.thresholds[index];
  const scope = threshold && scopeOf(threshold);
  if (scope?.isUpper !== true) return undefined;
  if (scope.metric === 'http_req_failed') return scope.aggregate.kind === 'rate' ? 'errors' : undefined;
  return LATENCIES.has(scope.metric) && threshold?.unit === 'ms' ? 'latency' : undefined;
}

/** The course of a promise; undefined where the series does not show what it limits. */
export function courseOf(result: RunResult, promise: PromiseView): PromiseCourse | undefined {
  const family = familyOf(result, promise);
  if (family === undefined) return undefined;
  if (promise.kind === 'threshold') return courseOfThreshold(result, promise.index, family);
  const { operation, aspect, limit } = result.objectives[promise.index]!;
  if (family === 'errors') return failures(operation, limit);
  const key = QUANTILE_KEYS[aspect as keyof typeof QUANTILE_KEYS];
  return latency(operation, limit, ({ operations }) => {
    const own = operations[operation];
    return own === undefined ? null : goodQuantiles(own)[key];
  });
}

function courseOfThreshold(result: RunResult, index: number, family: Family): PromiseCourse | undefined {
  const threshold = result.thresholds[index]!;
  const scope = scopeOf(threshold)!;
  const { limit } = threshold;
  const operation = judgedOperation(scope, result.operations);
  if (operation === undefined) return undefined;
  if (family === 'errors') return scope.isOfGood ? undefined : failures(operation, limit);
  const percentile = percentileOf(scope);
  if (percentile === undefined) return undefined;
  const key = `p${percentile}`;
  if (scope.metric !== 'response_time' && !isServedAtOnce(result, operation, key)) return undefined;
  if (operation === ALL) {
    // The series has the good answers of single operations only.
    if (scope.isOfGood && result.totals.failed > 0) return undefined;
    return latency(
      ALL,
      limit,
      ({ responseTime }) => responseTime.percentiles[key as keyof typeof responseTime.percentiles] ?? null,
    );
  }
  if (!(key in QUANTILE_KEYS)) return undefined;
  const name = QUANTILE_KEYS[key as keyof typeof QUANTILE_KEYS];
  return latency(operation, limit, ({ operations }) => {
    const own = operations[operation];
    return own === undefined ? null : (scope.isOfGood ? goodQuantiles(own) : own)[name];
  });
}

/** Whether requests hardly waited before they were sent: the series has no service times, and then needs none. */
function isServedAtOnce({ totals, operations }: RunResult, operation: string, key: string): boolean {
  const judged = operation === ALL ? [totals] : operations.filter((each) => each.operation === operation);
  return judged.every(({ responseTime, serviceTime }) => {
    const [response, service] = [responseTime, serviceTime].map(
      ({ percentiles }) => percentiles[key as keyof typeof percentiles] ?? null,
    ) as [number | null, number | null];
    return response !== null && service !== null && response <= service * (1 + MOST_WAITED);
  });
}

function failures(operation: string, limit: number): PromiseCourse {
  return {
    operation,
    excess(point) {
      const own = operation === ALL ? point : point.operations[operation];
      return own === undefined ? 0 : own.failed - limit * own.requests;
    },
  };
}

/** The majority decides: as many intervals above the limit as below it cancel out. */
function latency(
  operation: string,
  limit: number,
  valueOf: (point: SeriesPoint) => number | null,
): PromiseCourse {
  return {
    operation,
    excess(point) {
      const value = valueOf(point);
      return value === null ? 0 : value > limit ? 0.5 : -0.5;
    },
  };
}
