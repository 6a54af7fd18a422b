/**
 * An SVG element as data. `toMarkup` makes text of it; a view library can make its own nodes of it
 * (`h(node.tag, node.attributes, ...children)`). Texts and values are unescaped and may be foreign; tags and names of attributes
 * are constants.
 */
export interface SvgNode {
  readonly tag: string;
  /** Absent values are left out. */
  readonly attributes: Readonly<Record<string, string | number | undefined>>;
  readonly children: readonly (SvgNode | string)[];
}

/** Width of the coordinate system of every plot area, which is stretched to the width of the page. */
export const AREA_WIDTH = 1000;

/** Makes an element. */
export function svg(
  tag: string,
  attributes: SvgNode['attributes'] = {},
  children: SvgNode['children'] = [],
): SvgNode {
  return { tag, attributes, children };
}

/** Text at a position: `x` in any unit (such as `25%`), `y` in pixels. */
export function label(
  text: string,
  x: string | number,
  y: number,
  attributes: SvgNode['attributes'] = {},
): SvgNode {
  return svg('text', { class: 'chart-text', x, y: round(y), fill: '#565a62', ...attributes }, [text]);
}

/** Rounds a coordinate to a tenth of a unit, which halves the size of a path. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
