import { linePath } from './paths.ts';
import { lineAttributes, type Hue, type Stroke } from './palette.ts';
import {
  AREA_WIDTH,
  AXIS_HEIGHT,
  HEADING_HEIGHT,
  chartFrame,
  grid,
  plotArea,
  xLabels,
  yLabels,
} from './plot-area.ts';
import { label, round, svg, type SvgNode } from './svg-node.ts';
import { formatTick, valueTicks } from './ticks.ts';
import { limitLabels, topWithLimits, type Limit } from './time-chart.ts';

/** Latency by percentile: a point says that this share of the requests took at most so long. */
export interface PercentileCurve {
  readonly name: string;
  readonly hue: Hue;
  readonly stroke?: Stroke;
  /** Shares from 0 to below 1 (a share of 1 has no place on the axis), rising, with their latency in milliseconds. */
  readonly points: readonly { readonly share: number; readonly ms: number }[];
}

const HEIGHT = 200;
const TICKS = [0, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999];

/**
 * Latency by percentile. The axis is logarithmic in what lies beyond a percentile, so that 90, 99 and 99.9 % are
 * equally far apart (as the plotters of HdrHistogram draw it).
 */
export function percentileChart(chart: {
  readonly description: string;
  readonly title: string;
  readonly curves: readonly PercentileCurve[];
  readonly limits?: readonly Limit[];
}): SvgNode {
  const { curves, limits = [] } = chart;
  const points = curves.flatMap((curve) => curve.points);
  const last = Math.max(0.9, ...points.map(({ share }) => share));
  const decades = -Math.log10(1 - last);
  const x = (share: number): number => (-Math.log10(1 - Math.min(share, last)) / decades) * AREA_WIDTH;
  const most = Math.max(Math.max(1e-3, ...points.map(({ ms }) => ms)) * 1.08, topWithLimits(limits, HEIGHT));
  const y = (ms: number): number => HEIGHT - (ms / most) * HEIGHT;
  const xTicks = TICKS.filter((share) => share <= last).map((share) => ({
    at: x(share),
    text: `${formatTick(Number((share * 100).toFixed(3)))}%`,
  }));
  const yTicks = valueTicks(most, 4).map((ms) => ({ at: y(ms), text: formatTick(ms) }));
  return chartFrame(HEADING_HEIGHT + HEIGHT + AXIS_HEIGHT, chart.description, [
    label(chart.title, 2, 13, { class: 'chart-text chart-heading' }),
    plotArea(HEADING_HEIGHT, HEIGHT, [
      grid(HEIGHT, yTicks, xTicks),
      ...curves.map(({ name, hue, stroke, points: own }) =>
        svg('g', { class: 'chart-series', 'data-series': name }, [
          svg('path', {
            ...lineAttributes(hue, stroke),
            d: linePath(own.map(({ share, ms }) => ({ x: x(share), y: y(ms) }))),
          }),
        ]),
      ),
      ...limits.map(({ value }) =>
        svg('path', { ...lineAttributes('limit', 'dashed', 1.25), d: `M0 ${round(y(value))}H${AREA_WIDTH}` }),
      ),
    ]),
    ...yLabels(HEADING_HEIGHT, yTicks),
    ...limitLabels(limits, HEADING_HEIGHT, y),
    ...xLabels(HEADING_HEIGHT + HEIGHT, xTicks),
  ]);
}
