/**
 * The summary of a run for a terminal.
 *
 * Must hold: each section escapes its texts (`escapeTerminal`); workflow commands of pipelines are disabled here, in the finished
 * lines. A width outside 60 to 120 columns counts as the nearer of them.
 */
import type { RunResult } from '@jarvis-load/engine/result';
import { defuseWorkflowCommands, escapeTerminal } from '../escape/terminal.ts';
import { checksSection } from './checks-section.ts';
import type { TextContext } from './context.ts';
import { errorsSection } from './errors-section.ts';
import { footerSection } from './footer-section.ts';
import { k6Sections } from './k6-sections.ts';
import { healthSection, notesSection } from './notes-section.ts';
import { ownMetricsSections } from './metrics-section.ts';
import { objectivesSection } from './objectives-section.ts';
import { operationsSection } from './operations-section.ts';
import { createPaint } from './paint.ts';
import { streamsSection } from './streams-section.ts';
import { tagsSection } from './tags-section.ts';
import { tracesSection } from './traces-section.ts';
import { thresholdsSection } from './thresholds-section.ts';
import { bullet, INDENT } from './context.ts';
import { verdictLines, verdictSection } from './verdict-section.ts';

/** Options of {@link renderText}. */
export interface TextOptions {
  /** ANSI colours. @default false */
  readonly color?: boolean;
  /** Columns of the terminal, clamped to 60 to 120. @default 100 */
  readonly width?: number;
  /** Paths of the written reports, shown unchanged. @default [] */
  readonly reports?: readonly string[];
  /** k6: operations and all metrics with k6's names and columns avg, min, med, max, p(90), p(95). @default ours */
  readonly columns?: 'k6';
}

const DEFAULT_WIDTH = 100;
const LEAST_WIDTH = 60;
const MOST_WIDTH = 120;

/** The summary at the end of a run, for a terminal, starting with the verdict. */
export function renderText(result: RunResult, options: TextOptions = {}): string {
  const context = contextOf(options);
  const lines = [
    ...verdictSection(result, context),
    ...thresholdsSection(result, context),
    ...objectivesSection(result, context),
    ...(options.columns === 'k6' ? k6Sections(result, context) : operationsSection(result, context)),
    ...streamsSection(result, context),
    ...tagsSection(result, context),
    ...(options.columns === 'k6' ? [] : ownMetricsSections(result, context)),
    ...checksSection(result, context),
    ...errorsSection(result, context),
    ...tracesSection(result, context),
    ...notesSection(result, context),
    ...healthSection(result, context),
    ...footerSection(result, context, options.reports ?? []),
  ];
  return `${lines.map(defuseWorkflowCommands).join('\n')}\n`;
}

/**
 * The last lines in a terminal: the verdict, its reasons (at most five), and where the report is. A long summary has
 * scrolled its first lines away by then.
 *
 * @param report path of the report; undefined: none was written
 * @param options `remark`: a further reason of the exit code, such as a comparison
 */
export function renderClosing(
  result: RunResult,
  report: string | undefined,
  options: Pick<TextOptions, 'color' | 'width'> & { readonly remark?: string } = {},
): string {
  const context = contextOf(options);
  const lines = [
    '',
    ...verdictLines(result, context, []),
    ...(options.remark === undefined ? [] : bullet(context, ' -', escapeTerminal(options.remark))),
    ...(report === undefined ? [] : [`${INDENT}${escapeTerminal(report)}`]),
  ];
  return `${lines.map(defuseWorkflowCommands).join('\n')}\n`;
}

function contextOf({ color = false, width = DEFAULT_WIDTH }: TextOptions): TextContext {
  return { paint: createPaint(color), width: Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, width)) };
}
