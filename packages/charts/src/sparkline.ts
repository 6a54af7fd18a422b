import { areaPath, linePath } from './paths.ts';
import { lineAttributes, PALETTE, type Hue } from './palette.ts';
import { plotArea, AREA_WIDTH } from './plot-area.ts';
import { svg, type SvgNode } from './svg-node.ts';

const HEIGHT = 28;

/** A small line without axes beside a number, which says what it is. Hidden from screen readers. */
export function sparkline(values: readonly (number | null)[], hue: Hue): SvgNode {
  const highest = Math.max(0, ...values.map((value) => value ?? 0));
  const step = AREA_WIDTH / Math.max(1, values.length - 1);
  const points = values.map((value, index) => ({
    x: index * step,
    y: value === null ? null : HEIGHT - 2 - (highest === 0 ? 0 : (value / highest) * (HEIGHT - 4)),
  }));
  return svg(
    'svg',
    { class: `chart-spark hue-${hue}`, width: '100%', height: HEIGHT, 'aria-hidden': 'true' },
    [
      plotArea(0, HEIGHT, [
        svg('path', {
          class: 'chart-fill',
          fill: PALETTE[hue],
          'fill-opacity': 0.12,
          d: areaPath(points, HEIGHT),
        }),
        svg('path', { ...lineAttributes(hue, 'solid', 1.5), d: linePath(points) }),
      ]),
    ],
  );
}
