import type { CapacityReport } from '@jarvis-load/capacity';
import { defuseWorkflowCommands, escapeTerminal } from '../escape/terminal.ts';
import { bullet, footnotes, section, type TextContext } from '../text/context.ts';
import { createPaint } from '../text/paint.ts';
import type { TextOptions } from '../text/render-text.ts';
import { textTable, type TextColumn } from '../text/text-table.ts';
import { answerSentences, furtherSentences } from './capacity-sentences.ts';
import { hasStreams, stepRow } from './step-rows.ts';

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

const STREAM_COLUMNS: readonly TextColumn[] = [
  { title: 'ttft p95', align: 'right' },
  { title: 'tokens/s', align: 'right' },
  { title: 'good', align: 'right' },
];

/**
 * The answer of a capacity search, or the curve of a sweep, for a terminal.
 * @param options `color` and `width`; the others do not count
 */
export function renderCapacityText(report: CapacityReport, options: TextOptions = {}): string {
  const width = Math.min(120, Math.max(60, options.width ?? 100));
  const context: TextContext = { paint: createPaint(options.color ?? false), width };
  const steps = report.rounds.flatMap((round) => round.steps);
  const failed = steps.filter(({ reasons }) => reasons.length > 0);
  const streams = hasStreams(report);
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
        streams ? [...COLUMNS, ...STREAM_COLUMNS] : COLUMNS,
        steps.map((step) => {
          const row = stepRow(step, report.unit);
          const { level, purpose, status, good, errors, p50, p99, inFlight } = row;
          const ofStreams = streams ? [row.ttft, row.tokens, row.goodput] : [];
          return [row.step, level, purpose, status, good, errors, p50, p99, inFlight, ...ofStreams];
        }),
      ),
      ...footnotes(context, [
        'Response times of all answers in ms, from the intended start.',
        ...(streams
          ? [
              'ttft p95: to the first content of a stream; good: streams within their objectives, of those planned.',
            ]
          : []),
      ]),
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
