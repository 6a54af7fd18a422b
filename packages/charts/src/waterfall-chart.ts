import { lineAttributes, PALETTE, type Hue } from './palette.ts';
import {
  AREA_WIDTH,
  AXIS_HEIGHT,
  HEADING_HEIGHT,
  chartFrame,
  grid,
  plotArea,
  xLabels,
  type Tick,
} from './plot-area.ts';
import { label, round, svg, type SvgNode } from './svg-node.ts';
import { formatTick, valueTicks } from './ticks.ts';

/** One streamed answer. Times are milliseconds from its intended start. */
export interface WaterfallRow {
  readonly title: string;
  /** First byte of the request sent. */
  readonly sentMs: number;
  /** Arrival of each chunk, rising; at least one. */
  readonly arrivalsMs: readonly number[];
  /** Arrival of the last chunk, which may come after those that are listed. */
  readonly endMs: number;
}

const ROW_HEIGHT = 34;
const BAR_TOP = 5;
/** The longest gap is marked if it is at least this many times the median gap. */
const LONG_GAP = 3;
const TICKS = 4;

/**
 * Streamed answers above each other on one time axis: the wait until the request was sent, the wait for the first chunk,
 * a line for each chunk, and the longest gap where one stands out.
 */
export function waterfallChart(chart: {
  readonly description: string;
  readonly rows: readonly WaterfallRow[];
}): SvgNode {
  const { rows } = chart;
  const most = Math.max(1e-3, ...rows.map(({ endMs }) => endMs)) * 1.01;
  const x = (ms: number): number => (Math.max(0, ms) / most) * AREA_WIDTH;
  const xTicks = [0, ...valueTicks(most, TICKS)].map((ms) => ({ at: x(ms), text: formatTick(ms) }));
  const nodes: SvgNode[] = [];
  let top = 0;
  for (const row of rows) {
    nodes.push(label(row.title, 2, top + 13, { class: 'chart-text chart-heading' }));
    top += HEADING_HEIGHT;
    nodes.push(rowNode(row, top, x, xTicks));
    top += ROW_HEIGHT + (row === rows.at(-1) ? 0 : 6);
  }
  return chartFrame(top + AXIS_HEIGHT, chart.description, [...nodes, ...xLabels(top, xTicks)]);
}

function rowNode(
  row: WaterfallRow,
  top: number,
  x: (ms: number) => number,
  xTicks: readonly Tick[],
): SvgNode {
  const { arrivalsMs, sentMs, endMs } = row;
  const first = arrivalsMs[0] ?? endMs;
  const kept = arrivalsMs.at(-1) ?? endMs;
  const gap = longestGap(arrivalsMs);
  const bar = (fromMs: number, toMs: number, hue: Hue, opacity: number): SvgNode[] =>
    toMs <= fromMs
      ? []
      : [
          svg('rect', {
            class: `chart-fill hue-${hue}`,
            x: round(x(fromMs)),
            y: BAR_TOP,
            width: round(x(toMs) - x(fromMs)),
            height: ROW_HEIGHT - 2 * BAR_TOP,
            fill: PALETTE[hue],
            'fill-opacity': opacity,
          }),
        ];
  // Rounded to units of the area, so that chunks that would overlap are one line.
  const places = [...new Set(arrivalsMs.map((ms) => Math.round(x(ms))))];
  return plotArea(top, ROW_HEIGHT, [
    grid(ROW_HEIGHT, [], xTicks),
    ...bar(0, Math.min(sentMs, first), 'rate-limited', 0.55),
    ...bar(sentMs, first, 'target', 0.28),
    ...(gap === undefined ? [] : bar(...gap, 'limit', 0.3)),
    ...bar(kept, endMs, 'p95', 0.3),
    svg('path', {
      ...lineAttributes('p95', 'solid', 1),
      'stroke-linecap': undefined,
      d: places.map((place) => `M${place} ${BAR_TOP}V${ROW_HEIGHT - BAR_TOP}`).join(''),
    }),
  ]);
}

function longestGap(arrivalsMs: readonly number[]): [fromMs: number, toMs: number] | undefined {
  const gaps = arrivalsMs.slice(1).map((ms, index) => ms - arrivalsMs[index]!);
  if (gaps.length < 3) return undefined;
  const longest = Math.max(...gaps);
  const median = gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)]!;
  if (longest < LONG_GAP * median || longest === 0) return undefined;
  const index = gaps.indexOf(longest);
  return [arrivalsMs[index]!, arrivalsMs[index + 1]!];
}
