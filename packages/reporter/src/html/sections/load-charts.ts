import { heatMap, scatterChart } from '@jarvis-load/charts';
import { latencyRowEdge } from '@jarvis-load/engine/recorder';
import {
  LATENCY_ROWS_PER_DECADE,
  formatCount,
  formatNumber,
  type RunResult,
} from '@jarvis-load/engine/result';
import { loadKind, loadOverTime } from '../../findings/load-over-time.ts';
import { stillChart, type ChartView } from '../chart-view.ts';

/** Least ratio of the highest to the lowest load for the chart: below, a bend would not show. */
const VARIES = 1.5;

/** Latency over time as a heat map, and response time against load. */
export function loadCharts(result: RunResult): ChartView[] {
  return [...latencyHeatMap(result), ...knee(result)];
}

function latencyHeatMap(result: RunResult): ChartView[] {
  const columns = result.series.points.flatMap(({ atMs, durationMs, latencyRows }) =>
    latencyRows === undefined || latencyRows.counts.length === 0
      ? []
      : [
          {
            fromSeconds: atMs / 1000,
            toSeconds: (atMs + durationMs) / 1000,
            counts: [...Array.from({ length: latencyRows.first }, () => 0), ...latencyRows.counts],
          },
        ],
  );
  if (columns.length === 0) return [];
  const rows = Math.max(...columns.map(({ counts }) => counts.length));
  return [
    stillChart(
      {
        id: 'heat-map',
        title: 'Response times over the run',
        caption: 'The darker, the larger the share of the requests of that time; a logarithmic axis.',
      },
      heatMap({
        description: `Heat map of ${formatCount(result.totals.responseTime.count)} response times over the run. The percentiles over time are in the table of the first chart.`,
        title: 'ms',
        edgesMs: Array.from({ length: rows + 2 }, (_, row) => latencyRowEdge(row, LATENCY_ROWS_PER_DECADE)),
        columns,
        toSeconds: Math.max(...columns.map(({ toSeconds }) => toSeconds)),
      }),
    ),
  ];
}

function knee(result: RunResult): ChartView[] {
  const loads = loadOverTime(result).flatMap(({ index, load }) => {
    const percentiles = result.series.points[index]?.responseTime.percentiles;
    return load === null || load === 0 || percentiles === undefined ? [] : [{ load, percentiles }];
  });
  const values = loads.map(({ load }) => load);
  if (values.length < 5 || Math.max(...values) < Math.min(...values) * VARIES) return [];
  const what = loadKind(result) === 'users' ? 'users' : 'requests/s asked for';
  return [
    stillChart(
      {
        id: 'knee',
        title: 'Response time against load',
        caption: `A dot per interval, by ${what}, from ${formatNumber(Math.min(...values))} to ${formatNumber(Math.max(...values))}. Where the dots turn upwards, the target has no more capacity.`,
      },
      scatterChart({
        description: `Response time against ${what}, a dot for each interval of the run.`,
        title: `ms, by ${what}`,
        series: [
          {
            name: 'p95',
            hue: 'p95',
            points: loads.map(({ load, percentiles }) => ({ load, ms: percentiles.p95 })),
          },
          {
            name: 'p50',
            hue: 'p50',
            points: loads.map(({ load, percentiles }) => ({ load, ms: percentiles.p50 })),
          },
        ],
      }),
      [
        { name: 'p95', hue: 'p95', stroke: 'solid' },
        { name: 'p50', hue: 'p50', stroke: 'solid' },
      ],
    ),
  ];
}
