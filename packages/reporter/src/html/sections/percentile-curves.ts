import { percentileChart, type Hue, type PercentileCurve, type Stroke } from '@jarvis-load/charts';
import { Histogram, decodeHistogram } from '@jarvis-load/engine/recorder';
import { PERCENTILES, type LatencyStats, type RunResult } from '@jarvis-load/engine/result';
import { stillChart, type ChartView, type LegendEntry } from '../chart-view.ts';

/** Points of a curve from one power of ten of the axis to the next. */
const POINTS_PER_DECADE = 12;
/** Lines that can be told apart. */
const LOOKS: readonly (readonly [Hue, Stroke])[] = [
  ['p95', 'solid'],
  ['rate-limited', 'dashed'],
  ['p99', 'solid'],
  ['p50', 'dashed'],
  ['server-error', 'solid'],
  ['unauthorized', 'dotted'],
];

/** Latency by percentile on a logarithmic axis: response over service time of the run, and the operations. */
export function percentileCurves(result: RunResult): ChartView[] {
  if (result.totals.responseTime.count === 0) return [];
  const both = [
    curve('response time', 'p95', 'solid', result.totals.responseTime),
    curve('service time', 'p50', 'dashed', result.totals.serviceTime),
  ];
  const busiest = result.operations.toSorted((a, b) => b.requests - a.requests).slice(0, LOOKS.length);
  const several =
    new Set(result.operations.map(({ operation }) => operation)).size < result.operations.length;
  const each = busiest.map((stats, index) => {
    const [hue, stroke] = LOOKS[index] ?? ['p95', 'solid'];
    return curve(
      several ? `${stats.operation}, ${stats.scenario}` : stats.operation,
      hue,
      stroke,
      stats.responseTime,
    );
  });
  const rest = result.operations.length - busiest.length;
  return [
    chartOf(
      'percentiles-run',
      'Response over service time',
      'What lies between them is waiting before a request was sent.',
      both,
    ),
    ...(each.length < 2
      ? []
      : [
          chartOf(
            'percentiles-operations',
            'Response time of the operations',
            rest > 0 ? `The ${busiest.length} with most requests; the table has the other ${rest}.` : '',
            each,
          ),
        ]),
  ];
}

function chartOf(id: string, title: string, caption: string, curves: readonly PercentileCurve[]): ChartView {
  const legend = curves.map(({ name, hue, stroke = 'solid' }): LegendEntry => ({ name, hue, stroke }));
  return stillChart(
    { id, title, caption },
    percentileChart({
      description: `${title} by percentile, logarithmic. The numbers are in the table of this section.`,
      title: 'ms, at most, by share of the requests',
      curves,
    }),
    legend,
  );
}

/** The curve of a distribution. */
export function curve(name: string, hue: Hue, stroke: Stroke, stats: LatencyStats): PercentileCurve {
  return { name, hue, stroke, points: pointsOf(stats) };
}

function pointsOf(stats: LatencyStats): { share: number; ms: number }[] {
  if (stats.histogram === undefined) {
    return PERCENTILES.flatMap((p) => {
      const ms = stats.percentiles[`p${p}`];
      return ms === null ? [] : [{ share: p / 100, ms }];
    });
  }
  const histogram = new Histogram();
  histogram.addSnapshot(decodeHistogram(stats.histogram));
  // The last point that a sample carries: of 1000 requests, one is beyond 99.9 %.
  const steps = Math.floor(Math.log10(Math.max(2, stats.count)) * POINTS_PER_DECADE);
  return Array.from({ length: steps + 1 }, (_, step) => {
    const share = 1 - 10 ** (-step / POINTS_PER_DECADE);
    return { share, ms: (histogram.quantile(share) ?? 0) / 1000 };
  });
}
