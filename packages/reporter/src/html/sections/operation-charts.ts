import { distributionChart, timeChart, type Bucket, type TimeChart } from '@jarvis-load/charts';
import { decodeHistogram, latencyRowEdge, latencyRows } from '@jarvis-load/engine/recorder';
import { formatCount, type OperationStats, type RunResult } from '@jarvis-load/engine/result';
import { STATUS_WORDS, type Status } from '../../view/status.ts';
import { goodQuantiles, hasGoodQuantiles } from '../../view/operation-quantiles.ts';
import { isMissed, promisesOf } from '../../view/promise.ts';
import { stillChart, timeChartView, type ChartView } from '../chart-view.ts';
import { operationLimits } from './latency-limits.ts';
import { timesOf } from './over-time.ts';

/** Bounds the size of the file, which people send by mail; the table of operations has the numbers of all. */
const MOST_DRAWN = 16;
const COLUMNS_PER_DECADE = 16;

/** The charts of one operation. */
export interface OperationCharts {
  readonly id: string;
  readonly operation: string;
  readonly status: Status | null;
  readonly word: string;
  readonly summary: string;
  readonly charts: readonly ChartView[];
}

/**
 * Quantiles over time and the distribution of each operation, those that missed their limits first. The course over time is that
 * of all scenarios with the operation; each of them has a distribution of its own.
 */
export function operationCharts(result: RunResult): {
  readonly shown: readonly OperationCharts[];
  readonly hidden: number;
} {
  const names = [...new Set(result.operations.map(({ operation }) => operation))];
  const missed = new Set(
    promisesOf(result)
      .filter(isMissed)
      .map(({ operation }) => operation),
  );
  const requests = (name: string) =>
    result.operations.reduce((sum, each) => sum + (each.operation === name ? each.requests : 0), 0);
  const ordered = names.toSorted(
    (a, b) => Number(missed.has(b)) - Number(missed.has(a)) || requests(b) - requests(a),
  );
  const drawn = result.series.points.length === 0 ? [] : ordered.slice(0, MOST_DRAWN);
  return {
    shown: drawn.map((operation, index) => chartsOf(result, operation, index)),
    hidden: drawn.length === 0 ? 0 : ordered.length - drawn.length,
  };
}

function chartsOf(result: RunResult, operation: string, index: number): OperationCharts {
  const own = promisesOf(result).filter((promise) => promise.operation === operation);
  const missed = own.filter(isMissed);
  const status = missed.some((each) => each.status !== 'machine-limited')
    ? 'fail'
    : missed.length > 0
      ? 'machine-limited'
      : own.some((each) => each.status === 'pass')
        ? 'pass'
        : null;
  const stats = result.operations.filter((each) => each.operation === operation);
  const requests = stats.reduce((sum, each) => sum + each.requests, 0);
  const failed = stats.reduce((sum, each) => sum + each.failed, 0);
  return {
    id: `operation-${index}`,
    operation,
    status,
    word: status === null ? 'nothing promised' : STATUS_WORDS[status],
    summary: `${formatCount(requests)} requests, ${formatCount(failed)} failed`,
    charts: [
      overTime(result, operation, index),
      ...stats.flatMap((each, part) => distribution(result, each, `distribution-${index}-${part}`) ?? []),
    ],
  };
}

function overTime(result: RunResult, operation: string, index: number): ChartView {
  const { points } = result.series;
  const quantile = (key: 'p50Ms' | 'p95Ms' | 'p99Ms') =>
    points.map(({ operations }) => {
      const own = operations[operation];
      return own === undefined ? null : goodQuantiles(own)[key];
    });
  const series = [
    { name: 'p50', hue: 'p50', stroke: 'dotted', values: quantile('p50Ms') },
    { name: 'p95', hue: 'p95', values: quantile('p95Ms') },
    { name: 'p99', hue: 'p99', stroke: 'dashed', values: quantile('p99Ms') },
  ] as const;
  const highest = Math.max(0, ...series.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const { shown, note } = operationLimits(result, operation, highest);
  const answers = hasGoodQuantiles(result, operation)
    ? 'Response times of good answers'
    : 'Response times of all outcomes; objectives judge those of good answers';
  const failures = points.map(({ operations }) => operations[operation]?.failed ?? 0);
  const chart: TimeChart = {
    ...timesOf(result),
    description: `Percentiles of the response time of ${operation} over the run. The numbers are in the table below.`,
    panels: [
      { title: 'Response time, ms', height: 120, kind: 'lines', series, limits: shown },
      ...(failures.some((count) => count > 0)
        ? [
            {
              title: 'Failed per interval',
              height: 34,
              kind: 'steps' as const,
              series: [{ name: 'failed', hue: 'server-error' as const, values: failures }],
            },
          ]
        : []),
    ],
  };
  return timeChartView(
    { id: `time-${index}`, title: operation, caption: `${answers}, when they completed.${note}`, wide: true },
    chart,
    timeChart(chart),
  );
}

function distribution(result: RunResult, stats: OperationStats, id: string): ChartView | undefined {
  const { histogram } = stats.responseTime;
  if (histogram === undefined || stats.responseTime.count === 0) return undefined;
  const { first, counts } = latencyRows(decodeHistogram(histogram), COLUMNS_PER_DECADE);
  const edge = (row: number) => latencyRowEdge(row, COLUMNS_PER_DECADE);
  const buckets = counts.map((count, row): Bucket => ({
    fromMs: edge(first + row),
    toMs: edge(first + row + 1),
    count,
  }));
  const several = result.operations.filter(({ operation }) => operation === stats.operation).length > 1;
  const title = several ? `Distribution, ms: ${stats.scenario}` : 'Distribution, ms';
  return stillChart(
    { id, title, caption: '' },
    distributionChart({
      description: `Distribution of ${formatCount(stats.responseTime.count)} response times of ${stats.operation}, on a logarithmic axis of milliseconds.`,
      title,
      buckets,
      limits: operationLimits(result, stats.operation, stats.responseTime.maxMs ?? 0).shown,
    }),
  );
}
