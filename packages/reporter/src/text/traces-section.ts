import type { RunResult } from '@jarvis-load/engine/result';
import { escapeTerminal } from '../escape/terminal.ts';
import { slowestSentence, tracesSentence } from '../view/traces.ts';
import { footnotes, section, type TextContext } from './context.ts';

/** Most requests shown; the report lists all that are kept. */
const MOST_SHOWN = 5;

/** The slowest requests whose trace id is known. */
export function tracesSection(result: RunResult, context: TextContext): string[] {
  const slowest = result.traces?.slowest ?? [];
  const hidden = slowest.length - MOST_SHOWN;
  const lines = [
    ...slowest.slice(0, MOST_SHOWN).map((request) => escapeTerminal(slowestSentence(request))),
    ...(hidden > 0 ? [`${hidden} more are in the report`] : []),
  ];
  return section(context, 'SLOWEST TRACED REQUESTS', footnotes(context, lines), tracesSentence(result));
}
