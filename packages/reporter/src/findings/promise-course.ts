import type { RunResult, SeriesPoint } from '@jarvis-load/engine/result';
import { goodQuantiles, QUANTILE_KEYS, STATISTIC_KEYS } from '../view/operation-quantiles.ts';
import type { PromiseView } from '../view/promise.ts';
import {
  ALL,
  isLatency,
  judgedOperation,
  scopeOf,
  statisticOf,
  type ThresholdScope,
} from '../view/threshold-scope.ts';

/** What a promise limits. */
export type Family = 'latency' | 'errors';

/** How far a promise was from its limit over time. */
export interface PromiseCourse {
  /** The operation that it is about, or {@link ALL}. */
  readonly operation: string;
  /** Of an interval: positive where the limit was exceeded, 0 without data. The sum over a stretch says whether it was there. */
  excess(point: SeriesPoint): number;
  /** One answer is enough to exceed the limit, so that one interval is no chance. @default false */
  readonly isOfOne?: boolean;
}

/** Above the service time by this share at most, the response time stands for it. */
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
  return (isLatency(scope.metric, result) || Object.hasOwn(STREAM_KEYS, scope.metric)) &&
    threshold?.unit === 'ms'
    ? 'latency'
    : undefined;
}

/** The course of a promise; undefined where the series does not show what it limits. */
export function courseOf(result: RunResult, promise: PromiseView): PromiseCourse | undefined {
  const family = familyOf(result, promise);
  if (family === undefined) return undefined;
  if (promise.kind === 'threshold') return courseOfThreshold(result, promise.index, family);
  const { operation, aspect, limit } = result.objectives[promise.index]!;
  if (family === 'errors') return failures(operation, limit);
  const key = QUANTILE_KEYS[aspect as keyof typeof QUANTILE_KEYS];
  return usual(operation, limit, ({ operations }) => {
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
  const key = statisticOf(scope);
  if (key === undefined) return undefined;
  if (Object.hasOwn(STREAM_KEYS, scope.metric)) return courseOfStreams(result, scope, operation, limit);
  const latency = key === 'max' ? highest : usual;
  if (scope.metric !== 'response_time' && !isServedAtOnce(result, operation, key)) return undefined;
  if (operation === ALL) {
    // The series has the good answers of single operations only.
    if (scope.isOfGood && result.totals.failed > 0) return undefined;
    return latency(ALL, limit, ({ responseTime }) => {
      const { percentiles, meanMs, maxMs } = responseTime;
      if (key === 'max') return maxMs;
      return (key === 'avg' ? meanMs : percentiles[key as keyof typeof percentiles]) ?? null;
    });
  }
  if (!Object.hasOwn(STATISTIC_KEYS, key)) return undefined;
  const name = STATISTIC_KEYS[key as keyof typeof STATISTIC_KEYS];
  return latency(operation, limit, ({ operations }) => {
    const own = operations[operation];
    return own === undefined ? null : ((scope.isOfGood ? goodQuantiles(own) : own)[name] ?? null);
  });
}

/** Percentiles of the times of streams that the series has of each operation. */
const STREAM_KEYS: Readonly<Record<string, Readonly<Record<string, keyof SeriesStreams>>>> = {
  ttft: { p50: 'ttftP50Ms', p95: 'ttftP95Ms' },
  ttlt: { p50: 'ttltP50Ms', p95: 'ttltP95Ms' },
  chunk_gap: { p99: 'gapP99Ms' },
};
type SeriesStreams = NonNullable<SeriesPoint['operations'][string]['streams']>;

/** Of one operation: the series has no times of the streams of several together. */
function courseOfStreams(
  { operations }: RunResult,
  scope: ThresholdScope,
  operation: string,
  limit: number,
): PromiseCourse | undefined {
  const streaming = new Set(
    operations.flatMap((each) => (each.streams === undefined ? [] : [each.operation])),
  );
  const [only] = operation === ALL && streaming.size === 1 ? streaming : [operation];
  const key = STREAM_KEYS[scope.metric]?.[statisticOf(scope) ?? ''];
  if (key === undefined || scope.isOfGood || only === undefined || only === ALL) return undefined;
  return usual(only, limit, (point) => point.operations[only]?.streams?.[key] ?? null);
}

/** Whether requests hardly waited before they were sent: the series has no service times, and then needs none. */
function isServedAtOnce({ totals, operations }: RunResult, operation: string, key: string): boolean {
  const valueOf = ({ percentiles, meanMs, maxMs }: RunResult['totals']['responseTime']): number | null =>
    (key === 'avg' ? meanMs : key === 'max' ? maxMs : percentiles[key as keyof typeof percentiles]) ?? null;
  const judged = operation === ALL ? [totals] : operations.filter((each) => each.operation === operation);
  return judged.every(({ responseTime, serviceTime }) => {
    const [response, service] = [valueOf(responseTime), valueOf(serviceTime)];
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
function usual(
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

/** One answer breaks a limit of the maximum: the stretch is where answers exceed it most. */
function highest(
  operation: string,
  limit: number,
  valueOf: (point: SeriesPoint) => number | null,
): PromiseCourse {
  return {
    operation,
    isOfOne: true,
    excess(point) {
      const value = valueOf(point);
      if (value === null) return 0;
      return value > limit ? value - limit : -limit / 2;
    },
  };
}
