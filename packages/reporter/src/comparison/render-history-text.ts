import { DEFAULT_TOLERANCES, type Change, type Tolerance } from '@jarvis-load/compare';
import {
  formatCount,
  formatMeasure,
  formatNumber,
  formatShare,
  type RunResult,
} from '@jarvis-load/engine/result';
import { defuseWorkflowCommands, escapeTerminal } from '../escape/terminal.ts';
import { formatTimestamp } from '../format/time.ts';
import { bullet, section, type TextContext } from '../text/context.ts';
import { createPaint } from '../text/paint.ts';
import type { TextOptions } from '../text/render-text.ts';
import { textTable, type TextColumn } from '../text/text-table.ts';
import { VERDICT_WORDS } from '../view/status.ts';
import { busyRuns } from './busy-runs.ts';
import { operationNames } from './operation-names.ts';
import { FINDING_SIGNS, METRIC_UNITS, METRIC_WORDS } from './words.ts';

const COLUMNS: readonly TextColumn[] = [
  { title: 'run', align: 'left' },
  { title: 'started', align: 'left', shed: 2 },
  { title: 'verdict', align: 'left' },
  { title: 'requests', align: 'right', shed: 1 },
  { title: '/s', align: 'right' },
  { title: 'fail', align: 'right' },
  { title: 'p50', align: 'right' },
  { title: 'p95', align: 'right' },
  { title: 'p99', align: 'right' },
  { title: '', align: 'left' },
];

/**
 * Runs of the same load over time, for a terminal, with lasting changes.
 * @param runs oldest first
 * @param changes found in these runs
 * @param notes what was left out
 * @param options `color` and `width`; the others do not count
 * @param tolerance of p50, with which the changes were found
 */
export function renderHistoryText(
  runs: readonly RunResult[],
  changes: readonly Change[],
  notes: readonly string[],
  options: TextOptions = {},
  tolerance: Tolerance = DEFAULT_TOLERANCES.p50,
): string {
  const width = Math.min(120, Math.max(60, options.width ?? 100));
  const context: TextContext = { paint: createPaint(options.color ?? false), width };
  const nameOf = operationNames(runs.flatMap(({ operations }) => operations));
  const busy = busyRuns(runs, nameOf, tolerance);
  const rows = runs.map((result, index) => {
    const { run, verdict, totals } = result;
    const { percentiles } = totals.responseTimeOk;
    const signs = new Set(
      changes.filter(({ at }) => at === index).map(({ finding }) => FINDING_SIGNS[finding]),
    );
    return [
      escapeTerminal(run.id),
      escapeTerminal(formatTimestamp(run.startedAt)),
      `${VERDICT_WORDS[verdict.status]}${busy.isBusy(result) ? ', busy' : ''}`,
      formatCount(totals.requests),
      formatNumber(totals.requestsPerSecond),
      formatShare(totals.failureShare),
      formatNumber(percentiles.p50),
      formatNumber(percentiles.p95),
      formatNumber(percentiles.p99),
      [...signs].join(' '),
    ];
  });
  const changed = changes.map((change) => {
    const { metric, before, after, finding, since } = change;
    const unit = METRIC_UNITS[metric];
    const figures = `${formatMeasure(before, unit)} → ${formatMeasure(after, unit)}`;
    const text = `${nameOf(change)} ${METRIC_WORDS[metric]} ${finding} since ${since}: ${figures} (medians)`;
    return { sign: FINDING_SIGNS[finding], text: escapeTerminal(text) };
  });
  const lines = [
    ...section(context, 'HISTORY', textTable(context, COLUMNS, rows), 'response times of good answers in ms'),
    ...section(
      context,
      'LASTING CHANGES',
      changed.length === 0
        ? bullet(
            context,
            ' -',
            `none found; with these figures a change needs at least ${busy.least} runs, about half of them before it`,
          )
        : changed.flatMap(({ sign, text }) => bullet(context, ` ${sign}`, text)),
    ),
    ...section(
      context,
      'NOTES',
      [...busy.remarks, ...notes].flatMap((note) => bullet(context, ' -', escapeTerminal(note))),
    ),
  ];
  return `${lines.map(defuseWorkflowCommands).join('\n')}\n`;
}
