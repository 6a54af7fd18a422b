import { dotsPath, linePath } from './paths.ts';
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
import { formatTick, logTicks, valueTicks } from './ticks.ts';

const HEIGHT = 170;

/** A line over a number, such as response time over load. */
export interface Curve {
  readonly name: string;
  readonly hue: Hue;
  readonly stroke?: Stroke;
  /** Ascending in `x`. */
  readonly points: readonly { readonly x: number; readonly y: number | null }[];
}

/**
 * Lines with dots over a number; the horizontal axis begins at 0. With `logarithmic`, the vertical axis is logarithmic and a
 * value of 0 is drawn at its lower end.
 */
export function curveChart(chart: {
  readonly description: string;
  readonly title: string;
  readonly curves: readonly Curve[];
  readonly logarithmic?: boolean;
  /** Vertical lines, such as the answer of a search. */
  readonly marks?: readonly number[];
  /** `x` counts something, such as runs: only whole numbers are labelled. */
  readonly counts?: boolean;
}): SvgNode {
  const { curves, marks = [], logarithmic = false } = chart;
  const points = curves.flatMap((curve) => curve.points);
  const values = points.flatMap(({ y: value }) =>
    value === null || (logarithmic && value <= 0) ? [] : value,
  );
  const mostX = Math.max(1e-3, ...points.map(({ x: at }) => at), ...marks) * 1.04;
  const highest = Math.max(0, ...values);
  // Only zeros, such as no failure at any load: an axis to 1 has readable ticks.
  const most = (highest > 0 ? highest : 1) * (logarithmic ? 1.5 : 1.08);
  const least = logarithmic ? Math.min(most / 10, ...values) / 1.2 : 0;
  const x = (value: number): number => (value / mostX) * AREA_WIDTH;
  const y = (value: number): number => {
    const part = logarithmic
      ? Math.log(Math.max(value, least) / least) / Math.log(most / least)
      : value / most;
    return HEIGHT - part * HEIGHT;
  };
  const ticks = logarithmic ? logTicks(least, most) : valueTicks(most, 4);
  const yTicks = ticks.map((value) => ({ at: y(value), text: formatTick(value) }));
  const xTicks = valueTicks(mostX, 6)
    .filter((value) => chart.counts !== true || Number.isInteger(value))
    .map((value) => ({ at: x(value), text: formatTick(value) }));
  return chartFrame(HEADING_HEIGHT + HEIGHT + AXIS_HEIGHT, chart.description, [
    label(chart.title, 2, 13, { class: 'chart-text chart-heading' }),
    plotArea(HEADING_HEIGHT, HEIGHT, [
      grid(HEIGHT, yTicks, xTicks),
      ...marks.map((mark) =>
        svg('path', { ...lineAttributes('target', 'dashed', 1.25), d: `M${round(x(mark))} 0V${HEIGHT}` }),
      ),
      ...curves.map(({ name, hue, stroke = 'solid', points: own }) => {
        const placed = own.map((point) => ({ x: x(point.x), y: point.y === null ? null : y(point.y) }));
        return svg('g', { class: 'chart-series', 'data-series': name }, [
          svg('path', { ...lineAttributes(hue, stroke), d: linePath(placed) }),
          svg('path', { ...lineAttributes(hue, 'solid', 5), d: dotsPath(placed) }),
        ]);
      }),
    ]),
    ...yLabels(HEADING_HEIGHT, yTicks),
    ...xLabels(HEADING_HEIGHT + HEIGHT, xTicks),
  ]);
}
