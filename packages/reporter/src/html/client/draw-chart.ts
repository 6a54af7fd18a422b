import uPlot from 'uplot';
import type { ChartData, ChartSeries } from '../chart-data.ts';
import { followCursor } from './chart-cursor.ts';
import { drawLimits } from './chart-limits.ts';
import { colorOf } from './palette.ts';

const HEIGHT = 240;
const DASHES = { solid: [], dashed: [7, 4], dotted: [2, 3] } as const;
/** Possible distances of ticks on the time axis, in seconds: whole seconds, minutes, hours. */
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];
/** Synchronizes the cursor of all charts. */
const sync = uPlot.sync('run');

/** Draws a chart into its element; the returned function redraws it in the current colours. */
export function drawChart(place: HTMLElement, chart: ChartData): () => void {
  const rows = chart.kind === 'areas' ? stack(chart.series) : chart.series.map(({ values }) => [...values]);
  const highest = Math.max(
    0,
    ...rows.flat().filter((value) => value !== null),
    ...chart.limits.map(({ value }) => value),
  );
  const plot = new uPlot(
    {
      width: Math.max(place.parentElement?.clientWidth ?? 0, 240) - 32,
      height: HEIGHT,
      padding: [12, 18, 0, 0],
      legend: { show: false },
      cursor: { sync: { key: sync.key }, y: false, drag: { x: false, y: false }, points: { size: 7 } },
      scales: {
        x: { time: false, range: () => [0, Math.max(chart.endSeconds, chart.xSeconds.at(-1) ?? 0, 1)] },
        y: { range: () => [0, niceTop(highest)] },
      },
      axes: [
        { ...axis(formatSeconds, { size: 28, space: 56 }), incrs: TIME_STEPS },
        axis(formatValue, { size: 52, space: 36 }),
      ],
      series: [{}, ...chart.series.map((series) => line(series, chart))],
      bands: chart.kind === 'areas' ? bands(chart.series) : [],
      hooks: { draw: [(drawn) => drawLimits(drawn, chart.limits)] },
    },
    [[...chart.xSeconds], ...rows] as uPlot.AlignedData,
    place,
  );
  followCursor(plot, place, chart);
  new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: HEIGHT })).observe(place);
  return () => plot.redraw(false);
}

function line(series: ChartSeries, chart: ChartData): uPlot.Series {
  const { stepped } = uPlot.paths;
  return {
    label: series.label,
    stroke: () => colorOf(`chart-${series.hue}`),
    width: chart.kind === 'areas' ? 1.25 : 1.75,
    dash: [...DASHES[series.stroke]],
    points: { show: chart.xSeconds.length <= 8 },
    ...(chart.kind === 'areas' && series === chart.series[0]
      ? { fill: () => colorOf(`chart-${series.hue}`, 0.22) }
      : {}),
    ...(chart.kind === 'steps' && stepped !== undefined ? { paths: stepped({ align: -1 }) } : {}),
  };
}

/** Fills each area above the first down to the one below it. */
function bands(series: readonly ChartSeries[]): uPlot.Band[] {
  return series.slice(1).map(({ hue }, index) => ({
    series: [index + 2, index + 1],
    fill: () => colorOf(`chart-${hue}`, 0.4),
  }));
}

/**
 * Cumulative sums from the bottom series up. Null where a series is zero, because its line would cover the one below.
 */
function stack(series: readonly ChartSeries[]): (number | null)[][] {
  const sums = (series[0]?.values ?? []).map(() => 0);
  return series.map(({ values }, level) =>
    values.map((value, index) => {
      sums[index] = (sums[index] ?? 0) + (value ?? 0);
      const around = [values[index - 1], value, values[index + 1]];
      return level > 0 && around.every((each) => (each ?? 0) === 0) ? null : (sums[index] ?? 0);
    }),
  );
}

function axis(format: (value: number) => string, room: { size: number; space: number }): uPlot.Axis {
  return {
    stroke: () => colorOf('ink-soft'),
    font: `12px ${getComputedStyle(document.body).fontFamily}`,
    grid: { stroke: () => colorOf('chart-grid'), width: 1 },
    ticks: { show: false },
    gap: 6,
    ...room,
    values: (_plot, splits) => splits.map(format),
  };
}

function niceTop(highest: number): number {
  return highest === 0 ? 1 : highest * 1.08;
}

function formatSeconds(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

function formatValue(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 2 });
}
