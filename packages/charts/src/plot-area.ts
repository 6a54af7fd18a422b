import { placeRow, rowLabel } from './label-row.ts';
import { AREA_WIDTH, label, round, svg, type SvgNode } from './svg-node.ts';
import { PALETTE } from './palette.ts';

export { AREA_WIDTH } from './svg-node.ts';
/** Height of the axis below a plot area, in pixels. */
export const AXIS_HEIGHT = 22;
/** Height of the heading above a plot area, in pixels. */
export const HEADING_HEIGHT = 20;

/** Height of a text in pixels. */
const LABEL_HEIGHT = 12;

/** A tick of an axis: position in the area, label. */
export interface Tick {
  readonly at: number;
  readonly text: string;
}

/**
 * An area of `AREA_WIDTH` by `height` units that fills the width of the page: one unit is one pixel in height alone.
 * Texts lie outside of it, at percentages, so that they are never stretched. `chart-zoom.ts` of the report finds it by its class,
 * and moves its `viewBox`, which begins at 0 and is `AREA_WIDTH` wide.
 */
export function plotArea(y: number, height: number, children: SvgNode['children']): SvgNode {
  return svg(
    'svg',
    {
      class: 'chart-area',
      x: 0,
      y,
      width: '100%',
      height,
      viewBox: `0 0 ${AREA_WIDTH} ${height}`,
      preserveAspectRatio: 'none',
    },
    children,
  );
}

/** Horizontal lines at the ticks and at the bottom, and vertical ones. */
export function grid(height: number, yTicks: readonly Tick[], xTicks: readonly Tick[] = []): SvgNode {
  const d = [
    ...xTicks.map(({ at }) => `M${round(at)} 0V${height}`),
    ...yTicks.map(({ at }) => `M0 ${round(at)}H${AREA_WIDTH}`),
  ].join('');
  return svg('path', {
    class: 'chart-grid',
    d: `${d}M0 ${height - 0.5}H${AREA_WIDTH}`,
    fill: 'none',
    stroke: PALETTE.grid,
    'vector-effect': 'non-scaling-stroke',
  });
}

/**
 * Labels above the horizontal lines, at the left edge of the area; below the line where the heading of the chart is. One
 * that would touch the label below it is left out.
 */
export function yLabels(y: number, ticks: readonly Tick[]): SvgNode[] {
  let lowest = Number.POSITIVE_INFINITY;
  return ticks
    .toSorted((a, b) => b.at - a.at)
    .flatMap(({ at, text }) => {
      const place = at < LABEL_HEIGHT ? at + LABEL_HEIGHT - 1 : at - 3;
      if (lowest - place < LABEL_HEIGHT) return [];
      lowest = place;
      return label(text, 2, y + place, { class: 'chart-text chart-y' });
    });
}

/** Labels below the area; none covers another, and all stay inside the page. */
export function xLabels(y: number, ticks: readonly Tick[]): SvgNode[] {
  return placeRow(ticks).map((placed) => rowLabel(placed, y + 15, 'chart-x'));
}

/** A position in an area as percentage of the page. */
export function percent(x: number): string {
  return `${round((x / AREA_WIDTH) * 100)}%`;
}

/** The whole chart: an image with a description for readers who cannot see it. */
export function chartFrame(height: number, description: string, children: SvgNode['children']): SvgNode {
  return svg(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'chart-svg',
      width: '100%',
      height,
      role: 'img',
      'aria-label': description,
      'font-family': 'system-ui, sans-serif',
      'font-size': 11,
    },
    children,
  );
}
