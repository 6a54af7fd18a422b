import { dotsPath } from './paths.ts';
import { DASHES, lineAttributes, type Hue } from './palette.ts';
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

const HEIGHT = 200;

/** One dot per interval of the run: response time against the load of that interval. */
export function scatterChart(chart: {
  readonly description: string;
  readonly title: string;
  readonly series: readonly {
    readonly name: string;
    readonly hue: Hue;
    readonly points: readonly { readonly load: number; readonly ms: number | null }[];
  }[];
  readonly limits?: readonly Limit[];
}): SvgNode {
  const { series, limits = [] } = chart;
  const points = series.flatMap((each) => each.points);
  const mostLoad = Math.max(1e-3, ...points.map(({ load }) => load)) * 1.04;
  const most = Math.max(
    Math.max(1e-3, ...points.map(({ ms }) => ms ?? 0)) * 1.08,
    topWithLimits(limits, HEIGHT),
  );
  const x = (load: number): number => (load / mostLoad) * AREA_WIDTH;
  const y = (ms: number): number => HEIGHT - (ms / most) * HEIGHT;
  const yTicks = valueTicks(most, 4).map((ms) => ({ at: y(ms), text: formatTick(ms) }));
  const xTicks = valueTicks(mostLoad, 5).map((load) => ({ at: x(load), text: formatTick(load) }));
  return chartFrame(HEADING_HEIGHT + HEIGHT + AXIS_HEIGHT, chart.description, [
    label(chart.title, 2, 13, { class: 'chart-text chart-heading' }),
    plotArea(HEADING_HEIGHT, HEIGHT, [
      grid(HEIGHT, yTicks, xTicks),
      ...series.map(({ name, hue, points: own }) =>
        svg('g', { class: 'chart-series', 'data-series': name }, [
          svg('path', {
            ...lineAttributes(hue, 'solid', 5),
            'stroke-opacity': 0.6,
            'stroke-dasharray': DASHES.solid,
            d: dotsPath(own.map(({ load, ms }) => ({ x: x(load), y: ms === null ? null : y(ms) }))),
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
