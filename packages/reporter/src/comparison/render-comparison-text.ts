import {
  METRICS,
  type ComparedRun,
  type Comparison,
  type Finding,
  type OperationComparison,
} from '@jarvis-load/compare';
import { formatCount } from '@jarvis-load/engine/result';
import { defuseWorkflowCommands, escapeTerminal } from '../escape/terminal.ts';
import { formatDuration, formatTimestamp } from '../format/time.ts';
import { bullet, footnotes, INDENT, section, type TextContext } from '../text/context.ts';
import { createPaint, type Style } from '../text/paint.ts';
import { textTable, type TextCell, type TextColumn, type TextRow } from '../text/text-table.ts';
import type { TextOptions } from '../text/render-text.ts';
import { VERDICT_WORDS } from '../view/status.ts';
import { operationNames } from './operation-names.ts';
import {
  changeSentence,
  FINDING_SIGNS,
  findingCell,
  headline,
  LEGEND,
  METRIC_WORDS,
  methodSentence,
  OF_GOOD,
  rowsWith,
} from './words.ts';

const LEAST_WIDTH = 60;
const MOST_WIDTH = 120;
/** Most changed figures in words. */
const MOST_SENTENCES = 12;

const STYLES: Readonly<Record<Finding, Style>> = {
  worse: 'red',
  better: 'green',
  'no-difference': 'green',
  'cannot-tell': 'yellow',
};

const COLUMNS: readonly TextColumn[] = [
  { title: '', align: 'left', shrinkTo: 14 },
  ...METRICS.map((metric) => ({ title: METRIC_WORDS[metric], align: 'left' as const })),
];

/** A comparison for a terminal, starting with its finding. @param options `color` and `width`; the others do not count */
export function renderComparisonText(comparison: Comparison, options: TextOptions = {}): string {
  const width = Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, options.width ?? 100));
  const context: TextContext = { paint: createPaint(options.color ?? false), width };
  const { finding, total, operations, obstacles, notes } = comparison;
  const mark = `${FINDING_SIGNS[finding]} COMPARISON`;
  const changed = [...rowsWith(comparison, 'worse'), ...rowsWith(comparison, 'better')];
  const hidden = changed.length - MOST_SENTENCES;
  const nameOf = operationNames(operations);
  const lines = [
    '',
    `${INDENT}${context.paint(mark, 'bold', STYLES[finding])}  ${escapeTerminal(headline(comparison))}`,
    ...sideLines(context, 'base', comparison.base),
    ...sideLines(context, 'new', comparison.new),
    ...changed.slice(0, MOST_SENTENCES).flatMap(({ name, row }) =>
      bullet(context, ` ${FINDING_SIGNS[row.finding]}`, escapeTerminal(changeSentence(name, row)), {
        markStyle: STYLES[row.finding],
      }),
    ),
    ...(hidden > 0 ? bullet(context, ' -', `and ${formatCount(hidden)} more, in the table`) : []),
    ...section(context, 'OPERATIONS', [
      ...textTable(
        context,
        COLUMNS,
        [...operations, total].map((operation) => tableRow(nameOf(operation), operation)),
      ),
      ...footnotes(context, [
        LEGEND,
        OF_GOOD,
        methodSentence(comparison),
        ...reasonsOf(comparison).map(escapeTerminal),
      ]),
    ]),
    ...section(
      context,
      'NOTES',
      [...obstacles.map(({ text }) => `compared by force: ${text}`), ...notes].flatMap((text) =>
        bullet(context, ' -', escapeTerminal(text)),
      ),
    ),
  ];
  return `${lines.map(defuseWorkflowCommands).join('\n')}\n`;
}

function sideLines(context: TextContext, name: string, runs: readonly ComparedRun[]): string[] {
  const requests = runs.reduce((sum, run) => sum + run.requests, 0);
  const [first] = runs;
  if (first === undefined) return [];
  const tags = Object.entries(first.tags).map(([tag, value]) => `${tag}=${value}`);
  const facts =
    runs.length === 1
      ? [first.id, formatTimestamp(first.startedAt), formatDuration(first.durationMs)]
      : [`${runs.length} runs`, `${first.id} to ${runs.at(-1)!.id}`];
  const text = [
    ...facts,
    first.target,
    runs.length === 1 ? VERDICT_WORDS[first.verdict] : '',
    `${formatCount(requests)} requests`,
    ...tags,
  ].filter((part) => part !== '');
  return bullet(context, `${name.padEnd(4)} `, escapeTerminal(text.join(' · ')), { style: 'dim' });
}

function tableRow(name: string, operation: OperationComparison): TextRow {
  return [
    escapeTerminal(name),
    ...operation.metrics.map((row): TextCell => {
      const style = row.finding === 'no-difference' ? [] : [STYLES[row.finding]];
      return { text: findingCell(row), styles: style };
    }),
  ];
}

/** Why figures cannot be told, each reason once. */
export function reasonsOf({ total, operations }: Comparison): string[] {
  const reasons = new Map<string, Set<string>>();
  for (const { metrics } of [total, ...operations]) {
    for (const { metric, reason, finding } of metrics) {
      if (reason === null || finding !== 'cannot-tell') continue;
      const metricsOf = reasons.get(reason) ?? new Set();
      reasons.set(reason, metricsOf.add(METRIC_WORDS[metric]));
    }
  }
  return [...reasons].map(([reason, metrics]) => `? ${[...metrics].join(', ')}: ${reason}.`);
}
