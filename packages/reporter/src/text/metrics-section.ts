import {
  formatCount,
  formatMeasure,
  formatNumber,
  type MetricResult,
  type RunResult,
} from '@jarvis-load/engine/result';
import { escapeTerminal } from '../escape/terminal.ts';
import { metricUnit } from '../view/metric-unit.ts';
import { sortedMetrics } from '../view/sorted-metrics.ts';
import { INDENT, section, type TextContext } from './context.ts';
import { textTable, type TextColumn, type TextRow } from './text-table.ts';

/** Further metrics are in the report. */
const MOST_SHOWN = 40;

/** k6's trend columns, `summaryTrendStats`. */
const TREND = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'] as const;
/** Headings of the values of a trend. */
export const TREND_COLUMNS: readonly TextColumn[] = TREND.map((title) => ({
  title,
  align: 'right',
  ...(title === 'min' ? { shed: 2 } : title === 'max' ? { shed: 1 } : {}),
}));

/** Metrics that the scenarios record; nothing without any. */
export function ownMetricsSections(result: RunResult, context: TextContext): string[] {
  const { own } = sortedMetrics(result);
  const hidden = own.length - MOST_SHOWN;
  return [
    ...metricsSections(own.slice(0, MOST_SHOWN), context, 'of the scenarios'),
    ...(hidden > 0 ? [`${INDENT}${formatCount(hidden)} more in the report`] : []),
  ];
}

/** Trends, then all other metrics, with the columns and names that k6 prints. */
export function metricsSections(
  metrics: readonly MetricResult[],
  context: TextContext,
  aside?: string,
): string[] {
  const trends = metrics.filter(({ kind }) => kind === 'trend');
  const others = metrics.filter(({ kind }) => kind !== 'trend');
  return [
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
      aside,
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
      aside,
    ),
  ];
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
