/**
 * Charts as the partial `chart.ejs` takes them.
 *
 * Must hold:
 * - The id of a chart is unique in its page.
 * - Titles, captions and names are unescaped, as the template escapes them; `markup` and `table` are inserted as they are.
 * - Of a chart over time, row k of the table and position k are the same time, and column k + 1 is series k of the legend:
 *   `client/time-plot.ts` and `client/chart-cursor.ts` find them by index. All charts over time of a page have the same times and
 *   length (`timesOf`): they share one cursor and one zoom.
 */
import {
  formatSeconds,
  toMarkup,
  type Hue,
  type Stroke,
  type SvgNode,
  type TimeChart,
  type TimeSeries,
} from '@jarvis-load/charts';
import { formatNumber } from '@jarvis-load/engine/result';
import { escapeHtml } from '../escape/html.ts';

/** A chart of the page: drawn, with its legend and the numbers behind it. */
export interface ChartView {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  /** SVG, escaped. */
  readonly markup: string;
  readonly legend: readonly LegendEntry[];
  /** The numbers behind it, as an HTML table; absent where they are in a table of the section. */
  readonly table?: string;
  /** Positions of the rows of the table in the plot area, of `AREA_WIDTH` (1000) units, for the cursor; empty without one. */
  readonly positions: string;
  /** Times of the axis in seconds, for zooming; absent where it is no time axis. */
  readonly range?: string;
  readonly wide?: boolean;
}

/** A line of the legend. */
export interface LegendEntry {
  readonly name: string;
  readonly hue: Hue;
  readonly stroke: Stroke;
}

interface Described {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly wide?: boolean;
}

/** A chart without a cursor. */
export function stillChart(
  described: Described,
  node: SvgNode,
  legend: readonly LegendEntry[] = [],
): ChartView {
  return { ...described, markup: toMarkup(node), legend, positions: '' };
}

/** A chart over time, with a row per time in its table. */
export function timeChartView(described: Described, chart: TimeChart, node: SvgNode): ChartView {
  const series = chart.panels.flatMap((panel) => panel.series);
  const to = Math.max(chart.toSeconds, 1e-3);
  return {
    ...described,
    markup: toMarkup(node),
    legend: series.map(({ name, hue, stroke = 'solid' }) => ({ name, hue, stroke })),
    table: numbersTable(described.title, chart.atSeconds, series),
    positions: chart.atSeconds.map((seconds) => Math.round((seconds / to) * 1000)).join(' '),
    range: `0 ${to}`,
  };
}

/**
 * The numbers behind a chart. There is one per operation with up to 300 rows, so closing tags that HTML lets one omit
 * are omitted.
 */
function numbersTable(title: string, atSeconds: readonly number[], series: readonly TimeSeries[]): string {
  const head = series.map(({ name }) => `<th scope="col" class="number">${escapeHtml(name)}`).join('');
  const rows = atSeconds.map((seconds, index) => {
    const cells = series.map(({ values }) => `<td>${formatNumber(values[index] ?? null)}`).join('');
    return `<tr><th scope="row">${formatSeconds(seconds)}${cells}`;
  });
  return `<table class="numbers"><caption class="unseen">${escapeHtml(title)}: the numbers behind the chart</caption><thead><tr><th scope="col">At${head}</thead><tbody>${rows.join('')}</tbody></table>`;
}
