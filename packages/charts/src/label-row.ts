import { AREA_WIDTH, label, round, type SvgNode } from './svg-node.ts';

/*
 * Labels that fit a chart of any width. Widths and classes stand in `styles/charts.css` too, and `chart-zoom.ts` of the report
 * makes the same labels in the browser.
 */

/** A label below or above a plot area, centred on a position in units of the area. */
export interface RowLabel {
  readonly at: number;
  readonly text: string;
}

/** A label with its place. */
export interface PlacedLabel extends RowLabel {
  readonly anchor: 'start' | 'middle' | 'end';
  /** Width of the chart in pixels from which on there is room for it; 0: always. */
  readonly fromWidth: number;
}

/**
 * A chart is as wide as its place in the page, which is not known here. What has no room in the narrowest one has the
 * class `from-<width>`; `charts.css` hides it in charts that are narrower.
 */
const NARROWEST = 260;
const WIDTHS = [NARROWEST, 480, 720, 960] as const;
/** Least distance of two labels, pixels. */
const GAP = 6;
const NARROW = /[\s.,:;'|!ijlt()[\]]/;
const NARROW_PX = 4;
const OTHER_PX = 6.8;

/** Width of a text of 11 pixels in the widest of the usual fonts, pixels. */
function textWidth(text: string): number {
  return Array.from(text).reduce((sum, letter) => sum + (NARROW.test(letter) ? NARROW_PX : OTHER_PX), 0);
}

/**
 * Places labels of one row so that none covers another or leaves the chart, in a chart of any width from 260 pixels on.
 * Where there is no room for two, the first one stays; one without room in a chart of 960 pixels is left out.
 */
export function placeRow(labels: readonly RowLabel[]): PlacedLabel[] {
  const placed: PlacedLabel[] = [];
  const left = new Set(labels);
  for (const width of WIDTHS) {
    for (const each of left) {
      const candidate = { ...each, anchor: anchorOf(each, width), fromWidth: width };
      if (placed.some((other) => overlap(candidate, other, width))) continue;
      placed.push(candidate);
      left.delete(each);
    }
  }
  return placed
    .map((each) => (each.fromWidth === NARROWEST ? { ...each, fromWidth: 0 } : each))
    .toSorted((a, b) => a.at - b.at);
}

/** The least width at which a text has room in a part of the chart, as a class; undefined: it has none in any. */
export function classOfRoom(text: string, units: number): string | undefined {
  const width = WIDTHS.find((each) => textWidth(text) + GAP <= (units / AREA_WIDTH) * each);
  return width === undefined ? undefined : classFrom(width === NARROWEST ? 0 : width);
}

/** Whether a text that ends at a position stays inside the narrowest chart. */
export function hasRoomBefore(text: string, at: number): boolean {
  return textWidth(text) + GAP <= (at / AREA_WIDTH) * NARROWEST;
}

/** A placed label as an element. */
export function rowLabel(
  { at, text, anchor, fromWidth }: PlacedLabel,
  y: number,
  className: string,
): SvgNode {
  return label(text, `${round((at / AREA_WIDTH) * 100)}%`, y, {
    class: `chart-text ${className} ${classFrom(fromWidth)}`.trimEnd(),
    'text-anchor': anchor,
  });
}

function classFrom(width: number): string {
  return width === 0 ? '' : `from-${width}`;
}

function anchorOf({ at, text }: RowLabel, width: number): PlacedLabel['anchor'] {
  const half = ((textWidth(text) / 2) * AREA_WIDTH) / width;
  return at < half ? 'start' : at > AREA_WIDTH - half ? 'end' : 'middle';
}

function overlap(a: PlacedLabel, b: PlacedLabel, width: number): boolean {
  const [aFrom, aTo] = extent(a, width);
  const [bFrom, bTo] = extent(b, width);
  return aFrom < bTo + GAP && bFrom < aTo + GAP;
}

/** From where to where a label goes in a chart of a width, pixels. */
function extent({ at, text, anchor }: PlacedLabel, width: number): [number, number] {
  const x = (at / AREA_WIDTH) * width;
  const long = textWidth(text);
  const from = anchor === 'start' ? x : anchor === 'end' ? x - long : x - long / 2;
  return [from, from + long];
}
