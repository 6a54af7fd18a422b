import { timeChart, type TimeChart, type TimeSeries } from '@jarvis-load/charts';
import { isFailure, OUTCOMES, STREAM_OUTCOMES, type Outcome } from '@jarvis-load/engine/outcome';
import { formatCount, type RunResult } from '@jarvis-load/engine/result';
import { describeLoadChanges, loadChanges } from '../../view/load-changes.ts';
import { timeChartView, type ChartView } from '../chart-view.ts';
import { latencyLimits } from './latency-limits.ts';
import { stageBands } from './stage-bands.ts';

/** Bounds the length of the page; the document contains all trends. */
const MOST_TRENDS = 4;

/**
 * Latency and users over the run, with limits and stages: the chart at the top of the report.
 *
 * Must hold, in all charts over time, also those of `streams.ts` and `operation-charts.ts`:
 * - Times are the middles of the intervals (`timesOf`): the cursor of the page finds the same row in every chart by its index.
 * - Series by intended start are matched to intervals by bin, not by index: an interval may have no requests.
 */
export function overviewChart(result: RunResult): ChartView | undefined {
  const { points, byIntendedStart, binMs } = result.series;
  if (points.length === 0) return undefined;
  const binOf = (atMs: number) => Math.round(atMs / binMs);
  const intended = new Map(byIntendedStart.map((point) => [binOf(point.atMs), point]));
  const quantile = (key: 'p50Ms' | 'p95Ms' | 'p99Ms') =>
    points.map(({ atMs }) => intended.get(binOf(atMs))?.[key] ?? null);
  const latency: TimeSeries[] = [
    { name: 'p50', hue: 'p50', stroke: 'dotted', values: quantile('p50Ms') },
    { name: 'p95', hue: 'p95', values: quantile('p95Ms') },
    { name: 'p99', hue: 'p99', stroke: 'dashed', values: quantile('p99Ms') },
  ];
  const highest = Math.max(0, ...latency.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const { shown, note } = latencyLimits(result, highest);
  const users = points.map((point) => point.users);
  const chart: TimeChart = {
    ...timesOf(result),
    description:
      'Percentiles of the response time, and users, over the run. The numbers are in the table below.',
    bands: stageBands(result),
    marks: loadChanges(result).map(({ atMs }) => atMs / 1000),
    panels: [
      { title: 'Response time, ms', height: 190, kind: 'lines', series: latency, limits: shown },
      ...(users.every((each) => each === null)
        ? []
        : [
            {
              title: 'Users',
              height: 56,
              kind: 'steps' as const,
              series: [
                { name: 'users', hue: 'users' as const, values: users },
                {
                  name: 'planned',
                  hue: 'target' as const,
                  stroke: 'dashed' as const,
                  values: points.map(({ targetUsers }) => targetUsers),
                },
              ],
            },
          ]),
    ],
  };
  return timeChartView(
    {
      id: 'overview',
      title: 'Response time and users',
      caption: ['All outcomes, at the intended start of the request.' + note, describeLoadChanges(result)]
        .filter((text) => text !== '')
        .join(' '),
      wide: true,
    },
    chart,
    timeChart(chart),
  );
}

/** Requests and errors per second by outcome, and custom trends without a unit, such as a word error rate. */
export function overTimeCharts(result: RunResult): ChartView[] {
  if (result.series.points.length === 0) return [];
  const outcomes = OUTCOMES.filter(
    (outcome) => outcome === 'ok' || (result.totals.outcomes[outcome] ?? 0) > 0,
  );
  const errors = outcomes.filter(isFailure);
  return [
    completedChart(
      result,
      'throughput',
      'Requests per second',
      'By outcome, stacked; counted when they completed.',
      {
        kind: 'areas',
        series: outcomes.map((outcome) => outcomeSeries(result, outcome, 'solid')),
      },
    ),
    ...(errors.length === 0
      ? []
      : [
          completedChart(
            result,
            'failures',
            'Errors per second',
            'Failed requests by outcome; counted when they completed.',
            {
              kind: 'lines',
              series: errors.map((outcome, index) =>
                outcomeSeries(result, outcome, strokeOf(outcome, index)),
              ),
            },
          ),
        ]),
    ...trendCharts(result),
  ];
}

/** Times of the intervals of a run, in their middle, and its length, in seconds. */
export function timesOf({ series, run }: RunResult): Pick<TimeChart, 'atSeconds' | 'timesAt' | 'toSeconds'> {
  const atSeconds = series.points.map(({ atMs, durationMs }) => (atMs + durationMs / 2) / 1000);
  return { atSeconds, timesAt: 'middle', toSeconds: Math.max(run.durationMs / 1000, atSeconds.at(-1) ?? 0) };
}

function trendCharts(result: RunResult): ChartView[] {
  const names = new Set(
    result.metrics.filter(({ kind, unit }) => kind === 'trend' && unit === '').map(({ name }) => name),
  );
  const { points } = result.series;
  const recorded = [...names].filter((name) => points.some((point) => point.trends?.[name] !== undefined));
  const hidden = recorded.length - MOST_TRENDS;
  const caption = `Mean of the values recorded in each interval.${hidden > 0 ? ` ${formatCount(hidden)} more metrics have no chart; the table has them.` : ''}`;
  return recorded.slice(0, MOST_TRENDS).map((name, index) =>
    completedChart(result, `trend-${index}`, name, caption, {
      kind: 'lines',
      series: [
        { name: 'mean', hue: 'p50', values: points.map((point) => point.trends?.[name]?.mean ?? null) },
      ],
    }),
  );
}

function completedChart(
  result: RunResult,
  id: string,
  title: string,
  caption: string,
  panel: { readonly kind: 'areas' | 'lines'; readonly series: readonly TimeSeries[] },
): ChartView {
  const chart: TimeChart = {
    ...timesOf(result),
    description: `${title} over the run. The numbers are in the table below.`,
    panels: [{ title, height: 130, ...panel }],
  };
  return timeChartView({ id, title, caption }, chart, timeChart(chart));
}

function outcomeSeries(
  result: RunResult,
  outcome: Outcome,
  stroke: 'solid' | 'dashed' | 'dotted',
): TimeSeries {
  return {
    name: outcome.replaceAll('_', ' '),
    hue: HUES[outcome],
    stroke,
    values: result.series.points.map(({ outcomes, durationMs }) =>
      durationMs > 0 ? Math.round(((outcomes[outcome] ?? 0) * 1_000_000) / durationMs) / 1000 : 0,
    ),
  };
}

/** Outcomes of streams share a colour with another outcome, and differ from it by the stroke. */
function strokeOf(outcome: Outcome, index: number): 'solid' | 'dashed' | 'dotted' {
  if (OF_STREAMS.has(outcome)) return 'dashed';
  return index % 2 === 0 ? 'solid' : 'dotted';
}

const OF_STREAMS: ReadonlySet<Outcome> = new Set(STREAM_OUTCOMES);

const HUES = {
  ok: 'ok',
  rate_limited: 'rate-limited',
  unauthorized: 'unauthorized',
  client_error: 'client-error',
  server_error: 'server-error',
  timeout: 'timeout',
  connection_error: 'connection-error',
  invalid_body: 'invalid-body',
  // Outcomes of streams share a colour with the outcome of other requests that they resemble.
  truncated: 'connection-error',
  stalled: 'timeout',
  empty: 'client-error',
  hung_up: 'unauthorized',
  failed_in_band: 'invalid-body',
} as const satisfies Record<Outcome, string>;
