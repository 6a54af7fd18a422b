import {
  formatCount,
  formatMeasure,
  formatNumber,
  NO_VALUE,
  type MetricResult,
  type RunResult,
} from '@jarvis-load/engine/result';
import { metricUnit } from '../../view/metric-unit.ts';
import { sortedMetrics } from '../../view/sorted-metrics.ts';
import type { HtmlCell, HtmlTable } from '../table-model.ts';

/** Values of a trend in k6's names, and their headings. */
const TREND_COLUMNS = [
  ['count', 'Count'],
  ['avg', 'Avg'],
  ['min', 'Min'],
  ['med', 'Med'],
  ['p(90)', 'p90'],
  ['p(95)', 'p95'],
  ['p(99)', 'p99'],
  ['max', 'Max'],
] as const;

/** Metrics as tables: those of scenarios and streams, and those that every run has (`sortedMetrics`). */
export function metricsTables(result: RunResult): {
  readonly own: readonly HtmlTable[];
  readonly builtIn: readonly HtmlTable[];
  readonly builtInTitle: string;
} {
  const { own, streams, builtIn } = sortedMetrics(result);
  return {
    own: tablesOf('Metrics of the scenarios', [...own, ...streams]),
    builtIn: tablesOf('Built-in metrics', builtIn),
    builtInTitle: `${formatCount(builtIn.length)} built-in metrics`,
  };
}

function tablesOf(caption: string, metrics: readonly MetricResult[]): HtmlTable[] {
  const trends = metrics.filter(({ kind }) => kind === 'trend');
  const others = metrics.filter(({ kind }) => kind !== 'trend');
  return [
    trendTable(`${caption}: trends`, trends),
    otherTable(`${caption}: counters, rates, gauges`, others),
  ].filter(({ rows }) => rows.length > 0);
}

function trendTable(caption: string, metrics: readonly MetricResult[]): HtmlTable {
  return {
    caption,
    sortable: true,
    columns: [
      { title: 'Trend' },
      { title: 'Unit' },
      ...TREND_COLUMNS.map(([, title]) => ({ title, numeric: true })),
    ],
    rows: metrics.map((metric) => ({
      cells: [
        nameCell(metric),
        { text: metric.unit === '' ? NO_VALUE : metric.unit },
        ...TREND_COLUMNS.map(([key]): HtmlCell => {
          const value = metric.values[key] ?? null;
          return { text: key === 'count' ? formatCount(value) : formatNumber(value), sort: value ?? -1 };
        }),
      ],
    })),
  };
}

function otherTable(caption: string, metrics: readonly MetricResult[]): HtmlTable {
  return {
    caption,
    columns: [{ title: 'Metric' }, { title: 'Kind' }, { title: 'Values' }],
    rows: metrics.map((metric) => ({
      cells: [nameCell(metric), { text: metric.kind }, { text: valuesOf(metric), wrap: true }],
    })),
  };
}

function nameCell({ name, scenario, rejected }: MetricResult): HtmlCell {
  const where = [
    ...(scenario === null ? [] : [scenario]),
    ...(rejected > 0 ? [`${formatCount(rejected)} values rejected: negative or not finite`] : []),
  ];
  return { text: name, code: true, ...(where.length === 0 ? {} : { sub: where.join('; ') }) };
}

function valuesOf({ kind, unit, values }: MetricResult): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${formatMeasure(value, metricUnit(kind, unit, name))}`)
    .join(' · ');
}
