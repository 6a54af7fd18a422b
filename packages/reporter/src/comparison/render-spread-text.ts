import { METRICS, type FigureSpread, type OperationSpread } from '@jarvis-load/compare';
import { formatMeasure, formatNumber, formatShare } from '@jarvis-load/engine/result';
import { defuseWorkflowCommands, escapeTerminal } from '../escape/terminal.ts';
import { footnotes, section, type TextContext } from '../text/context.ts';
import { createPaint } from '../text/paint.ts';
import type { TextOptions } from '../text/render-text.ts';
import { textTable, type TextColumn, type TextRow } from '../text/text-table.ts';
import { LOW_SAMPLES_MARK, LOW_SAMPLES_SENTENCE } from '../view/status.ts';
import { operationNames } from './operation-names.ts';
import { METRIC_UNITS, METRIC_WORDS } from './words.ts';

const COLUMNS: readonly TextColumn[] = [
  { title: '', align: 'left', shrinkTo: 14 },
  { title: 'figure', align: 'left' },
  { title: 'mean', align: 'right' },
  { title: '95% interval', align: 'right' },
  { title: 'least', align: 'right', shed: 1 },
  { title: 'most', align: 'right', shed: 1 },
];

/**
 * How much the figures of repeated runs differ, for a terminal.
 * @param spread as `spreadOfRuns` returns it: the totals first
 * @param runs how many there were
 * @param options `color` and `width`; the others do not count
 */
export function renderSpreadText(
  spread: readonly OperationSpread[],
  runs: number,
  options: TextOptions = {},
): string {
  const width = Math.min(120, Math.max(60, options.width ?? 100));
  const context: TextContext = { paint: createPaint(options.color ?? false), width };
  const [total, ...operations] = spread;
  const nameOf = operationNames(operations);
  const rows = [...operations, ...(total === undefined ? [] : [total])].flatMap((each) =>
    rowsOf(escapeTerminal(nameOf(each)), each),
  );
  const isLow = spread.some(({ figures }) => figures.some(({ lowSamples }) => lowSamples));
  const lines = section(
    context,
    'REPEATED RUNS',
    [
      ...textTable(context, COLUMNS, rows),
      ...footnotes(context, [
        "The interval of the mean is Student's t over the runs: a run is one observation.",
        'p50, p95 and p99 are response times of good answers.',
        ...(isLow ? [LOW_SAMPLES_SENTENCE] : []),
      ]),
    ],
    `${runs} runs`,
  );
  return `${lines.map(defuseWorkflowCommands).join('\n')}\n`;
}

function rowsOf(title: string, { figures }: OperationSpread): TextRow[] {
  return METRICS.flatMap((metric, index) => {
    const figure = figures.find((each) => each.metric === metric);
    if (figure === undefined) return [];
    const show = (value: number | null): string => formatMeasure(value, METRIC_UNITS[metric]);
    const mark = figure.lowSamples ? LOW_SAMPLES_MARK : '';
    return [
      [
        index > 0 ? '' : title,
        METRIC_WORDS[metric],
        `${mark}${show(figure.mean)}`,
        intervalText(figure),
        show(figure.least),
        show(figure.most),
      ],
    ];
  });
}

function intervalText({ metric, interval }: FigureSpread): string {
  const show = metric === 'errors' ? formatShare : formatNumber;
  return interval === null ? '' : interval.map(show).join(' to ');
}
