import { PALETTE } from './palette.ts';
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
import { formatTick, logTicks } from './ticks.ts';
import { formatSeconds, timeTicks } from './time-ticks.ts';

/* The axis is logarithmic: edges are above 0. A chart without any count has no rows: the caller leaves it out. */

/** One stretch of time: how many values lie in each row. */
export interface HeatColumn {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** From the lowest row up; may end early. */
  readonly counts: readonly number[];
}

const HEIGHT = 200;
/** Number of shades: more are hard to tell apart. */
const SHADES = 6;

/**
 * Latency over time: the darker a cell, the larger the share of its column. Shares, not counts: a change of the rate
 * does not look like a change of latency.
 */
export function heatMap(chart: {
  readonly description: string;
  readonly title: string;
  /** Edges of the rows in milliseconds, rising; row i lies between edges i and i + 1, equally high on a log axis. */
  readonly edgesMs: readonly number[];
  /** At least one has a count above 0: of the rows without values at each end, one is drawn. */
  readonly columns: readonly HeatColumn[];
  readonly toSeconds: number;
}): SvgNode {
  const { columns, edgesMs, toSeconds } = chart;
  const used = columns.flatMap(({ counts }) => counts.flatMap((count, row) => (count > 0 ? [row] : [])));
  const first = Math.max(0, Math.min(...used) - 1);
  const last = Math.min(edgesMs.length - 1, Math.max(...used) + 2);
  const rowHeight = HEIGHT / (last - first);
  const x = (seconds: number): number => (seconds / toSeconds) * AREA_WIDTH;
  const shades = Array.from({ length: SHADES }, (): string[] => []);
  for (const { fromSeconds, toSeconds: end, counts } of columns) {
    const total = counts.reduce((sum, count) => sum + count, 0);
    const width = round(x(end) - x(fromSeconds));
    counts.forEach((count, row) => {
      if (count === 0) return;
      // The square root makes a few slow requests visible beside many fast ones.
      const shade = Math.min(SHADES - 1, Math.floor(Math.sqrt(count / total) * SHADES));
      const top = round(HEIGHT - (row + 1 - first) * rowHeight);
      shades[shade]?.push(`M${round(x(fromSeconds))} ${top}h${width}v${round(rowHeight)}h${-width}z`);
    });
  }
  const [low, high] = [edgesMs[first] ?? 1, edgesMs[last] ?? 10];
  const y = (ms: number): number => HEIGHT * (1 - Math.log(ms / low) / Math.log(high / low));
  const yTicks = logTicks(low, high).map((ms) => ({ at: y(ms), text: formatTick(ms) }));
  const xTicks = timeTicks(0, toSeconds).map((tick) => ({ at: x(tick), text: formatSeconds(tick) }));
  return chartFrame(HEADING_HEIGHT + HEIGHT + AXIS_HEIGHT, chart.description, [
    label(chart.title, 2, 13, { class: 'chart-text chart-heading' }),
    plotArea(HEADING_HEIGHT, HEIGHT, [
      ...shades.flatMap((cells, shade) =>
        cells.length === 0
          ? []
          : [
              svg('path', {
                class: 'chart-fill hue-p95',
                fill: PALETTE.p95,
                'fill-opacity': round((shade + 1) / SHADES),
                d: cells.join(''),
              }),
            ],
      ),
      grid(HEIGHT, yTicks),
    ]),
    ...yLabels(
      HEADING_HEIGHT,
      yTicks.filter(({ at }) => at > 8),
    ),
    ...xLabels(HEADING_HEIGHT + HEIGHT, xTicks),
  ]);
}
