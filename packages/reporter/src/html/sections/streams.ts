import {
  distributionChart,
  percentileChart,
  timeChart,
  type TimeChart,
  type TimePanel,
} from '@jarvis-load/charts';
import { decodeHistogram, latencyRowEdge, latencyRows } from '@jarvis-load/engine/recorder';
import { formatCount, formatNumber, type OperationStats, type RunResult } from '@jarvis-load/engine/result';
import { goodputSummary, streamRemarks, streamsOf, type StreamStats } from '../../view/streams.ts';
import { stillChart, timeChartView, type ChartView } from '../chart-view.ts';
import type { HtmlTable } from '../table-model.ts';
import { streamLimits } from './latency-limits.ts';
import { timesOf } from './over-time.ts';
import { curve } from './percentile-curves.ts';
import { streamsTable } from './streams-table.ts';
import { streamsWaterfall } from './streams-waterfall.ts';

/** Bounds the size of the file, which people send by mail; the table has the numbers of all. */
const MOST_DRAWN = 6;
const COLUMNS_PER_DECADE = 16;

/**
 * The section of the report on streamed responses.
 *
 * Must hold:
 * - Ids of charts contain the index of the operation: they are unique in the page.
 * - Histograms and examples are of one scenario's operation; the series over time are of all scenarios with that name.
 */
export interface StreamsView {
  /** Of all operations. */
  readonly overview: HtmlTable;
  readonly remarks: readonly string[];
  readonly operations: readonly {
    readonly id: string;
    readonly name: string;
    readonly summary: string;
    readonly charts: readonly ChartView[];
  }[];
  readonly hidden: number;
}

/** Streamed responses: first and last token over time and by percentile, gaps, example answers; undefined without any. */
export function streamsView(result: RunResult): StreamsView | undefined {
  const overview = streamsTable(result);
  if (overview === undefined) return undefined;
  const rows = streamsOf(result).toSorted(([, a], [, b]) => b.streams - a.streams);
  const drawn = rows.slice(0, MOST_DRAWN);
  const names = result.operations.map(({ operation }) => operation);
  const shared = (name: string) => names.filter((each) => each === name).length > 1;
  return {
    overview,
    remarks: streamRemarks(result),
    operations: drawn.map(([stats, streams], index) => ({
      id: `streams-${index}`,
      name: shared(stats.operation) ? `${stats.operation}, ${stats.scenario}` : stats.operation,
      summary: summaryOf(streams),
      charts: chartsOf(result, stats, streams, index, shared(stats.operation)),
    })),
    hidden: rows.length - drawn.length,
  };
}

function summaryOf(streams: StreamStats): string {
  const perStream = streams.streams === 0 ? 0 : streams.tokens / streams.streams;
  return [
    `${formatCount(streams.streams)} streams`,
    ...(perStream === 0 ? [] : [`${formatNumber(perStream)} tokens each`]),
    ...goodputSummary(streams),
  ].join(', ');
}

function chartsOf(
  result: RunResult,
  stats: OperationStats,
  streams: StreamStats,
  index: number,
  shared: boolean,
): ChartView[] {
  return [
    ...overTime(result, stats.operation, index, shared),
    ...firstToken(streams, index),
    ...lastToken(streams, index),
    ...gaps(stats, streams, index),
    ...streamsWaterfall(stats.operation, streams, `streams-waterfall-${index}`),
  ];
}

/** Series are kept by operation, over all scenarios. */
function overTime(result: RunResult, operation: string, index: number, shared: boolean): ChartView[] {
  const points = result.series.points.map((point) => ({
    seconds: Math.max(point.durationMs, 1) / 1000,
    own: point.operations[operation]?.streams,
  }));
  if (points.every(({ own }) => own === undefined)) return [];
  const time = (key: 'ttftP50Ms' | 'ttftP95Ms' | 'ttltP50Ms' | 'ttltP95Ms') =>
    points.map(({ own }) => own?.[key] ?? null);
  const judged = points.some(({ own }) => (own?.judged ?? 0) > 0);
  const limits = (of: 'ttft' | 'ttlt') => {
    const values = [...time(`${of}P50Ms`), ...time(`${of}P95Ms`)];
    return streamLimits(result, operation, of, Math.max(0, ...values.map((value) => value ?? 0)));
  };
  const pair = (title: string, of: 'ttft' | 'ttlt', name: string): TimePanel => ({
    title,
    height: 96,
    kind: 'lines',
    limits: limits(of).shown,
    series: [
      { name: `${name} p95`, hue: of === 'ttft' ? 'p95' : 'p99', values: time(`${of}P95Ms`) },
      {
        name: `${name} p50`,
        hue: of === 'ttft' ? 'p95' : 'p99',
        stroke: 'dotted',
        values: time(`${of}P50Ms`),
      },
    ],
  });
  const chart: TimeChart = {
    ...timesOf(result),
    description: `First and last token, tokens per second and good streams of ${operation} over the run. The numbers are in the table below.`,
    panels: [
      pair('First token, ms from the intended start', 'ttft', 'first'),
      pair('Last token, ms from the intended start', 'ttlt', 'last'),
      {
        title: 'Tokens/s',
        height: 48,
        kind: 'steps',
        series: [
          {
            name: 'tokens/s',
            hue: 'p50',
            values: points.map(({ own, seconds }) => (own?.tokens ?? 0) / seconds),
          },
        ],
      },
      ...(judged
        ? [
            {
              title: 'Good streams, % of those that ended',
              height: 48,
              kind: 'lines' as const,
              series: [
                {
                  name: 'good, %',
                  hue: 'users' as const,
                  values: points.map(({ own }) =>
                    own === undefined || own.judged === 0 ? null : (100 * own.good) / own.judged,
                  ),
                },
              ],
            },
          ]
        : []),
    ],
  };
  const title = 'Over time';
  const far = (['ttft', 'ttlt'] as const).map((of) => limits(of).note).join('');
  const caption = `At the end of the stream.${shared ? ' Over all scenarios with this operation.' : ''}${far}`;
  return [
    timeChartView({ id: `streams-time-${index}`, title, caption, wide: true }, chart, timeChart(chart)),
  ];
}

function firstToken({ ttft, ttftSent }: StreamStats, index: number): ChartView[] {
  if (ttft.count === 0) return [];
  const looks = [
    ['from the intended start', 'p95', 'solid', ttft],
    ['from the first byte sent', 'p50', 'dashed', ttftSent],
  ] as const;
  return [
    stillChart(
      {
        id: `streams-first-${index}`,
        title: 'First token',
        caption: 'What lies between the curves is waiting before the request was sent.',
      },
      percentileChart({
        description:
          'Time to the first token by percentile, logarithmic, from the intended start and from the first byte sent. The numbers are in the table of this section.',
        title: 'ms, at most, by share of the streams',
        curves: looks.map(([name, hue, stroke, stats]) => curve(name, hue, stroke, stats)),
      }),
      looks.map(([name, hue, stroke]) => ({ name, hue, stroke })),
    ),
  ];
}

function lastToken({ ttlt }: StreamStats, index: number): ChartView[] {
  if (ttlt.count === 0) return [];
  return [
    stillChart(
      {
        id: `streams-last-${index}`,
        title: 'Last token',
        caption: 'Of complete answers, from the intended start.',
      },
      percentileChart({
        description:
          'Time to the last token by percentile, logarithmic. The numbers are in the table of this section.',
        title: 'ms, at most, by share of the streams',
        curves: [curve('from the intended start', 'p99', 'solid', ttlt)],
      }),
    ),
  ];
}

function gaps({ operation }: OperationStats, { gap }: StreamStats, index: number): ChartView[] {
  if (gap.histogram === undefined || gap.count === 0) return [];
  const { first, counts } = latencyRows(decodeHistogram(gap.histogram), COLUMNS_PER_DECADE);
  const edge = (row: number) => latencyRowEdge(row, COLUMNS_PER_DECADE);
  const { p50, p99, 'p99.9': p999 } = gap.percentiles;
  const caption = `Half are at most ${formatNumber(p50)} ms, 99% at most ${formatNumber(p99)} ms, 99.9% at most ${formatNumber(p999)} ms.`;
  return [
    stillChart(
      { id: `streams-gaps-${index}`, title: 'Gaps between chunks', caption },
      distributionChart({
        description: `Distribution of ${formatCount(gap.count)} gaps between chunks of ${operation}, on a logarithmic axis of milliseconds.`,
        title: 'Gaps by length, ms',
        buckets: counts.map((count, row) => ({
          fromMs: edge(first + row),
          toMs: edge(first + row + 1),
          count,
        })),
      }),
    ),
  ];
}
