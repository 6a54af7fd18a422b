import { OUTCOMES, type Outcome } from '@jarvis-load/engine/outcome';
import { formatNumber, type RunResult } from '@jarvis-load/engine/result';
import { formatElapsed } from '../../format/time.ts';
import type { ChartData, ChartSeries, Hue, Stroke } from '../chart-data.ts';
import type { HtmlTable } from '../table-model.ts';
import { latencyLimits } from './latency-limits.ts';

/** A chart with title, caption and the table behind it. */
export interface ChartSection {
  readonly title: string;
  readonly caption: string;
  readonly data: ChartData;
  readonly table: HtmlTable;
  /** Shown instead of an empty chart. */
  readonly empty?: string;
}

const STROKES: readonly Stroke[] = ['solid', 'dashed', 'dotted'];

/** Bounds the length of the page; the document contains all trends. */
const MOST_TRENDS = 4;

/** The charts of a run over time. */
export function chartSections(result: RunResult): ChartSection[] {
  if (result.series.points.length === 0) return [];
  return [throughput(result), latency(result), users(result), failures(result), ...trends(result)];
}

function throughput(result: RunResult): ChartSection {
  const outcomes = OUTCOMES.filter((outcome) => outcome === 'ok' || result.totals.outcomes[outcome] > 0);
  return completedChart(result, {
    id: 'throughput',
    title: 'Requests per second',
    caption: 'By outcome, stacked; counted when they completed.',
    unit: 'perSecond',
    kind: 'areas',
    series: outcomes.map((outcome) => outcomeSeries(result, outcome, 'solid')),
  });
}

function failures(result: RunResult): ChartSection {
  const outcomes = OUTCOMES.filter((outcome) => outcome !== 'ok' && result.totals.outcomes[outcome] > 0);
  const chart = completedChart(result, {
    id: 'failures',
    title: 'Errors per second',
    caption: 'Failed requests by outcome; counted when they completed.',
    unit: 'perSecond',
    kind: 'lines',
    series: outcomes.map((outcome, index) => outcomeSeries(result, outcome, STROKES[index % 3] ?? 'solid')),
  });
  return outcomes.length === 0 ? { ...chart, empty: 'No request failed.' } : chart;
}

function users(result: RunResult): ChartSection {
  const { points } = result.series;
  return completedChart(result, {
    id: 'users',
    title: 'Users',
    caption: 'Active users, and how many the plan asked for.',
    unit: 'users',
    kind: 'steps',
    series: [
      { label: 'active', hue: 'users', stroke: 'solid', values: points.map((point) => point.users) },
      { label: 'planned', hue: 'target', stroke: 'dashed', values: points.map((point) => point.targetUsers) },
    ],
  });
}

/** Custom trends without a unit, such as a word error rate; those with a unit of time are not charted here. */
function trends(result: RunResult): ChartSection[] {
  const names = new Set(
    result.metrics.filter(({ kind, unit }) => kind === 'trend' && unit === '').map(({ name }) => name),
  );
  const { points } = result.series;
  return [...names]
    .filter((name) => points.some((point) => point.trends?.[name] !== undefined))
    .slice(0, MOST_TRENDS)
    .map((name, index) =>
      completedChart(result, {
        id: `trend-${index}`,
        title: name,
        caption:
          'Mean of the values recorded in each interval. The users at that time are in the chart above.',
        unit: 'value',
        kind: 'lines',
        series: [
          {
            label: 'mean',
            hue: 'p50',
            stroke: 'solid',
            values: points.map((point) => point.trends?.[name]?.mean ?? null),
          },
        ],
      }),
    );
}

function latency(result: RunResult): ChartSection {
  const points = result.series.byIntendedStart;
  const { binMs } = result.series;
  const line = (label: 'p50' | 'p95' | 'p99', stroke: Stroke): ChartSeries => ({
    label,
    hue: label,
    stroke,
    values: points.map((point) => point[`${label}Ms`]),
  });
  const series = [line('p50', 'dotted'), line('p95', 'solid'), line('p99', 'dashed')];
  const highest = Math.max(0, ...series.flatMap(({ values }) => values).filter((value) => value !== null));
  const { shown, note } = latencyLimits(result.thresholds, result.scenarios.length, highest);
  const data: ChartData = {
    id: 'latency',
    unit: 'ms',
    kind: 'lines',
    xSeconds: points.map(({ atMs }) => (atMs + binMs / 2) / 1000),
    endSeconds: result.run.durationMs / 1000,
    series,
    limits: shown,
  };
  const title = 'Response time, ms';
  return {
    title,
    caption: `Percentiles of all outcomes, placed at the intended start of the request.${note}`,
    data,
    table: dataTable(
      title,
      points.map(({ atMs }) => atMs),
      series,
    ),
    ...(highest === 0 ? { empty: 'No request was answered.' } : {}),
  };
}

function completedChart(
  result: RunResult,
  chart: Pick<ChartData, 'id' | 'unit' | 'kind' | 'series'> & {
    readonly title: string;
    readonly caption: string;
  },
): ChartSection {
  const { points } = result.series;
  const { title, caption, ...data } = chart;
  const middle = (point: { atMs: number; durationMs: number }) => point.atMs + point.durationMs / 2;
  const end = (point: { atMs: number; durationMs: number }) => point.atMs + point.durationMs;
  return {
    title,
    caption,
    data: {
      ...data,
      xSeconds: points.map((point) => (data.kind === 'steps' ? end(point) : middle(point)) / 1000),
      endSeconds: result.run.durationMs / 1000,
      limits: [],
    },
    table: dataTable(
      title,
      points.map(({ atMs }) => atMs),
      data.series,
    ),
  };
}

function outcomeSeries(result: RunResult, outcome: Outcome, stroke: Stroke): ChartSeries {
  return {
    label: outcome.replaceAll('_', ' '),
    hue: outcome.replaceAll('_', '-') as Hue,
    stroke,
    values: result.series.points.map(({ outcomes, durationMs }) =>
      durationMs > 0 ? Math.round((outcomes[outcome] * 1_000_000) / durationMs) / 1000 : 0,
    ),
  };
}

function dataTable(title: string, startsMs: readonly number[], series: readonly ChartSeries[]): HtmlTable {
  return {
    caption: `${title}: the numbers behind the chart`,
    columns: [{ title: 'From' }, ...series.map(({ label }) => ({ title: label, numeric: true }))],
    rows: startsMs.map((startMs, index) => ({
      cells: [
        { text: formatElapsed(startMs) },
        ...series.map(({ values }) => ({ text: formatNumber(values[index] ?? null) })),
      ],
    })),
  };
}
