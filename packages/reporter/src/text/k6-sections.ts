import {
  formatCount,
  formatMeasure,
  formatNumber,
  formatShare,
  type LatencyStats,
  type MetricResult,
  type OperationStats,
  type RunResult,
} from '@jarvis-load/engine/result';
import { escapeTerminal } from '../escape/terminal.ts';
import { metricUnit } from '../view/metric-unit.ts';
import { section, type TextContext } from './context.ts';
import { textTable, type TextColumn, type TextRow } from './text-table.ts';

/** k6's trend columns, `summaryTrendStats`. */
const TREND = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'] as const;
const TREND_COLUMNS: readonly TextColumn[] = TREND.map((title) => ({
  title,
  align: 'right',
  ...(title === 'min' ? { shed: 2 } : title === 'max' ? { shed: 1 } : {}),
}));

/** `--summary=k6`: operations and metrics with the columns and names that k6 prints. */
export function k6Sections(result: RunResult, context: TextContext): string[] {
  const { operations, totals, metrics } = result;
  const several = new Set(operations.map(({ scenario }) => scenario)).size > 1;
  const named = (stats: OperationStats): string =>
    escapeTerminal(several ? `${stats.scenario} ${stats.operation}` : stats.operation);
  const trends = metrics.filter(({ kind }) => kind === 'trend');
  const others = metrics.filter(({ kind }) => kind !== 'trend');
  return [
    ...section(
      context,
      'OPERATIONS',
      operations.length === 0
        ? []
        : textTable(
            context,
            [
              { title: '', align: 'left', shrinkTo: 14 },
              { title: 'count', align: 'right' },
              { title: 'rps', align: 'right', shed: 3 },
              { title: 'fail', align: 'right' },
              ...TREND_COLUMNS,
            ],
            [
              ...operations.map((stats) => operationRow(named(stats), stats)),
              ...(operations.length > 1 ? [operationRow('all', totals)] : []),
            ],
          ),
      'response times in ms, all outcomes',
    ),
    ...section(
      context,
      'TRENDS',
      trends.length === 0
        ? []
        : textTable(
            context,
            [
              { title: '', align: 'left', shrinkTo: 14 },
              { title: 'unit', align: 'left', shed: 4 },
              ...TREND_COLUMNS,
            ],
            trends.map((metric): TextRow => [
              nameOf(metric),
              escapeTerminal(metric.unit),
              ...TREND.map((key) => formatNumber(metric.values[key] ?? null)),
            ]),
          ),
    ),
    ...section(
      context,
      'METRICS',
      textTable(
        context,
        [
          { title: '', align: 'left', shrinkTo: 14 },
          { title: '', align: 'right' },
          { title: '', align: 'left' },
        ],
        others.map((metric): TextRow => [nameOf(metric), ...valuesOf(metric)]),
      ),
    ),
  ];
}

function operationRow(name: string, stats: OperationStats): TextRow {
  const { requests, requestsPerSecond, failureShare, failed, responseTime } = stats;
  return [
    name,
    formatCount(requests),
    formatNumber(requestsPerSecond),
    { text: formatShare(failureShare), styles: failed > 0 ? ['red'] : [] },
    ...trendOf(responseTime),
  ];
}

function trendOf({ meanMs, minMs, maxMs, percentiles }: LatencyStats): string[] {
  return [meanMs, minMs, percentiles.p50, maxMs, percentiles.p90, percentiles.p95].map(formatNumber);
}

function nameOf({ name, scenario }: MetricResult): string {
  return escapeTerminal(scenario === null ? name : `${name}{scenario:${scenario}}`);
}

/** The two columns of k6: the value, and what stands behind it. */
function valuesOf({ kind, unit, values }: MetricResult): [string, string] {
  const shown = (key: string): string => formatMeasure(values[key] ?? null, metricUnit(kind, unit, key));
  if (kind === 'counter') return [shown('count'), shown('rate')];
  if (kind === 'rate') {
    const { passes = 0, fails = 0 } = values;
    return [shown('rate'), `${shown('passes')} of ${formatCount((passes ?? 0) + (fails ?? 0))}`];
  }
  const bounds = values['min'] === undefined ? '' : `min=${shown('min')} max=${shown('max')}`;
  return [shown('value'), bounds];
}
