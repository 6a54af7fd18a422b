import { waterfallChart, type WaterfallRow } from '@jarvis-load/charts';
import { formatCount, formatNumber } from '@jarvis-load/engine/result';
import type { StreamStats } from '../../view/streams.ts';
import { stillChart, type ChartView, type LegendEntry } from '../chart-view.ts';

type Example = NonNullable<NonNullable<StreamStats['examples']>['median']>;

/** Rows of the table behind the chart; the document has all that is kept. */
const MOST_ROWS = 200;

/**
 * One answer near the median and the slowest one, with every chunk whose arrival is kept; nothing without an example. The table is
 * markup that the template inserts as it is: it holds numbers and constants, no text of the document.
 */
export function streamsWaterfall(operation: string, { examples }: StreamStats, id: string): ChartView[] {
  const shown = [
    ...(examples?.median === undefined ? [] : [{ name: 'Near the median', example: examples.median }]),
    ...(examples?.slowest === undefined ? [] : [{ name: 'The slowest', example: examples.slowest }]),
  ];
  if (shown.length === 0) return [];
  const rows = shown.map(({ name, example }): WaterfallRow => ({
    title: name,
    sentMs: example.sentMs,
    arrivalsMs: example.arrivalsMs,
    endMs: example.ttltMs,
  }));
  const chart = stillChart(
    {
      id,
      title: 'Two answers, chunk by chunk',
      caption: shown.map(({ name, example }) => `${name}: ${sentence(example)}.`).join(' '),
      wide: true,
    },
    waterfallChart({
      description: `Arrival of each chunk of ${shown.length} answers of ${operation}, in milliseconds from the intended start. The numbers are in the table below.`,
      rows,
    }),
    LEGEND,
  );
  return [{ ...chart, table: numbers(shown) }];
}

const LEGEND: readonly LegendEntry[] = [
  { name: 'waits to be sent', hue: 'rate-limited', stroke: 'solid' },
  { name: 'waits for the first chunk', hue: 'target', stroke: 'solid' },
  { name: 'a chunk', hue: 'p95', stroke: 'solid' },
  { name: 'longest gap, if it stands out', hue: 'limit', stroke: 'solid' },
];

function sentence({ startMs, arrivalsMs, ttltMs, parts, tokens, traceId }: Example): string {
  const longest = Math.max(0, ...arrivalsMs.slice(1).map((ms, index) => ms - arrivalsMs[index]!));
  const cut = parts - arrivalsMs.length;
  return [
    `at ${formatNumber(startMs / 1000)} s of the run`,
    `first chunk after ${formatNumber(arrivalsMs[0] ?? null)} ms`,
    `last after ${formatNumber(ttltMs)} ms`,
    `${formatCount(parts)} chunks`,
    `${formatNumber(tokens)} tokens`,
    `longest gap ${formatNumber(longest)} ms`,
    ...(cut > 0 ? [`the last ${formatCount(cut)} chunks were counted, their arrival is not kept`] : []),
    ...(traceId === undefined ? [] : [`trace ${traceId}`]),
  ].join(', ');
}

/** Closing tags that HTML lets one omit are omitted, as in the tables of other charts. */
function numbers(shown: readonly { readonly name: string; readonly example: Example }[]): string {
  const most = Math.max(...shown.map(({ example }) => example.arrivalsMs.length));
  const head = shown
    .map(({ name }) => `<th scope="col" class="number">${name}, ms<th scope="col" class="number">gap, ms`)
    .join('');
  const rows = Array.from({ length: Math.min(most, MOST_ROWS) }, (_, row) => {
    const cells = shown.map(({ example: { arrivalsMs } }) => {
      const at = arrivalsMs[row] ?? null;
      const before = row === 0 ? null : (arrivalsMs[row - 1] ?? null);
      return `<td>${formatNumber(at)}<td>${formatNumber(at === null || before === null ? null : at - before)}`;
    });
    return `<tr><th scope="row">${row + 1}${cells.join('')}`;
  });
  const cut =
    most > MOST_ROWS ? ` The first ${formatCount(MOST_ROWS)}; result.json has ${formatCount(most)}.` : '';
  return `<table class="numbers"><caption class="unseen">Arrival of each chunk after the intended start.${cut}</caption><thead><tr><th scope="col">Chunk${head}</thead><tbody>${rows.join('')}</tbody></table>`;
}
