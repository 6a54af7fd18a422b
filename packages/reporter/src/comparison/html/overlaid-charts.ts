import { percentileChart, timeChart, type TimeChart, type TimeSeries } from '@jarvis-load/charts';
import type { Comparison } from '@jarvis-load/compare';
import type { LatencyStats, RunResult } from '@jarvis-load/engine/result';
import { stillChart, timeChartView, type ChartView } from '../../html/chart-view.ts';
import { curve } from '../../html/sections/percentile-curves.ts';
import { operationNames } from '../operation-names.ts';
import type { ComparedSides } from '../compared-sides.ts';

/** Most operations with a chart of their own: the changed ones, then the others. */
const MOST_OPERATIONS = 12;
/** Changed operations come first. */
const ORDER = ['worse', 'better', 'cannot-tell', 'no-difference'] as const;

/** Charts with both sides in one: the course of the runs, and response times by percentile. Of several runs the newest ones. */
export function overlaidCharts(
  comparison: Comparison,
  sides: ComparedSides,
): {
  readonly course: readonly ChartView[];
  readonly curves: readonly ChartView[];
  /** Number of operations without a chart of their own. */
  readonly without: number;
} {
  const [base, candidate] = [sides.base.at(-1), sides.new.at(-1)];
  if (base === undefined || candidate === undefined) return { course: [], curves: [], without: 0 };
  const whose = sides.base.length + sides.new.length > 2 ? 'The newest run of each side. ' : '';
  const nameOf = operationNames(comparison.operations);
  const operations = comparison.operations
    .toSorted((a, b) => ORDER.indexOf(a.finding) - ORDER.indexOf(b.finding))
    .slice(0, MOST_OPERATIONS);
  const curves = [
    ...curveChart(
      'all',
      'All operations',
      base.totals.responseTimeOk,
      candidate.totals.responseTimeOk,
      whose,
    ),
    ...operations.flatMap((operation, index) => {
      const [one, other] = [base, candidate].map((run) =>
        run.operations.find(
          (each) => each.scenario === operation.scenario && each.operation === operation.operation,
        ),
      );
      return one === undefined || other === undefined
        ? []
        : curveChart(
            `operation-${index}`,
            nameOf(operation),
            one.responseTimeOk,
            other.responseTimeOk,
            whose,
          );
    }),
  ];
  return {
    course: courseChart(base, candidate, whose),
    curves,
    without: comparison.operations.length - operations.length,
  };
}

function curveChart(
  id: string,
  title: string,
  base: LatencyStats,
  candidate: LatencyStats,
  whose: string,
): ChartView[] {
  if (base.count === 0 || candidate.count === 0) return [];
  const curves = [curve('new', 'p95', 'solid', candidate), curve('base', 'target', 'dashed', base)];
  return [
    stillChart(
      { id: `curve-${id}`, title, caption: `${whose}Response times of good answers by percentile.` },
      percentileChart({
        description: `${title}: response times of both sides by percentile, logarithmic. The table has the changes.`,
        title: 'ms, at most, by share of the requests',
        curves,
      }),
      curves.map(({ name, hue, stroke = 'solid' }) => ({ name, hue, stroke })),
    ),
  ];
}

/** Response time and throughput of both runs over their time. */
function courseChart(base: RunResult, candidate: RunResult, whose: string): ChartView[] {
  const runs = [candidate, base];
  if (runs.some(({ series }) => series.points.length === 0)) return [];
  // Of runs with different resolutions: the wider one, with the last point of the finer run in each of its intervals.
  const binMs = Math.max(...runs.map(({ series }) => series.binMs));
  // An interval begins some milliseconds before or after its second.
  const binOf = (atMs: number, { series }: RunResult): number =>
    Math.floor((atMs + series.binMs / 2) / binMs);
  const bins = Math.max(...runs.map((run) => binOf(run.series.points.at(-1)?.atMs ?? 0, run) + 1));
  const valuesOf = <P extends { readonly atMs: number }>(
    run: RunResult,
    points: readonly P[],
    read: (point: P) => number | null,
  ): (number | null)[] => {
    const found = new Map(points.map((point) => [binOf(point.atMs, run), read(point)]));
    return Array.from({ length: bins }, (_, bin) => found.get(bin) ?? null);
  };
  const both = (read: (run: RunResult) => (number | null)[], suffix: string): TimeSeries[] => [
    { name: `new ${suffix}`, hue: 'p95', values: read(candidate) },
    { name: `base ${suffix}`, hue: 'target', stroke: 'dashed', values: read(base) },
  ];
  const chart: TimeChart = {
    description: 'p95 of the response time, and requests per second, of both sides over the run.',
    atSeconds: Array.from({ length: bins }, (_, bin) => (bin * binMs) / 1000),
    toSeconds: (bins * binMs) / 1000,
    panels: [
      {
        title: 'Response time p95, ms',
        height: 190,
        kind: 'lines',
        series: both((run) => valuesOf(run, run.series.byIntendedStart, ({ p95Ms }) => p95Ms), 'p95'),
      },
      {
        title: 'Requests per second',
        height: 80,
        kind: 'lines',
        series: both(
          (run) =>
            valuesOf(run, run.series.points, ({ requests, durationMs }) =>
              durationMs > 0 ? (requests * 1000) / durationMs : null,
            ),
          'requests/s',
        ),
      },
    ],
  };
  const described = {
    id: 'course',
    title: 'Both runs over time',
    caption: `${whose}All outcomes, from the start of each run.`,
    wide: true,
  };
  return [timeChartView(described, chart, timeChart(chart))];
}
