import type { CapacityReport } from '@jarvis-load/capacity';
import { defuseWorkflowCommands, escapeTerminal } from '../escape/terminal.ts';
import { bullet, footnotes, section, type TextContext } from '../text/context.ts';
import { createPaint } from '../text/paint.ts';
import type { TextOptions } from '../text/render-text.ts';
import { textTable, type TextColumn } from '../text/text-table.ts';
import { answerSentences, furtherSentences } from './capacity-sentences.ts';
import { stepRow } from './step-rows.ts';

const COLUMNS: readonly TextColumn[] = [
  { title: 'step', align: 'left' },
  { title: 'load', align: 'right' },
  { title: 'for', align: 'left', shed: 2 },
  { title: '', align: 'left' },
  { title: 'ok/s', align: 'right' },
  { title: 'fail', align: 'right' },
  { title: 'p50', align: 'right', shed: 3 },
  { title: 'p99', align: 'right' },
  { title: 'in flight', align: 'right', shed: 1 },
];

/** The answer of a capacity search, or the curve of a sweep, for a terminal. */
export function renderCapacityText(report: CapacityReport, options: TextOptions = {}): string {
  const width = Math.min(120, Math.max(60, options.width ?? 100));
  const context: TextContext = { paint: createPaint(options.color ?? false), width };
  const steps = report.rounds.flatMap((round) => round.steps);
  const failed = steps.filter(({ reasons }) => reasons.length > 0);
  const lines = [
    ...section(
      context,
      report.mode === 'sweep' ? 'SWEEP' : 'CAPACITY',
      [...answerSentences(report), ...furtherSentences(report)].flatMap((text) =>
        bullet(context, ' -', escapeTerminal(text)),
      ),
    ),
    ...section(context, 'STEPS', [
      ...textTable(
        context,
        COLUMNS,
        steps.map((step) => {
          const row = stepRow(step, report.unit);
          const { level, purpose, status, good, errors, p50, p99, inFlight } = row;
          return [row.step, level, purpose, status, good, errors, p50, p99, inFlight];
        }),
      ),
      ...footnotes(context, ['Response times of all answers in ms, from the intended start.']),
    ]),
    ...section(
      context,
      'WHY',
      failed.flatMap((step) => {
        const row = stepRow(step, report.unit);
        return bullet(context, ` ${row.step}:`, escapeTerminal(`${row.level} ${row.status}: ${row.why}`));
      }),
    ),
  ];
  return `${lines.map(defuseWorkflowCommands).join('\n')}\n`;
}
