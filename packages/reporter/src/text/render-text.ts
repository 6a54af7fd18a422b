import type { RunResult } from '@jarvis-load/engine/result';
import { defuseWorkflowCommands } from '../escape/terminal.ts';
import { checksSection } from './checks-section.ts';
import type { TextContext } from './context.ts';
import { errorsSection } from './errors-section.ts';
import { footerSection } from './footer-section.ts';
import { healthSection, notesSection } from './notes-section.ts';
import { objectivesSection } from './objectives-section.ts';
import { operationsSection } from './operations-section.ts';
import { createPaint } from './paint.ts';
import { thresholdsSection } from './thresholds-section.ts';
import { verdictSection } from './verdict-section.ts';

/** How {@link renderText} draws. */
export interface TextOptions {
  /** ANSI colours. @default false */
  readonly color?: boolean;
  /** Columns of the terminal; at least 60 are assumed, at most 120 used. @default 100 */
  readonly width?: number;
  /** Paths of the written reports, shown as they are. @default [] */
  readonly reports?: readonly string[];
}

const LEAST_WIDTH = 60;
const MOST_WIDTH = 120;

/**
 * The summary at the end of a run, for a terminal: the verdict first. Text of the target is stripped of control
 * characters and cannot act as a workflow command.
 */
export function renderText(result: RunResult, options: TextOptions = {}): string {
  const width = Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, options.width ?? 100));
  const context: TextContext = { paint: createPaint(options.color ?? false), width };
  const lines = [
    ...verdictSection(result, context),
    ...thresholdsSection(result, context),
    ...objectivesSection(result, context),
    ...operationsSection(result, context),
    ...checksSection(result, context),
    ...errorsSection(result, context),
    ...notesSection(result, context),
    ...healthSection(result, context),
    ...footerSection(result, context, options.reports ?? []),
  ];
  return `${lines.map(defuseWorkflowCommands).join('\n')}\n`;
}
