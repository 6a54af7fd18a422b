import { classOfRoom } from './label-row.ts';
import { areaPath, dotsPath, isLone, linePath, type Point, type Step } from './paths.ts';
import { lineAttributes, PALETTE, type Hue, type Stroke } from './palette.ts';
import {
  AREA_WIDTH,
  AXIS_HEIGHT,
  HEADING_HEIGHT,
  chartFrame,
  grid,
  percent,
  plotArea,
  xLabels,
  yLabels,
} from './plot-area.ts';
import { label, round, svg, type SvgNode } from './svg-node.ts';
import { formatTick, valueTicks } from './ticks.ts';
import { formatSeconds, timeTicks } from './time-ticks.ts';

/*
 * `timeChart`: values over the time of a run, in panels above each other.
 *
 * Must hold:
 * - Every series has a value per entry of `atSeconds`; null interrupts a line, and counts as 0 in stacked areas.
 * - Texts are unescaped here: `toMarkup` escapes them.
 * - The script of the report finds plot areas and series by `chart-area`, `chart-series` and `data-series`.
 */

/** One line or area of a panel. */
export interface TimeSeries {
  /** Also the value of `data-series`, by which a script switches it. */
  readonly name: string;
  readonly hue: Hue;
  readonly stroke?: Stroke;
  /** As many as the chart has times. */
  readonly values: readonly (number | null)[];
}

/** A line at the limit of a promise: horizontal, in `distributionChart` vertical. */
export interface Limit {
  readonly label: string;
  readonly value: number;
}

/** A part of a chart with its own vertical axis, above or below others of the same times. */
export interface TimePanel {
  /** What the values are, with their unit. */
  readonly title: string;
  /** Height of the plot area, pixels. */
  readonly height: number;
  /** `areas` are stacked in the order of the series; `steps` hold a value over its interval (`timesAt`). */
  readonly kind: 'lines' | 'areas' | 'steps';
  readonly series: readonly TimeSeries[];
  readonly limits?: readonly Limit[];
}

/** A stretch of time with a name, such as a stage of the load. */
export interface Band {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly label: string;
}

/** Values over the time of a run. */
export interface TimeChart {
  /** What it shows, for readers who cannot see it. */
  readonly description: string;
  readonly atSeconds: readonly number[];
  /** Where in its interval a time lies: in the middle, or at its end, so that the value is that since the time before. @default 'end' */
  readonly timesAt?: 'middle' | 'end';
  readonly fromSeconds?: number;
  readonly toSeconds: number;
  readonly panels: readonly TimePanel[];
  readonly bands?: readonly Band[];
  /** Moments at which something happened, such as a change of the load: vertical lines, seconds. */
  readonly marks?: readonly number[];
}

/** Space above the highest value, as a factor. */
const HEADROOM = 1.08;
/** Width of a value without neighbours: it has no line. */
const LONE_DOT = 5;
const PIXELS_PER_TICK = 48;
const LABEL_HEIGHT = 11;
/** Finer scales that are tried where the only round value is too high for a label. */
const MORE_TICKS = 4;
/** Height of the strip above the first panel that names the stages, in pixels: their labels meet no other there. */
const STRIP_HEIGHT = 15;

/** Draws panels above each other over one time axis. The width is that of the surrounding element. */
export function timeChart(chart: TimeChart): SvgNode {
  const { fromSeconds: from = 0, toSeconds, panels, bands = [], marks = [] } = chart;
  const to = Math.max(toSeconds, from + 1e-3);
  const x = (seconds: number): number => ((seconds - from) / (to - from)) * AREA_WIDTH;
  const xTicks = timeTicks(from, to).map((tick) => ({ at: x(tick), text: formatSeconds(tick) }));
  const nodes: SvgNode[] = [];
  let y = 0;
  for (const panel of panels) {
    nodes.push(label(panel.title, 2, y + 13, { class: 'chart-text chart-heading' }));
    y += HEADING_HEIGHT;
    if (panel === panels[0] && bands.length > 0) {
      nodes.push(...bandStrip(bands, y, x));
      y += STRIP_HEIGHT;
    }
    const step = chart.timesAt === 'middle' ? 'middle' : 'before';
    nodes.push(...panelNodes(panel, y, chart.atSeconds.map(x), xTicks, bands, marks, x, step));
    y += panel.height + (panel === panels.at(-1) ? 0 : 6);
  }
  return chartFrame(y + AXIS_HEIGHT, chart.description, [...nodes, ...xLabels(y, xTicks)]);
}

function panelNodes(
  panel: TimePanel,
  top: number,
  xs: readonly number[],
  xTicks: readonly { at: number; text: string }[],
  bands: readonly Band[],
  marks: readonly number[],
  x: (seconds: number) => number,
  step: Step,
): SvgNode[] {
  const { height, series, limits = [] } = panel;
  const rows = panel.kind === 'areas' ? stack(series) : series.map(({ values }) => values);
  const highest = Math.max(0, ...rows.flat().map((value) => value ?? 0), ...limits.map(({ value }) => value));
  const hasData = series.some(({ values }) => values.some((value) => value !== null));
  const most = highest === 0 ? 1 : Math.max(highest * HEADROOM, topWithLimits(limits, height));
  const y = (value: number): number => height - (value / most) * height;
  // Zeros alone give no scale: only the line of 0 is labelled.
  const yTicks = (highest > 0 ? ticksBelow(most, height) : hasData ? [0] : []).map((tick) => ({
    at: y(tick),
    text: formatTick(tick),
  }));
  const pointsOf = (index: number): Point[] =>
    xs.map((at, i) => {
      const value = rows[index]?.[i] ?? null;
      const below = index === 0 ? 0 : (rows[index - 1]?.[i] ?? 0);
      return { x: at, y: value === null ? null : y(value), base: y(below) };
    });
  const drawn = series.map((each, index) =>
    seriesNode(each, panel.kind === 'steps' ? step : undefined, panel.kind, pointsOf(index), height),
  );
  return [
    plotArea(top, height, [
      ...bandAreas(bands, height, x),
      grid(height, yTicks, xTicks),
      ...marks.map((seconds) =>
        svg('path', { ...lineAttributes('target', 'dotted', 1.5), d: `M${round(x(seconds))} 0V${height}` }),
      ),
      // The first series of a panel with lines is the most important one: it is drawn last.
      ...(panel.kind === 'areas' ? drawn : drawn.toReversed()),
      ...limits.map(({ value }) =>
        svg('path', { ...lineAttributes('limit', 'dashed', 1.25), d: `M0 ${round(y(value))}H${AREA_WIDTH}` }),
      ),
    ]),
    ...yLabels(top, yTicks),
    ...limitLabels(limits, top, y),
    ...(hasData
      ? []
      : [
          label('no data', percent(AREA_WIDTH / 2), top + height / 2 + 4, {
            class: 'chart-text',
            'text-anchor': 'middle',
          }),
        ]),
  ];
}

/** Top of a scale that leaves room for the label of the highest limit above its line. */
export function topWithLimits(limits: readonly Limit[], height: number): number {
  return Math.max(0, ...limits.map(({ value }) => value)) / (1 - (LABEL_HEIGHT + 4) / height);
}

/** Values with a label: at least one, and none so high that its label would cover the heading. */
function ticksBelow(most: number, height: number): number[] {
  const highest = most * (1 - LABEL_HEIGHT / height);
  const least = Math.max(1, Math.floor(height / PIXELS_PER_TICK));
  for (let count = least; count < least + MORE_TICKS; count++) {
    const ticks = valueTicks(most, count).filter((tick) => tick < highest);
    if (ticks.length > 0) return ticks;
  }
  return [];
}

/** Labels above their lines, at the right edge; moved where they would cover each other or leave the area. */
export function limitLabels(limits: readonly Limit[], top: number, y: (value: number) => number): SvgNode[] {
  const sorted = limits.toSorted((a, b) => a.value - b.value);
  const places: number[] = [];
  for (const { value } of sorted)
    places.push(Math.min(y(value) - 4, (places.at(-1) ?? Number.POSITIVE_INFINITY) - LABEL_HEIGHT - 1));
  let highest = LABEL_HEIGHT - 1;
  for (let index = places.length - 1; index >= 0; index--) {
    places[index] = Math.max(places[index]!, highest);
    highest = places[index]! + LABEL_HEIGHT + 1;
  }
  return sorted.map((limit, index) =>
    label(limit.label, '99.8%', top + places[index]!, {
      class: 'chart-text chart-limit-text',
      'text-anchor': 'end',
      fill: PALETTE.limit,
    }),
  );
}

function bandAreas(bands: readonly Band[], height: number, x: (seconds: number) => number): SvgNode[] {
  return bands.map(({ fromSeconds, toSeconds }, index) =>
    svg('rect', {
      class: 'chart-band',
      x: round(x(fromSeconds)),
      y: 0,
      width: round(x(toSeconds) - x(fromSeconds)),
      height,
      fill: '#1a1b1e',
      'fill-opacity': index % 2 === 0 ? 0.035 : 0,
    }),
  );
}

/** The stages by name; a label stands where its stage is wide enough for it. */
function bandStrip(bands: readonly Band[], top: number, x: (seconds: number) => number): SvgNode[] {
  const labels = bands.flatMap((band) => {
    const [from, to] = [x(band.fromSeconds), x(band.toSeconds)];
    const room = classOfRoom(band.label, to - from);
    return room === undefined
      ? []
      : label(band.label, percent((from + to) / 2), top + STRIP_HEIGHT - 4, {
          class: `chart-text chart-band-text ${room}`.trimEnd(),
          'text-anchor': 'middle',
        });
  });
  return [plotArea(top, STRIP_HEIGHT, bandAreas(bands, STRIP_HEIGHT, x)), ...labels];
}

function seriesNode(
  series: TimeSeries,
  step: Step | undefined,
  kind: TimePanel['kind'],
  points: readonly Point[],
  height: number,
): SvgNode {
  const { name, hue, stroke = 'solid' } = series;
  const lone = dotsPath(points.filter((_, index) => isLone(points, index)));
  const filled = kind === 'areas' || (kind === 'steps' && stroke === 'solid');
  return svg('g', { class: `chart-series hue-${hue}`, 'data-series': name }, [
    ...(filled
      ? [
          svg('path', {
            class: 'chart-fill',
            fill: PALETTE[hue],
            'fill-opacity': kind === 'areas' ? 0.3 : 0.14,
            d: areaPath(points, height, step),
          }),
        ]
      : []),
    svg('path', { ...lineAttributes(hue, stroke), d: linePath(points, step) }),
    ...(lone === '' ? [] : [svg('path', { ...lineAttributes(hue, 'solid', LONE_DOT), d: lone })]),
  ]);
}

/**
 * Cumulative sums from the first series up. Null where a series above the first is zero and both neighbouring values are too:
 * its line would cover the one below.
 */
function stack(series: readonly TimeSeries[]): (number | null)[][] {
  const sums = (series[0]?.values ?? []).map(() => 0);
  return series.map(({ values }, level) =>
    values.map((value, index) => {
      sums[index] = (sums[index] ?? 0) + (value ?? 0);
      const around = [values[index - 1], value, values[index + 1]];
      return level > 0 && around.every((each) => (each ?? 0) === 0) ? null : (sums[index] ?? 0);
    }),
  );
}
