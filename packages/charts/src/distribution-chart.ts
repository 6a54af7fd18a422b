import { scaleLog } from 'd3-scale';
import { hasRoomBefore } from './label-row.ts';
import { lineAttributes, PALETTE } from './palette.ts';
import {
  AREA_WIDTH,
  AXIS_HEIGHT,
  HEADING_HEIGHT,
  chartFrame,
  grid,
  percent,
  plotArea,
  xLabels,
} from './plot-area.ts';
import { label, round, svg, type SvgNode } from './svg-node.ts';
import { formatTick, logTicks } from './ticks.ts';
import type { Limit } from './time-chart.ts';

/* The axis is logarithmic: latencies are above 0; limits that are not, such as that of `min>0`, have no place on it and are left out. */

/** How many values lie between two latencies. */
export interface Bucket {
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
}

const HEIGHT = 120;
/** Room above the columns for the label of a limit. */
const LABEL_HEIGHT = 13;
/** Distance of the label of a limit from its line, in units. */
const BESIDE = 6;

/** How latencies are distributed: a column per bucket, on a logarithmic axis of latency. */
export function distributionChart(chart: {
  readonly description: string;
  readonly title: string;
  /** In the order of latency, equally wide on a logarithmic axis. */
  readonly buckets: readonly Bucket[];
  readonly limits?: readonly Limit[];
}): SvgNode {
  const { buckets } = chart;
  const limits = (chart.limits ?? []).filter(({ value }) => value > 0);
  const low = Math.min(buckets[0]?.fromMs ?? 1, ...limits.map(({ value }) => value / 1.05));
  const high = Math.max(low * 1.001, buckets.at(-1)?.toMs ?? 10, ...limits.map(({ value }) => value * 1.05));
  const x = scaleLog([low, high], [0, AREA_WIDTH]);
  const most = Math.max(1, ...buckets.map(({ count }) => count));
  const columns = buckets
    .filter(({ count }) => count > 0)
    .map(({ fromMs, toMs, count }) => {
      const tall = Math.max(1, (count / most) * (HEIGHT - 6 - limits.length * LABEL_HEIGHT));
      return `M${round(x(fromMs))} ${HEIGHT}v${round(-tall)}h${round(x(toMs) - x(fromMs) - 1)}V${HEIGHT}z`;
    });
  // A label stands before its line, and a line begins at its label: so the label of a higher limit is above lower lines.
  const rows = limits.toSorted((a, b) => b.value - a.value);
  const ticks = logTicks(low, high).map((tick) => ({ at: x(tick), text: formatTick(tick) }));
  return chartFrame(HEADING_HEIGHT + HEIGHT + AXIS_HEIGHT, chart.description, [
    label(chart.title, 2, 13, { class: 'chart-text chart-heading' }),
    plotArea(HEADING_HEIGHT, HEIGHT, [
      grid(HEIGHT, [], ticks),
      svg('path', {
        class: 'chart-fill hue-p95',
        fill: PALETTE.p95,
        'fill-opacity': 0.75,
        d: columns.join(''),
      }),
      ...rows.map(({ value }, row) =>
        svg('path', {
          ...lineAttributes('limit', 'dashed', 1.25),
          d: `M${round(x(value))} ${row * LABEL_HEIGHT}V${HEIGHT}`,
        }),
      ),
    ]),
    ...rows.map((limit, row) => {
      const isBefore = hasRoomBefore(limit.label, x(limit.value));
      const at = percent(x(limit.value) + (isBefore ? -BESIDE : BESIDE));
      return label(limit.label, at, HEADING_HEIGHT + 10 + row * LABEL_HEIGHT, {
        class: 'chart-text chart-limit-text',
        'text-anchor': isBefore ? 'end' : 'start',
        fill: PALETTE.limit,
      });
    }),
    ...xLabels(HEADING_HEIGHT + HEIGHT, ticks),
  ]);
}
