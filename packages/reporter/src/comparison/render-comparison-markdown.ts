import { METRICS, type ComparedRun, type Comparison, type OperationComparison } from '@jarvis-load/compare';
import { formatCount } from '@jarvis-load/engine/result';
import { defuseWorkflowCommands } from '../escape/terminal.ts';
import { escapeMarkdown } from '../escape/markdown.ts';
import { markdownTable } from '../markdown/markdown-table.ts';
import { formatDuration, formatTimestamp } from '../format/time.ts';
import { VERDICT_WORDS } from '../view/status.ts';
import { reasonsOf } from './render-comparison-text.ts';
import { operationNames } from './operation-names.ts';
import {
  changeSentence,
  FINDING_SIGNS,
  findingCell,
  formatInterval,
  formatSides,
  headline,
  LEGEND,
  METRIC_WORDS,
  methodSentence,
  OF_GOOD,
  rowsWith,
} from './words.ts';

/**
 * A comparison in GitHub's Markdown, for a job summary or a comment: finding, table, all intervals folded. Unlike in
 * `renderMarkdown` no list or table is cut: a caller with a limit of size keeps to it (`tellGithub` of the command line).
 */
export function renderComparisonMarkdown(comparison: Comparison): string {
  const { finding, total, operations, obstacles, notes } = comparison;
  const rows = [...operations, total];
  const nameOf = operationNames(operations);
  const title = (operation: OperationComparison): string => {
    const name = escapeMarkdown(nameOf(operation));
    return operation === total ? `**${name}**` : name;
  };
  const remarks = [...obstacles.map(({ text }) => `Compared by force: ${text}`), ...notes];
  const changed = [...rowsWith(comparison, 'worse'), ...rowsWith(comparison, 'better')];
  const lines = [
    `### ${FINDING_SIGNS[finding]} Comparison: ${escapeMarkdown(headline(comparison))}`,
    '',
    ...changed.map(({ name, row }) => `- ${escapeMarkdown(changeSentence(name, row))}`),
    ...(changed.length > 0 ? [''] : []),
    markdownTable(
      [{ title: '' }, ...METRICS.map((metric) => ({ title: METRIC_WORDS[metric] }))],
      rows.map((operation) => [title(operation), ...operation.metrics.map(findingCell)]),
    ),
    '',
    `${LEGEND} ${OF_GOOD}`,
    '',
    '<details><summary>Figures and intervals</summary>',
    '',
    markdownTable(
      ['', 'figure', 'base → new', 'change', 'why not'].map((name) => ({ title: name })),
      rows.flatMap((operation) =>
        [...operation.metrics, ...operation.further].map((row) => [
          title(operation),
          METRIC_WORDS[row.metric],
          formatSides(row),
          formatInterval(row),
          escapeMarkdown(row.reason ?? ''),
        ]),
      ),
    ),
    '',
    `${escapeMarkdown(methodSentence(comparison))} ${reasonsOf(comparison).map(escapeMarkdown).join(' ')}`.trim(),
    '',
    '</details>',
    '',
    `- base: ${side(comparison.base)}`,
    `- new: ${side(comparison.new)}`,
    ...remarks.map((text) => `- ${escapeMarkdown(text)}`),
  ];
  return `${lines.map(defuseWorkflowCommands).join('\n')}\n`;
}

function side(runs: readonly ComparedRun[]): string {
  return runs
    .map(({ id, startedAt, durationMs, requests, target, verdict, tags }) =>
      escapeMarkdown(
        [
          id,
          formatTimestamp(startedAt),
          formatDuration(durationMs),
          target,
          VERDICT_WORDS[verdict],
          `${formatCount(requests)} requests`,
          ...Object.entries(tags).map(([tag, value]) => `${tag}=${value}`),
        ].join(' · '),
      ),
    )
    .join('; ');
}
